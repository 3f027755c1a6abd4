"""SMS out and in through a real Kannel: what the network says about each, and words of any alphabet."""
import urllib.error
import urllib.request

import pytest
from messages import (
    OURS,
    left,
    messages,
    needs_kannel,
    open_sms,
    received,
    wait_for_received,
    wait_for_state,
    write_sms,
)

from dev.shell import wait_until
from dev.smsservers import SECRET

pytestmark = needs_kannel
FIVE_PARTS = "".join(f"Část {number:02}: příliš žluťoučký kůň úpěl ďábelské ódy. " for number in range(6)).strip()


@pytest.fixture(scope="module")
def sms(desk):
    yield from open_sms(desk, "e2e")


def test_out_delivered(desk, sms):
    item = write_sms(desk, "602 123 456 (Jana), 00421 912 123 456", "Technik dorazí v 9:00, děkujeme.")
    wait_for_state(desk, item, "delivered")
    assert left(sms, "Technik dorazí v 9:00, děkujeme.") == ["+420602123456", "+421912123456"]


@pytest.mark.parametrize("ending, state, words", [
    ("99", "failed", "undelivered"), ("98", "failed", "expired"), ("97", "failed", "Invalid Dest"),
    ("95", "delivered", ""), ("56", "delivered", "")])
def test_fate_of_a_number(desk, sms, ending, state, words):
    item = write_sms(desk, f"+4206021234{ending}", f"Fate {ending}")
    row = wait_for_state(desk, item, state)
    assert words.lower() in (row["failure_detail"] or "").lower()
    assert len(left(sms, f"Fate {ending}")) == 1


def test_report_that_never_comes(desk, sms):
    item = write_sms(desk, "+420602123496", "Silence")
    wait_for_state(desk, item, "sent")
    other = write_sms(desk, "+420602123456", "After the silence")
    wait_for_state(desk, other, "delivered")
    assert [row["state"] for row in messages(desk, item)] == ["sent"]


def test_long_text_leaves_in_parts_and_is_delivered(desk, sms):
    item = write_sms(desk, "+420602123456", FIVE_PARTS)
    wait_for_state(desk, item, "delivered")
    parts = [entry for entry in sms.submitted() if entry["header"]]
    assert [part["text"] for part in parts] and "".join(part["text"] for part in parts) == FIVE_PARTS
    assert desk.rpc("servicedesk.item", "read", [[item], ["segment_count"]])[0]["segment_count"] == len(parts) == 5


def test_in_any_alphabet(desk, sms):
    sender = "420777000111"
    texts = ["Plain words", "Příliš žluťoučký kůň úpěl ďábelské ódy", "Díky 😀👍", FIVE_PARTS]
    for text in texts:
        sms.bring_in(sender, OURS.removeprefix("+"), text)
    rows = wait_for_received(desk, [("phone_from", "=", "+420777000111")], len(texts))
    assert [row["sms_text"] for row in rows] == texts
    assert len({row["ticket_id"][0] for row in rows}) == 1, "all on one ticket"
    item = write_sms(desk, "+420777000111", "Už je to v pořádku.", rows[0]["ticket_id"][0])
    wait_for_state(desk, item, "delivered")
    sms.bring_in(sender, OURS.removeprefix("+"), "Potvrzuji")
    rows = wait_for_received(desk, [("phone_from", "=", "+420777000111")], len(texts) + 1)
    assert rows[-1]["ticket_id"] == rows[0]["ticket_id"]


def test_forged_callback(desk, sms):
    [gateway] = desk.rpc("servicedesk.sms.gateway", "search_read", [[]], {"fields": ["inbound_url"]})
    for secret, code in (("guess", 403), (SECRET, 200)):
        url = f"{gateway['inbound_url']}?secret={secret}&from=%2B420777000222&to={OURS}&text=forged+{code}&id=f{code}"
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                assert answer.status == code
        except urllib.error.HTTPError as error:
            assert error.code == code
    wait_for_received(desk, [("phone_from", "=", "+420777000222")])
    assert [row["sms_text"] for row in received(desk, [("phone_from", "=", "+420777000222")])] == ["forged 200"]
    assert desk.rpc("servicedesk.sms.gateway", "read", [[gateway["id"]], ["refusal_count"]])[0]["refusal_count"] == 1


def test_gateway_down_for_a_while(desk, sms):
    sms.stop_kannel()
    items = [write_sms(desk, "+420602123456", f"Waiting {number}") for number in range(3)]

    def noticed():
        desk.wake_crons()
        fields = ["down_reason", "queued_count"]
        return desk.rpc("servicedesk.sms.gateway", "search_read", [[("down_reason", "!=", False)]], {"fields": fields})

    [gateway] = wait_until(noticed, 30, "the gateway is known to be down", pause=0.2)
    assert gateway["queued_count"] == 3
    assert {row["state"] for row in messages(desk, *items)} == {"queued"}
    sms.start_kannel()
    desk.rpc("servicedesk.sms.gateway", "action_try_now", [[gateway["id"]]])
    for item in items:
        wait_for_state(desk, item, "delivered")
    sent = [entry["text"] for entry in sms.submitted() if entry["text"].startswith("Waiting")]
    assert sent == ["Waiting 0", "Waiting 1", "Waiting 2"]
