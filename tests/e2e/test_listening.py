"""Who listens to a ticket hears of it only as long as the right lasts: two real sockets, held open all the time."""
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
import websocket

QUIET = 2  # seconds; what is heard comes within a tenth of it


class Listener:
    """A socket that was opened once and subscribed once to a ticket, as a page does."""

    def __init__(self, desk, login, ticket):
        self.socket = websocket.create_connection(
            f"{desk.url.replace('http', 'ws')}/websocket", timeout=10,
            header=[f"Cookie: session_id={desk.session_cookie(login)}"], origin=desk.url)
        self.socket.send(json.dumps({"event_name": "subscribe", "data": {
            "channels": [f"servicedesk.ticket_{ticket}"], "last": 0}}))

    def hear(self, ticket, seconds=10):
        """Return the messages about a ticket: up to the first presence, or all within ``seconds``."""
        heard, until = [], time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                messages = [one["message"] for one in json.loads(self.socket.recv())]
            except (websocket.WebSocketTimeoutException, TimeoutError):
                break
            heard += [one for one in messages if one["type"].startswith("servicedesk.ticket/")
                      and one["payload"]["id"] == ticket]
            if any(one["type"].endswith("presence") for one in heard):
                break
        return heard


def in_hours(hours):
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


@pytest.fixture(scope="module")
def world(desk):
    """Two departments; Petr and Lenka in the first, Tomáš in the second: ``{name: id}``."""
    ids = dict(zip(("support", "billing"), desk.rpc("servicedesk.department", "create", [[
        {"name": "Podpora", "email": "podpora@severka.example"},
        {"name": "Fakturace", "email": "fakturace@severka.example"}]]), strict=True))
    for login, department in (("petr", "support"), ("lenka", "support"), ("tomas", "billing")):
        ids[login] = desk.rpc("res.users", "create", [{
            "name": login.title(), "login": login, "password": login, "email": f"{login}@severka.example",
            "group_ids": [(4, desk.ref("servicedesk.group_user"))]}])
        ids[f"{login} in"] = desk.rpc("servicedesk.membership", "create", [
            {"department_id": ids[department], "user_id": ids[login]}])
    return ids


def new_ticket(desk, world, **vals):
    return desk.rpc("servicedesk.ticket", "create", [{"subject": "VPN", "department_id": world["support"], **vals}])


def announce(desk, ticket, login="petr"):
    desk.rpc("servicedesk.ticket", "announce", [[ticket]], {"hello": True}, login=login)


def hears_until(desk, ticket, login, end):
    """Let ``login`` listen beside Petr, take the right away by ``end()``; return what is heard after that."""
    petr, other = Listener(desk, "petr", ticket), Listener(desk, login, ticket)
    time.sleep(0.5)  # both have subscribed
    announce(desk, ticket)
    assert other.hear(ticket), "it does hear while it may"
    assert petr.hear(ticket)
    end()
    announce(desk, ticket)
    assert petr.hear(ticket), "the server goes on talking"
    return other, other.hear(ticket, QUIET)


def test_membership_that_ended(desk, world):
    ticket = new_ticket(desk, world)
    lenka, heard = hears_until(desk, ticket, "lenka", lambda: desk.rpc(
        "servicedesk.membership", "unlink", [[world["lenka in"]]]))
    assert not heard
    desk.rpc("servicedesk.membership", "create", [{"department_id": world["support"], "user_id": world["lenka"]}])
    announce(desk, ticket)
    assert lenka.hear(ticket), "the same socket hears again, with the right"


def test_ticket_that_moved(desk, world):
    ticket = new_ticket(desk, world)
    desk.rpc("servicedesk.membership", "create", [{"department_id": world["billing"], "user_id": world["petr"]}])
    assert not hears_until(desk, ticket, "lenka", lambda: desk.rpc(
        "servicedesk.ticket", "write", [[ticket], {"department_id": world["billing"]}]))[1]


def test_substitution_that_is_over(desk, world):
    ticket = new_ticket(desk, world, owner_id=world["petr"])
    substitution = desk.rpc("servicedesk.substitution", "create", [{
        "absent_id": world["petr"], "substitute_id": world["tomas"], "starts_at": in_hours(-1),
        "ends_at": in_hours(1)}])
    assert not hears_until(desk, ticket, "tomas", lambda: desk.rpc(
        "servicedesk.substitution", "action_end", [[substitution]]))[1]


def test_ticket_that_is_no_longer_ones_own(desk, world):
    own = desk.rpc("servicedesk.membership", "search", [[
        ("user_id", "=", world["lenka"]), ("department_id", "=", world["support"])]])
    desk.rpc("servicedesk.membership", "write", [own, {"level": "own"}])
    ticket = new_ticket(desk, world, owner_id=world["lenka"])
    assert not hears_until(desk, ticket, "lenka", lambda: desk.rpc(
        "servicedesk.ticket", "write", [[ticket], {"owner_id": world["petr"]}]))[1]
