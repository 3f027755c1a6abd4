"""A desk that dies, or finds its disk full, where a test tells it to; and how to drive it."""
import configparser
import os
import tempfile
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from dev.odoo_server import OdooServer, RpcError, connect_mail
from dev.settings import CONF, DEV
from dev.shell import wait_until

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

    def die_and_rise(self, seconds=60):
        """Wait until the server has died of its fault, and start it again."""
        wait_until(lambda: not self.running(), seconds, "the server dies")
        assert not self.fault.exists()
        self.start()


def open_faulty_desk(database, mail):
    """Yield a :class:`FaultyDesk` with one department and its mailbox.

    The fault lies in a folder of its own: pytest closes its folders to others whenever a second pytest starts.
    """
    with tempfile.TemporaryDirectory(prefix="servicedesk-fault-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        os.environ["SERVICEDESK_FAULT"] = str(folder / "fault")
        server = FaultyDesk(database, mail, folder)
        try:
            server.start()
            department = server.rpc("servicedesk.department", "create", [{
                "name": "Podpora", "email": SUPPORT, "undo_seconds": 0}])
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
                          ("servicedesk.item", [("state", "in", ("queued", "scheduled", "sending"))])):
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


def schedule(desk, items, seconds=2):
    """Schedule drafts and wait until their time has come; no worker has been told of it."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    desk.rpc("servicedesk.item", "action_schedule", [list(items.values()), f"{at:%Y-%m-%d %H:%M:%S}"])
    wait_until(lambda: datetime.now(UTC) > at, seconds + 5, "the time comes")


def states(desk, items):
    rows = desk.rpc("servicedesk.item", "read", [list(items.values()), ["state"]])
    by_id = {row["id"]: row["state"] for row in rows}
    return [by_id[item] for item in items.values()]


def received(mail, items):
    return [len(mail.mailbox(to)) for to in items]
