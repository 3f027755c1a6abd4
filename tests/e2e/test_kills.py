"""Power cuts at named points: everything that arrived is filed once, nothing is ever sent twice.

The table of expected outcomes is in docs/reliability.md; each row is one test here.
"""
import configparser
import os
from email.message import EmailMessage
from pathlib import Path

import pytest

from dev import postgres
from dev.odoo_server import OdooServer, RpcError, connect_mail
from dev.settings import CONF, DEV
from dev.shell import wait_until

pytestmark = pytest.mark.slow

VENV = Path((DEV / "venv").read_text().strip())
ADDONS = Path(__file__).with_name("addons")
SUPPORT = "podpora@severka.example"


class FaultyDesk(OdooServer):
    """A real Odoo that dies where it is told to."""

    def __init__(self, database, mail, folder):
        options = configparser.ConfigParser()
        options.read(CONF)
        paths = f"{options['options']['addons_path']},{ADDONS}"
        super().__init__(VENV, database, f"faulty-{os.getpid()}", smtp_port=mail.smtp, crons=2,
                         options=["--load=base,rpc,web,servicedesk_faults", f"--addons-path={paths}"])
        self.fault = folder / "fault"

    def die_at(self, point, count=1):
        self.fault.write_text(f"{point} {count}")
        self.fault.chmod(0o666)

    def die_and_rise(self):
        """Wait until the server has died of its fault, and start it again."""
        wait_until(lambda: not self.running(), 60, "the server dies")
        assert not self.fault.exists()
        self.start()


@pytest.fixture(scope="module")
def desk(desk_database, mail, tmp_path_factory):
    folder = tmp_path_factory.mktemp("fault")
    folder.chmod(0o777)
    for parent in list(folder.parents)[:2]:
        parent.chmod(0o755)
    os.environ["SERVICEDESK_FAULT"] = str(folder / "fault")
    server = FaultyDesk(desk_database, mail, folder)
    try:
        server.start()
        department = server.rpc("servicedesk.department", "create", [{"name": "Podpora", "email": SUPPORT}])
        server.rpc("servicedesk.membership", "create", [{"department_id": department, "user_id": 2}])
        connect_mail(server, mail)
        yield server
    finally:
        server.stop()
        del os.environ["SERVICEDESK_FAULT"]


def new_mail(subject, sender="jana@stavbyvltava.example"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, SUPPORT, subject
    message["Message-ID"] = f"<{subject.replace(' ', '.')}@stavbyvltava.example>"
    message.set_content(f"About {subject}.")
    return message


def attempt(call, *args):
    """Call the server; a connection that breaks because it dies is what we are here for."""
    try:
        call(*args)
    except (OSError, RpcError) as error:
        if isinstance(error, RpcError) and "already executing" not in str(error):
            raise


def settle(desk):
    """Let fetching, filing and sending come to an end."""
    wait_until(lambda: fetch(desk), 60, "the mailbox is read")
    for model, domain in (("servicedesk.intake", [("state", "=", "new")]),
                          ("servicedesk.item", [("state", "in", ("queued", "sending"))])):
        def done(model=model, domain=domain):
            desk.wake_crons()
            return not desk.rpc(model, "search_count", [domain])
        wait_until(done, 90, f"{model} is worked off", pause=0.5)


def fetch(desk):
    try:
        desk.run_cron("mail.ir_cron_mail_gateway_action")
    except RpcError as error:
        if "already executing" not in str(error):
            raise
        return False
    return True


def subjects(desk, prefix):
    domain = [("subject", "=like", f"{prefix}%")]
    rows = desk.rpc("servicedesk.ticket", "search_read", [domain], {"fields": ["subject"]})
    return sorted(row["subject"] for row in rows)


def answer(desk, subject, count=1):
    """Queue answers to new tickets, as an agent's click does; returns item ids by their recipient."""
    department = desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])[0]
    items = {}
    for number in range(count):
        to = f"{subject}{number}@customer.example"
        ticket = desk.rpc("servicedesk.ticket", "create", [{
            "subject": f"{subject} {number}", "department_id": department, "contact_email": to}])
        draft = desk.rpc("servicedesk.item", "save_draft", [ticket, "email", {
            "email_to": to, "subject": f"{subject} {number}", "body": "<p>Done.</p>"}])
        items[to] = draft
    return items


