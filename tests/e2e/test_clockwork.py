"""Reopened, reminded, announced, closed and archived exactly once: two workers race, and the power goes in between."""
from collections import Counter

import pytest
from faulty import SUPPORT, attempt, open_faulty_desk, settle

from dev import postgres
from dev.shell import wait_until

pytestmark = pytest.mark.slow
FEW = 20
MANY = 700  # more than a batch
JOBS = {"cron_wake": "_cron_wake", "cron_close_and_archive": "_cron_close_and_archive"}


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    for server in open_faulty_desk(desk_database, mail):
        server.department = server.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]])[0]
        server.rpc("servicedesk.department", "write", [server.department, {
            "waiting_days": 10, "notice_days": 2, "archive_days": 90, "calendar_id": False}])
        model = server.rpc("ir.model", "search", [[("model", "=", "servicedesk.ticket")]])[0]
        # One record never runs twice at once; a second of each makes the race.
        server.jobs = [server.ref(f"servicedesk.{name}") for name in JOBS] + [server.rpc("ir.cron", "create", [{
            "name": f"second {name}", "model_id": model, "user_id": 1, "state": "code", "code": f"model.{method}()",
            "interval_number": 1, "interval_type": "hours"}]) for name, method in JOBS.items()]
        yield server


@pytest.mark.parametrize("point", [
    None,  # only the race
    "wake-claimed",  # the claim goes with the process
    "wake-done",  # everything is written, nothing committed
    "remind-done",
    "announce_closing-claimed",
    "announce_closing-done",  # the notice is queued in the same transaction as its mark
    "time_out-done",
    "archive_old-done",
])
def test_each_thing_once(desk, mail, point):
    count = FEW if point else MANY
    prefix = (point or "race").replace("_", "-")
    waking = create(desk, prefix, "wake", count, state="waiting", waiting_for="date", reopen_at="2036-12-24 10:00:00")
    reminding = create(desk, prefix, "remind", count, remind_at="2036-12-24 10:00:00", remind_note="Call them")
    announced = create(desk, prefix, "announce", FEW, state="waiting", waiting_for="customer")
    closing = create(desk, prefix, "close", count, state="waiting", waiting_for="customer")
    archived = create(desk, prefix, "archive", count, state="closed")
    if point:
        desk.die_at(point)
    pass_time(desk, waking, reopen_at="1 minute")
    pass_time(desk, reminding, remind_at="1 minute")
    pass_time(desk, announced, state_since="9 days")
    pass_time(desk, closing, state_since="12 days", closing_announced_at="3 days")
    pass_time(desk, archived, closed_at="91 days")
    attempt(wake_all, desk)
    if point:
        wait_until(lambda: attempt(wake_all, desk) or not desk.running(), 120, "the server dies", pause=2)
        desk.die_and_rise()

    def done():
        attempt(wake_all, desk)
        left = ((waking, ("state", "!=", "open")), (reminding, ("remind_at", "!=", False)),
                (announced, ("closing_announced_at", "=", False)), (closing, ("state", "!=", "closed")),
                (archived, ("state", "!=", "archived")))
        return not any(desk.rpc("servicedesk.ticket", "search_count", [[("id", "in", ids), condition]])
                       for ids, condition in left)

    wait_until(done, 180, "everything has happened", pause=1)
    attempt(wake_all, desk)  # once more: nothing happens again
    settle(desk)
    for ids, new in ((waking, "open"), (closing, "closed"), (archived, "archived")):
        assert happened(desk, "servicedesk.event", ids, [
            ("kind", "=", "state"), ("new_value", "=", new), ("user_id", "=", False)]) == dict.fromkeys(ids, 1)
    assert happened(desk, "servicedesk.event", reminding, [("kind", "=", "reminded")]) == dict.fromkeys(reminding, 1)
    for ids in (waking, reminding):
        assert happened(desk, "servicedesk.notice", ids, [("kind", "=", "reminder")]) == dict.fromkeys(ids, 1)
    once, notices = dict.fromkeys(announced, 1), [("kind", "=", "email"), ("automatic", "=", True)]
    assert happened(desk, "servicedesk.item", announced, [*notices, ("state", "=", "sent")]) == once
    assert happened(desk, "servicedesk.item", [*announced, *closing, *archived], notices) == once
    assert [len(mail.mailbox(address(prefix, "announce", number))) for number in range(FEW)] == [1] * FEW


def address(prefix, what, number):
    return f"{prefix}-{what}{number}@customer.example"


def create(desk, prefix, what, count, **vals):
    return desk.rpc("servicedesk.ticket", "create", [[
        {"subject": f"{prefix} {what} {number}", "department_id": desk.department,
         "contact_email": address(prefix, what, number), **vals} for number in range(count)]], timeout=120)


def pass_time(desk, tickets, **ago):
    """Let moments of tickets lie in the past, as if the time had passed."""
    moments = ", ".join(f"{name} = now() AT TIME ZONE 'UTC' - interval '{age}'" for name, age in ago.items())
    ids = ", ".join(map(str, tickets))
    postgres.psql(f"UPDATE servicedesk_ticket SET {moments} WHERE id IN ({ids})", desk.database)


def wake_all(desk):
    """Let both workers of both jobs begin now."""
    desk.rpc("ir.cron.trigger", "create", [[
        {"cron_id": job, "call_at": "2026-01-01 00:00:00"} for job in desk.jobs]])
    desk.wake_crons()


def happened(desk, model, tickets, domain):
    """Return ``{ticket id: number of records}``."""
    rows = desk.rpc(model, "search_read", [[("ticket_id", "in", tickets), *domain]],
                    {"fields": ["ticket_id"], "load": None})
    return dict(Counter(row["ticket_id"] for row in rows))
