"""Power cuts while SMS are sent and received: nothing twice (the message centre's log shows it), nothing lost.

The table of expected outcomes is in docs/reliability.md; each row is one test here.
"""
import time
import urllib.parse
import urllib.request

import pytest
from faulty import attempt, open_faulty_desk
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
from dev.smsservers import PASSWORD

pytestmark = [pytest.mark.slow, needs_kannel]
BURST = 1000


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    yield from open_faulty_desk(desk_database, mail)


@pytest.fixture(scope="module")
def sms(desk):
    yield from open_sms(desk, "e2e-kills")


@pytest.mark.parametrize("point, states, arrived", [
    ("sms-before-claim", ("delivered",), 1),  # nothing had happened yet: it is sent after the restart
    ("sms-claimed", ("delivered",), 1),  # the claim is a row lock: gone with the process
    ("sms-speaking", ("unknown",), 0),  # it cannot be told from the next one, so it is never sent by itself
    ("sms-handed-over", ("delivered",), 1),  # Kannel has it, we could not note it: the report settles it
    ("sms-noted", ("delivered",), 1),  # noted but not committed: the same
    ("sms-committed", ("delivered",), 1),  # committed, its item not yet told
])
def test_sms_never_leaves_twice(desk, sms, point, states, arrived):
    text = f"Kill {point}"
    desk.die_at(point)
    attempt(write_sms, desk, "+420602123456", text)
    attempt(desk.wake_crons)
    desk.die_and_rise()
    [item] = desk.rpc("servicedesk.item", "search", [[("kind", "=", "sms"), ("sms_text", "=", text)]])
    wait_for_state(desk, item, *states, seconds=90)
    assert len(left(sms, text)) == arrived
    if states == ("unknown",):
        desk.rpc("servicedesk.item", "action_retry", [[item]])
        wait_for_state(desk, item, "delivered")
        assert len(left(sms, text)) == 1


@pytest.mark.parametrize("point", ["sms-called", "sms-stored", "intake-claimed", "filed"])
def test_sms_in_is_filed_once(desk, sms, point):
    number = f"42077700{['sms-called', 'sms-stored', 'intake-claimed', 'filed'].index(point):04}"
    desk.die_at(point)
    sms.bring_in(number, OURS.removeprefix("+"), f"In {point}")
    attempt(desk.wake_crons)
    desk.die_and_rise()
    wait_for_received(desk, [("phone_from", "=", f"+{number}")], seconds=90)
    time.sleep(3)  # a second one would have come by now
    assert [row["sms_text"] for row in received(desk, [("phone_from", "=", f"+{number}")])] == [f"In {point}"]


def test_thousand_out(desk, sms):
    [department] = desk.rpc("servicedesk.department", "search", [[("sms_number", "=", OURS)]])
    tickets = desk.rpc("servicedesk.ticket", "create", [
        [{"subject": f"Out {number:04}", "department_id": department} for number in range(BURST)]])
    items = [desk.rpc("servicedesk.item", "save_draft", [ticket, "sms", {
        "phone_to": f"+4206021200{number % 50:02}", "sms_text": f"Out {number:04}"}])
        for number, ticket in enumerate(tickets)]
    desk.die_at("sms-handed-over", 500)
    for start in range(0, BURST, 100):
        attempt(desk.rpc, "servicedesk.item", "action_send", [items[start:start + 100]])
    attempt(desk.wake_crons)
    desk.die_and_rise(300)
    unsent = desk.rpc("servicedesk.item", "search", [[("id", "in", items), ("state", "=", "draft")]])
    if unsent:  # the server died under the agent's hands
        desk.rpc("servicedesk.item", "action_send", [sorted(unsent)])

    def done():
        desk.wake_crons()
        return not desk.rpc("servicedesk.sms", "search_count", [
            [("item_id", "in", items), ("state", "not in", ("delivered", "failed"))]])

    wait_until(done, 600, "all are delivered", pause=1)
    assert {row["state"] for row in messages(desk, *items)} == {"delivered"}
    gone = [entry for entry in sms.submitted() if entry["text"].startswith("Out ")]
    assert sorted(entry["text"] for entry in gone) == [f"Out {number:04}" for number in range(BURST)], "each one once"
    for recipient in {entry["to"] for entry in gone}:
        mine = [entry["text"] for entry in gone if entry["to"] == recipient]
        assert mine == sorted(mine), "in the order in which they were written"


def test_thousand_in(desk, sms):
    desk.rpc("servicedesk.department", "write", [
        desk.rpc("servicedesk.department", "search", [[("sms_number", "=", OURS)]]), {"flood_limit": 0}])
    desk.die_at("filed", 300)
    for start in range(0, BURST, 20):  # a round of 20 people a second: nobody writes two SMS within one
        if not desk.running():  # Kannel calls all that piled up at once, which no single process would survive
            desk.die_and_rise()
        sms.bring_in_many([(f"4206031111{number % 20:02}", OURS.removeprefix("+"), f"In {number:04}")
                           for number in range(start, start + 20)])
        time.sleep(1)
    if desk.fault.exists() or not desk.running():
        desk.die_and_rise(300)
    ours = [("phone_from", "=like", "+4206031111%")]
    rows = wait_for_received(desk, ours, BURST, seconds=600)
    assert sorted(row["sms_text"] for row in rows) == [f"In {number:04}" for number in range(BURST)], "each one once"
    tickets = {}
    for row in rows:
        tickets.setdefault(row["phone_from"], set()).add(row["ticket_id"][0])
    assert all(len(found) == 1 for found in tickets.values()), "one ticket a sender"
    for sender in tickets:
        mine = [row["sms_text"] for row in rows if row["phone_from"] == sender]
        assert mine == sorted(mine), "in the order in which they were sent"


def test_kannel_dies_with_messages_in_its_hands(desk, sms):
    """What Kannel has taken over is its own: it keeps it in its spool and sends it when it is back."""
    items = [write_sms(desk, "+420602123456", f"Spool {number}") for number in range(5)]
    sms.bearerbox.kill()
    sms.stop_kannel()
    sms.start_kannel()
    [gateway] = desk.rpc("servicedesk.sms.gateway", "search", [[("name", "=", "Kannel")]])
    desk.rpc("servicedesk.sms.gateway", "action_try_now", [[gateway]])

    def settled():
        desk.wake_crons()
        return all(row["state"] in ("delivered", "sent", "unknown") for row in messages(desk, *items))

    wait_until(settled, 90, "all are settled", pause=0.5)
    assert all(len(left(sms, f"Spool {number}")) <= 1 for number in range(5)), "none twice"
    for number, row in enumerate(messages(desk, *items)):
        assert row["state"] == "unknown" or left(sms, f"Spool {number}")


def test_kannel_tells_a_wrong_password(desk, sms):
    query = urllib.parse.urlencode({"username": "odoo", "password": f"not-{PASSWORD}", "to": "1", "text": "x"})
    with pytest.raises(urllib.request.HTTPError) as refused:
        urllib.request.urlopen(f"{sms.sendsms}?{query}", timeout=10)
    assert refused.value.code == 403