def send(desk, items):
    attempt(desk.rpc, "servicedesk.item", "action_send", [list(items.values())])
    attempt(desk.wake_crons)


def states(desk, items):
    rows = desk.rpc("servicedesk.item", "read", [list(items.values()), ["state"]])
    by_id = {row["id"]: row["state"] for row in rows}
    return [by_id[item] for item in items.values()]


def received(mail, items):
    return [len(mail.mailbox(to)) for to in items]


@pytest.mark.parametrize("point", ["fetched", "stored", "intake-claimed", "filed"])
def test_mail_in_is_filed_once(desk, mail, point):
    mail.deliver(new_mail(f"in {point}"), "jana@stavbyvltava.example", SUPPORT)
    mail.wait_for("podpora", lambda raw: f"in.{point}".encode() in raw)
    desk.die_at(point)
    attempt(fetch, desk)
    attempt(desk.wake_crons)
    desk.die_and_rise()
    settle(desk)
    assert subjects(desk, f"in {point}") == [f"in {point}"]


def test_fifty_mails_in(desk, mail):
    for number in range(50):
        mail.deliver(new_mail(f"burst {number:02}"), "jana@stavbyvltava.example", SUPPORT)
    mail.wait_for("podpora", lambda raw: b"burst.49" in raw)
    desk.die_at("filed", 25)
    attempt(fetch, desk)
    attempt(desk.wake_crons)
    desk.die_and_rise()
    settle(desk)
    assert subjects(desk, "burst") == [f"burst {number:02}" for number in range(50)]


@pytest.mark.parametrize("point, state, arrived", [
    ("before-claim", "sent", 1),  # nothing had happened yet: it is sent after the restart
    ("claimed", "unknown", 0),  # it cannot be told from the next one, so it is never sent by itself
    ("after-250", "unknown", 1),  # the server has it, we could not note it
    ("noted", "unknown", 1),  # noted but not committed: the same
])
def test_answer_never_leaves_twice(desk, mail, point, state, arrived):
    items = answer(desk, f"out-{point}")
    desk.die_at(point)
    send(desk, items)
    desk.die_and_rise()
    settle(desk)
    assert states(desk, items) == [state]
    assert received(mail, items) == [arrived]
    if state == "unknown":
        desk.rpc("servicedesk.item", "action_retry" if not arrived else "action_mark_sent", [list(items.values())])
        settle(desk)
        assert states(desk, items) == ["sent"]
        assert received(mail, items) == [1]


def test_fifty_answers_out(desk, mail):
    items = answer(desk, "burst-out", 50)
    desk.die_at("after-250", 25)
    send(desk, items)
    desk.die_and_rise()
    settle(desk)
    found = states(desk, items)
    assert sorted(set(found)) == ["sent", "unknown"]
    assert 1 <= found.count("unknown") <= 2, "one for each worker at most"
    assert received(mail, items) == [1] * 50


@pytest.mark.skipif(postgres.EXTERNAL_PG, reason="the PostgreSQL server of PGHOST is not ours to restart")
def test_postgres_restarts_in_the_middle(desk, mail):
    items = answer(desk, "pg-out", 10)
    for number in range(20):
        mail.deliver(new_mail(f"pg {number:02}"), "jana@stavbyvltava.example", SUPPORT)
    mail.wait_for("podpora", lambda raw: b"pg.19" in raw)
    send(desk, items)
    attempt(fetch, desk)
    cluster = postgres.server()
    cluster.stop()
    cluster.start()
    desk.restart()  # Odoo's job threads end with their connection (its prefork master too): a service manager's work
    settle(desk)
    assert subjects(desk, "pg ") == [f"pg {number:02}" for number in range(20)]
    for state, count in zip(states(desk, items), received(mail, items), strict=True):
        assert (state == "sent" and count == 1) or (state == "unknown" and count <= 1)
