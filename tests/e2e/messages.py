"""A desk with a real Kannel: how an agent writes SMS, and how to wait for what becomes of them."""
import contextlib
import shutil

import pytest

from dev.shell import wait_until
from dev.smsservers import NUMBERS, SmsServers, available, connect_sms

OURS = NUMBERS[0]
needs_kannel = pytest.mark.skipif(
    not available() and not shutil.which("bearerbox"), reason="Kannel is not installed: apt-get install kannel")


def open_sms(desk, name):
    """Yield :class:`SmsServers` connected to the desk; it has one department with the number `OURS`."""
    sms = SmsServers(name)
    try:
        desk.rpc("res.company", "write", [[1], {"country_id": desk.ref("base.cz")}])
        if not desk.rpc("servicedesk.department", "search_count", [[]]):
            desk.rpc("servicedesk.department", "create", [{"name": "Podpora"}])
        everywhere = desk.rpc("servicedesk.department", "search", [[]])
        desk.rpc("servicedesk.department", "write", [everywhere, {"undo_seconds": 0}])
        connect_sms(desk, sms)
        yield sms
    finally:
        sms.remove()


def write_sms(desk, numbers, text, ticket=None):
    """Send an SMS as an agent does; returns the item's id."""
    if not ticket:
        [department] = desk.rpc("servicedesk.department", "search", [[("sms_number", "=", OURS)]])
        ticket = desk.rpc("servicedesk.ticket", "create", [{"subject": text, "department_id": department}])
    item = desk.rpc("servicedesk.item", "save_draft", [ticket, "sms", {"phone_to": numbers, "sms_text": text}])
    desk.rpc("servicedesk.item", "action_send", [[item]])
    return item


def messages(desk, *items):
    """Return the recipients' rows of items, oldest first."""
    return desk.rpc("servicedesk.sms", "search_read", [[("item_id", "in", items)]], {
        "fields": ["number", "state", "reason", "reference"], "order": "id"})


def wait_for_state(desk, item, *states, seconds=30):
    def look():
        [row] = desk.rpc("servicedesk.item", "read", [[item], ["state", "failure_detail"]])
        return row if row["state"] in states else desk.wake_crons()

    return wait_until(look, seconds, f"the SMS is {' or '.join(states)}", pause=0.2)


def received(desk, domain):
    """Return received SMS, in the order in which they stand on the time line."""
    return desk.rpc("servicedesk.item", "search_read", [
        [("kind", "=", "sms"), ("direction", "=", "in"), *domain]], {
        "fields": ["sms_text", "phone_from", "ticket_id"], "order": "date, id"})


def wait_for_received(desk, domain, count=1, seconds=30):
    def look():
        with contextlib.suppress(OSError):  # a server in a storm of callbacks may drop a connection
            rows = received(desk, domain)
            return rows if len(rows) >= count else desk.wake_crons()
        return None

    return wait_until(look, seconds, f"{count} SMS are filed", pause=0.2)


def left(sms, text):
    """Return the numbers to which a text really went, as the message centre saw it."""
    return ["+" + entry["to"].removeprefix("+") for entry in sms.submitted() if entry["text"] == text]
