"""IN-19 with real servers: an agent answers a customer from a mail program, by replying to the notice."""
from email.message import EmailMessage

import pytest
from test_path import JANA, SUPPORT, _run, agent, new_mail, parse, settle, tickets  # noqa: F401 - `agent` is a fixture

from dev.shell import wait_until

PETR = "petr@severka.example"
VOUCHED = "mx.severka.example; dmarc=pass header.from=severka.example"


@pytest.fixture(scope="module")
def notice(desk, mail, agent):  # noqa: F811
    """A ticket of Petr's and the notice about the customer's second mail, as it lies in Petr's mailbox."""
    desk.rpc("ir.config_parameter", "set_param", ["servicedesk.notice_minutes", "0"])
    [department] = desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])
    desk.rpc("servicedesk.department", "write", [[department], {"trusted_authserv": "mx.severka.example"}])
    [petr] = desk.rpc("res.users", "search", [[("login", "=", "petr")]])
    for kind, by_mail in (("assigned", False), ("answer", True)):
        desk.rpc("servicedesk.notice.setting", "create", [
            {"user_id": petr, "kind": kind, "inbox": True, "mail": by_mail}])
    first = new_mail("Router", "It blinks red.")
    mail.deliver(first, JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"blinks red" in raw)
    settle(desk)
    [ticket] = tickets(desk, "Router")
    desk.rpc("servicedesk.ticket", "write", [[ticket["id"]], {"owner_id": petr}])
    mail.deliver(new_mail("Re: Router", f"And now it is dark. [{ticket['number']}]", In_Reply_To=first["Message-ID"]),
                 JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"now it is dark" in raw)
    settle(desk)
    for cron in ("servicedesk.cron_notices", "mail.ir_cron_mail_scheduler_action"):
        wait_until(lambda name=cron: _run(desk, name), 60, cron)
    return ticket, parse(mail.wait_for("petr", lambda raw: b"X-Servicedesk-Notice" in raw))


def reply_to(notice_mail, text, results=VOUCHED):
    """What a mail program makes of an answer: the notice quoted below, the server's findings on top."""
    reply = EmailMessage()
    if results:
        reply["Authentication-Results"] = results
    reply["From"], reply["To"] = f"Petr Dvořák <{PETR}>", notice_mail["Reply-To"]
    reply["Subject"], reply["Message-ID"] = f"Re: {notice_mail['Subject']}", f"<{abs(hash(text))}@petrs-phone.example>"
    reply["In-Reply-To"] = notice_mail["Message-ID"]
    quoted = notice_mail.get_body(("plain", "html")).get_content()
    reply.set_content(f"{text}\n\nOn 4 May 2026, Support <{SUPPORT}> wrote:\n"
                      + "\n".join(f"> {line}" for line in quoted.splitlines()))
    return reply


def test_answer_reaches_the_customer_without_the_notice(desk, mail, notice):
    ticket, notice_mail = notice
    assert ticket["number"] in notice_mail["Subject"] and notice_mail["Auto-Submitted"] == "auto-generated"
    mail.deliver(reply_to(notice_mail, "Switch it off and on, please."), PETR, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"off and on" in raw)
    settle(desk)
    answer = parse(mail.wait_for("jana.novotna", lambda raw: b"off and on" in raw))
    text = answer.get_body(("html",)).get_content()
    assert SUPPORT in answer["From"] and PETR not in str(answer["From"])
    assert "off and on" in text and "8<" not in text and "wrote:" not in text and "Write above" not in text
    [ticket] = tickets(desk, "Router")
    assert ticket["state"] == "waiting"


def test_without_proof_it_waits_for_its_author(desk, mail, notice):
    _ticket, notice_mail = notice
    mail.deliver(reply_to(notice_mail, "Not proven to be mine.", results=""), PETR, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"Not proven" in raw)
    settle(desk)
    [item] = desk.rpc("servicedesk.item", "search_read", [[("preview", "ilike", "Not proven")]], {
        "fields": ["kind", "direction", "claimed_user_id"]})
    assert (item["kind"], item["direction"]) == ("note", "internal")
    assert item["claimed_user_id"][1] == "Petr Dvořák"
