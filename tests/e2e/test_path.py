"""The whole path with real servers: a customer's mail becomes a ticket, the agent's answer reaches the customer."""
import email
import email.policy
from email.message import EmailMessage

import pytest

from dev.odoo_server import RpcError
from dev.shell import wait_until

SUPPORT = "podpora@severka.example"
JANA = "jana.novotna@stavbyvltava.example"


@pytest.fixture(scope="module")
def agent(desk):
    """A department with a mailbox and one specialist, login and password `petr`."""
    department = desk.rpc("servicedesk.department", "create", [{
        "name": "Technická podpora", "email": SUPPORT, "undo_seconds": 0}])
    user = desk.rpc("res.users", "create", [{
        "name": "Petr Dvořák", "login": "petr", "password": "petr", "email": "petr@severka.example",
        "tz": "Europe/Prague", "group_ids": [(4, desk.ref("servicedesk.group_user"))]}])
    desk.rpc("servicedesk.membership", "create", [{"department_id": department, "user_id": user}])
    client = desk.rpc("res.partner", "create", [{"name": "Stavby Vltava a.s.", "is_company": True}])
    desk.rpc("res.partner", "create", [{"name": "Jana Novotná", "email": JANA, "parent_id": client}])
    desk.connect_mail()
    return "petr"


def new_mail(subject, text, **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Jana Novotná <{JANA}>", SUPPORT, subject
    message["Message-ID"] = headers.pop("message_id", f"<{abs(hash((subject, text)))}@stavbyvltava.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def settle(desk):
    """Fetch all mailboxes and wait until the workers have nothing left to do."""
    wait_until(lambda: _run(desk, "mail.ir_cron_mail_gateway_action"), 60, "the mailboxes are read")
    for model, domain in (("servicedesk.intake", [("state", "=", "new")]),
                          ("servicedesk.item", [("state", "in", ("queued", "sending"))])):
        desk.wake_crons()
        wait_until(lambda m=model, d=domain: not desk.rpc(m, "search_count", [d]), 60, f"{model} is worked off")


def _run(desk, cron):
    try:
        desk.run_cron(cron)
    except RpcError as error:
        if "already executing" not in str(error):
            raise
        return False
    return True


def tickets(desk, subject):
    return desk.rpc("servicedesk.ticket", "search_read", [[("subject", "=", subject)]], {
        "fields": ["number", "state", "unread", "partner_id", "item_ids", "last_item_preview"]}, login="petr")


def parse(raw):
    return email.message_from_bytes(raw, policy=email.policy.default)


def test_mail_to_ticket_to_answer_to_reply(desk, mail, agent, browser):
    question = new_mail("VPN padá po aktualizaci", "Dobrý den, od rána nám padá VPN.")
    question.add_attachment(b"%PDF-1.4 protokol", maintype="application", subtype="pdf", filename="protokol VPN.pdf")
    mail.deliver(question, JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: question["Message-ID"].encode() in raw)
    settle(desk)
    [ticket] = tickets(desk, "VPN padá po aktualizaci")
    assert ticket["state"] == "open" and ticket["unread"]
    assert ticket["partner_id"][1] == "Stavby Vltava a.s."

    page = browser(agent, path="/odoo/tickets")
    page.get_by_text("VPN padá po aktualizaci").first.click()
    page.get_by_text("protokol VPN.pdf").first.wait_for()
    page.get_by_role("button", name="Reply").first.click()
    editor = page.locator(".o_sd_composer .odoo-editor-editable")
    editor.click()
    page.keyboard.type("Dobrý den, ovladač jsme vrátili.")
    page.get_by_role("button", name="Send: Jana Novotná").click()
    page.get_by_role("article").filter(has_text="ovladač jsme vrátili").wait_for()

    settle(desk)
    answer = parse(mail.wait_for("jana.novotna", lambda raw: question["Message-ID"].encode() in raw))
    assert answer["Subject"] == f"Re: VPN padá po aktualizaci [{ticket['number']}]"
    assert SUPPORT in answer["From"] and SUPPORT in answer["Reply-To"]
    assert answer["To"].endswith(f"<{JANA}>")
    assert answer["In-Reply-To"] == question["Message-ID"] and question["Message-ID"] in answer["References"]
    assert answer["Message-ID"].endswith("@severka.example>")
    assert "ovladač jsme vrátili" in answer.get_body(("html",)).get_content()
    [ticket] = tickets(desk, "VPN padá po aktualizaci")
    assert ticket["state"] == "waiting"

    # Outlook gives the answer a new Message-Id chain of its own and keeps ours in References only
    reply = new_mail(f"RE: {answer['Subject']}", "Děkuji, už to jede.", message_id="<AM0PR01.outlook@example>",
                     In_Reply_To="<DB9PR02.rewritten@outlook.example>",
                     References=f"{question['Message-ID']} {answer['Message-ID']} <DB9PR02.rewritten@outlook.example>",
                     Thread_Topic="VPN padá po aktualizaci")
    mail.deliver(reply, JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"AM0PR01" in raw)
    settle(desk)
    [ticket] = tickets(desk, "VPN padá po aktualizaci")
    assert ticket["state"] == "open" and ticket["last_item_preview"] == "Děkuji, už to jede."
    assert len(ticket["item_ids"]) == 3
    page.get_by_role("article").filter(has_text="Děkuji, už to jede.").wait_for()  # without a reload


def test_what_was_read_in_webmail_comes_too(desk, mail, agent):
    import imaplib

    mail.deliver(new_mail("Seen already", "Somebody opened this in webmail."), JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"Seen already" in raw)
    with imaplib.IMAP4("127.0.0.1", mail.imap, timeout=20) as imap:
        imap.login("podpora", mail.password)
        imap.select("INBOX")
        for number in imap.search(None, "UNSEEN")[1][0].split():
            imap.store(number, "+FLAGS", "\\Seen")
    settle(desk)
    assert len(tickets(desk, "Seen already")) == 1
    settle(desk)
    assert len(tickets(desk, "Seen already")) == 1


def test_pop3_mailbox_is_read_once_and_left_alone(desk, mail, agent):
    department = desk.rpc("servicedesk.department", "create", [
        {"name": "Fakturace", "email": "fakturace@severka.example"}])
    desk.rpc("fetchmail.server", "create", [{
        "name": "POP", "server_type": "pop", "server": "127.0.0.1", "port": mail.pop3, "user": "fakturace",
        "password": mail.password, "department_id": department, "state": "done"}])
    message = new_mail("Invoice by POP3", "Please send the invoice again.")
    del message["To"]
    message["To"] = "fakturace@severka.example"
    mail.deliver(message, JANA, "fakturace@severka.example")
    mail.wait_for("fakturace")
    for _round in range(2):
        settle(desk)
    assert desk.rpc("servicedesk.ticket", "search_count", [[("subject", "=", "Invoice by POP3")]]) == 1
    assert len(mail.mailbox("fakturace")) == 1
