"""Warned, breached and escalated exactly once: two workers race, and the power goes in between."""
from collections import Counter

import pytest
from faulty import attempt, open_faulty_desk

from dev.shell import wait_until

pytestmark = pytest.mark.slow
TICKETS = 1500  # a batch and a half


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    for server in open_faulty_desk(desk_database, mail):
        department = server.rpc("servicedesk.department", "search", [[("name", "=", "Podpora")]])[0]
        policy = server.rpc("servicedesk.sla.policy", "create", [{
            "name": "At once", "resolution_hours": 0.0003, "step_ids": [
                (0, 0, {"trigger": "breach", "recipient": "members", "raise_priority": True}),
                (0, 0, {"trigger": "breach", "recipient": "users", "user_ids": [(6, 0, [2])]})]}])
        server.rpc("servicedesk.department", "write", [department, {"calendar_id": False, "sla_policy_id": policy}])
        server.department = department
        yield server


@pytest.mark.parametrize("point, count", [
    (None, 0),  # only the race
    ("alarm-claimed", 2),  # the claim goes with the process
    ("alarm-rung", 1),  # everything is said and noted, nothing written
    ("alarm-written", 2),  # in the database's hands, not committed
])
def test_exactly_once(desk, point, count):
    if point:
        desk.die_at(point, count)
    tickets = desk.rpc("servicedesk.ticket", "create", [[
        {"subject": f"{point} {number}", "department_id": desk.department} for number in range(TICKETS)]], timeout=120)
    attempt(wake_both, desk)
    if point:
        wait_until(lambda: attempt(wake_both, desk) or not desk.running(), 120, "the server dies", pause=2)
        desk.die_and_rise()

    def done():
        wake_both(desk)
        return not desk.rpc("servicedesk.sla.clock", "search_count", [[("alarm_at", "!=", False)]])

    wait_until(done, 180, "all alarms are worked off", pause=1)
    once = dict.fromkeys(tickets, 1)
    assert happened(desk, "servicedesk.event", tickets, [("kind", "=", "sla_breach")]) == once
    assert happened(desk, "servicedesk.event", tickets, [("kind", "=", "escalation")]) == dict.fromkeys(tickets, 2)
    assert happened(desk, "servicedesk.notice", tickets, [("kind", "=", "sla_breach")]) == once
    assert happened(desk, "servicedesk.notice", tickets, [("kind", "=", "escalation")]) == dict.fromkeys(tickets, 2)
    assert happened(desk, "servicedesk.ticket", tickets, [("priority", "=", "2"), ("sla_state", "=", "late")],
                    "id") == once


def wake_both(desk):
    """Let both workers begin now."""
    desk.rpc("ir.cron.trigger", "create", [[
        {"cron_id": desk.ref(f"servicedesk.cron_sla_{number}"), "call_at": "2026-01-01 00:00:00"}
        for number in (1, 2)]])
    desk.wake_crons()


def happened(desk, model, tickets, domain, field="ticket_id"):
    """Return ``{ticket id: number of records}``."""
    rows = desk.rpc(model, "search_read", [[(field, "in", tickets), *domain]], {"fields": [field], "load": None})
    return dict(Counter(row[field] for row in rows))
