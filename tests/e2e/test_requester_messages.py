"""AUT-01 with real servers: each step reaches the requester once, in the own language; machines get nothing."""
from email.message import EmailMessage

import pytest
from test_path import SUPPORT, _run, agent, parse, settle, tickets  # noqa: F401 - `agent` is a fixture

from dev.shell import wait_until

# mailbox → (language, words of: arrival, work begun, resolved, closed)
PEOPLE = {
    "karel": ("cs_CZ", ("jsme přijali pod číslem", "už pracujeme", "považujeme za vyřešený", "jsme uzavřeli")),
    "zuzana": ("sk_SK", ("prijali", "už pracujeme", "považujeme za vyriešenú", "sme uzavreli")),
    "george": ("en_US", ("We have registered", "now working on", "We believe", "We have closed")),
}
STEPS = ("started", "resolved", "closed")


def question(user, subject, **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"{user.title()} <{user}@zakaznik.example>", SUPPORT, subject
    message["Message-ID"] = f"<{user}-{abs(hash(subject))}@zakaznik.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("Nothing works.")
    return message


@pytest.fixture(scope="module")
def desk_that_tells(desk, agent):  # noqa: F811
    """Every message is switched on; the requesters are contacts who speak three languages."""
    languages = [lang for lang, _words in PEOPLE.values()]
    wizard = desk.rpc("base.language.install", "create", [{"overwrite": True, "lang_ids": [(6, 0, desk.rpc(
        "res.lang", "search", [[("code", "in", languages)]], {"context": {"active_test": False}}))]}])
    desk.rpc("base.language.install", "lang_install", [[wizard]])
    [department] = desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])
    desk.rpc("servicedesk.department", "write", [[department], {"acknowledge": True, "resolve_to": "acceptance"}])
    desk.rpc("servicedesk.requester.message", "create", [[
        {"department_id": department, "event": event} for event in STEPS]])
    desk.rpc("res.partner", "create", [[
        {"name": user.title(), "email": f"{user}@zakaznik.example", "lang": lang}
        for user, (lang, _words) in PEOPLE.items()]])
    return desk


def live_through(desk, mail, messages):
    """Let mails arrive together, and each of their tickets be taken, resolved and closed by Petr."""
    for _user, message, envelope in messages:
        mail.deliver(message, envelope, SUPPORT)
        mail.wait_for("podpora", lambda raw, message=message: message["Message-ID"].encode() in raw)
    settle(desk)
    for action in ("action_take", "action_resolve", "action_close"):
        for _user, message, _envelope in messages:
            [ticket] = tickets(desk, str(message["Subject"]))
            desk.rpc("servicedesk.ticket", action, [[ticket["id"]]], login="petr")
        settle(desk)
    for cron in ("mail.ir_cron_mail_scheduler_action", "servicedesk.cron_notices"):
        wait_until(lambda name=cron: _run(desk, name), 60, cron)
    settle(desk)


def test_each_step_once_in_the_requesters_language(desk_that_tells, mail):
    desk = desk_that_tells
    messages = [(user, question(user, f"Matter of {user}"), f"{user}@zakaznik.example") for user in PEOPLE]
    live_through(desk, mail, messages)
    for user, message, address in messages:
        mail.wait_for(user, lambda raw, words=PEOPLE[user][1]: words[-1] in text_of(parse(raw)))
        received = [parse(raw) for raw in mail.mailbox(user)]
        assert len(received) == 4, [one["Subject"] for one in received]
        [ticket] = tickets(desk, str(message["Subject"]))
        for one, words in zip(received, PEOPLE[user][1], strict=True):
            assert words in text_of(one), (user, text_of(one))
            assert ticket["number"] in one["Subject"]
            assert one["Auto-Submitted"] == "auto-replied" and one["X-Auto-Response-Suppress"] == "All"
            assert one["To"].addresses[0].addr_spec == address and not one["Cc"]
            assert one["From"].addresses[0].addr_spec == SUPPORT
            assert one["In-Reply-To"] == message["Message-ID"]
            assert message["Message-ID"] in one["References"]
        assert len({one["Message-ID"] for one in received}) == 4


def test_machines_are_told_nothing(desk_that_tells, mail):
    desk = desk_that_tells
    messages = [
        ("monitoring", question("monitoring", "Disk full", Auto_Submitted="auto-generated"),
         "monitoring@zakaznik.example"),
        ("newsletter", question("newsletter", "Our offer", Precedence="bulk"), "newsletter@zakaznik.example"),
        ("noreply", question("noreply", "Your parcel"), "noreply@zakaznik.example"),
    ]
    live_through(desk, mail, messages)
    for user, _message, _envelope in messages:
        assert mail.mailbox(user) == [], user


def test_an_automatic_answer_or_a_bounce_starts_no_talk(desk_that_tells, mail):
    """What comes back to one of our messages by itself is answered by nothing, and reopens nothing."""
    desk = desk_that_tells
    ours = [parse(raw) for raw in mail.mailbox("karel")]
    assert ours, "the first test ran"
    for number, (headers, envelope) in enumerate((
            ({"Auto_Submitted": "auto-replied"}, "karel@zakaznik.example"),
            ({"X_Autoreply": "yes", "Precedence": "bulk"}, "karel@zakaznik.example"),
            ({"Auto_Submitted": "auto-replied"}, "")), 1):
        away = question("karel", f"Out of office {number}", In_Reply_To=ours[-1]["Message-ID"], **headers)
        if not envelope:
            del away["From"]
            away["From"] = "MAILER-DAEMON@zakaznik.example"
        mail.deliver(away, envelope, SUPPORT)
        mail.wait_for("podpora", lambda raw, away=away: away["Message-ID"].encode() in raw)
    settle(desk)
    assert len(mail.mailbox("karel")) == len(ours)
    assert [ticket["state"] for ticket in tickets(desk, "Matter of karel")] == ["closed"]


def text_of(message):
    return message.get_body(("plain", "html")).get_content()
