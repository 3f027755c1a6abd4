"""Power cuts at named points: everything that arrived is filed once, nothing is ever sent twice.

The table of expected outcomes is in docs/reliability.md; each row is one test here.
"""
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from faulty import (
    SUPPORT,
    answer,
    attempt,
    fetch,
    new_mail,
    open_faulty_desk,
    received,
    schedule,
    send,
    settle,
    states,
    subjects,
)

from dev import postgres
from dev.odoo_server import RpcError
from dev.shell import wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    yield from open_faulty_desk(desk_database, mail)


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


def test_mail_that_kills_the_process_is_set_aside(desk, mail):
    """Once among others, twice alone; then it waits for a person, and all others have long been filed."""
    poison = desk.fault.with_suffix(".poison")
    poison.touch()
    for name in ("before", "poison", "behind", "last"):
        mail.deliver(new_mail(f"deadly {name}"), "jana@stavbyvltava.example", SUPPORT)
    mail.wait_for("podpora", lambda raw: b"deadly.last" in raw)
    attempt(fetch, desk)
    deaths = 0
    while not (row := find_settled(desk, "deadly poison")):
        attempt(desk.wake_crons)
        wait_until(lambda: not desk.running() or find_settled(desk, "deadly poison"), 90, "it dies or gives up")
        if not desk.running():
            deaths += 1
            desk.start()
    assert deaths == 3
    assert row["state"] == "failed" and "twice" in row["reason"]
    settle(desk)
    assert subjects(desk, "deadly") == ["deadly before", "deadly behind", "deadly last"]
    poison.unlink()
    desk.rpc("servicedesk.intake", "action_process_again", [[row["id"]]])
    settle(desk)
    assert len(subjects(desk, "deadly")) == 4


def find_settled(desk, subject):
    """Return the ledger's row of a mail when it is not waiting any more; False also while the server is away."""
    try:
        rows = desk.rpc("servicedesk.intake", "search_read", [
            [("subject", "=", subject), ("state", "!=", "new")], ["state", "reason"]])
    except OSError:
        return False
    return rows and rows[0]


@pytest.mark.parametrize("point, state, arrived", [
    ("before-claim", "sent", 1),  # nothing had happened yet: it is sent after the restart
    ("claimed", "sent", 1),  # the claim is a row lock: gone with the process
    ("speaking", "unknown", 0),  # it cannot be told from the next one, so it is never sent by itself
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


@pytest.mark.parametrize("point, state, arrived", [
    ("before-claim", "sent", 1), ("claimed", "sent", 1), ("speaking", "unknown", 0), ("after-250", "unknown", 1)])
def test_scheduled_mail_never_leaves_twice(desk, mail, point, state, arrived):
    items = answer(desk, f"later-{point}")
    schedule(desk, items)
    assert states(desk, items) in (["scheduled"], ["sent"])  # the minute job may have been faster
    if states(desk, items) == ["sent"]:
        pytest.skip("the minute job sent it before the fault was set")
    desk.die_at(point)
    attempt(desk.wake_crons)
    desk.die_and_rise()
    settle(desk)
    assert states(desk, items) == [state]
    assert received(mail, items) == [arrived]


def test_two_workers_and_thirty_scheduled_mails(desk, mail):
    items = answer(desk, "together", 30)
    schedule(desk, items)
    settle(desk)
    assert states(desk, items) == ["sent"] * 30
    assert received(mail, items) == [1] * 30


def test_taking_back_races_with_the_workers(desk, mail):
    """Whoever wins: a mail that is a draft again has not left, one that has left is no draft."""
    items = answer(desk, "race", 12)
    send(desk, items)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda item: attempt_take_back(desk, item), items.values()))
    settle(desk)
    for state, count in zip(states(desk, items), received(mail, items), strict=True):
        assert (state, count) in (("draft", 0), ("sent", 1))


def attempt_take_back(desk, item):
    try:
        desk.rpc("servicedesk.item", "action_take_back", [[item]])
    except RpcError as error:
        assert "too late" in str(error)


def test_fifty_answers_out(desk, mail):
    items = answer(desk, "burst-out", 50)
    desk.die_at("after-250", 25)
    send(desk, items)
    desk.die_and_rise()
    settle(desk)
    found = states(desk, items)
    assert sorted(set(found)) == ["sent", "unknown"]
    assert 1 <= found.count("unknown") <= 2, "one for each worker at most"
    arrived = received(mail, items)
    for state, count in zip(found, arrived, strict=True):
        assert (state, count) == ("sent", 1) or (state == "unknown" and count <= 1)
    assert sum(arrived) >= 49, "the server has the 25th; another worker may have begun with one"
    lost = [item for item, count in zip(items.values(), arrived, strict=True) if not count]
    desk.rpc("servicedesk.item", "action_retry", [lost])
    settle(desk)
    assert received(mail, items) == [1] * 50


def cut_off(database):
    """Let this database go away and come back, as a restart of the server does; the other lane's stay."""
    name = f'"{database}"'
    postgres.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    for _time in range(5):
        postgres.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'")
        time.sleep(0.5)
    postgres.psql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_postgres_restarts_in_the_middle(desk, mail):
    items = answer(desk, "pg-out", 10)
    for number in range(20):
        mail.deliver(new_mail(f"pg {number:02}"), "jana@stavbyvltava.example", SUPPORT)
    mail.wait_for("podpora", lambda raw: b"pg.19" in raw)
    send(desk, items)
    attempt(fetch, desk)
    cut_off(desk.database)
    desk.restart()  # Odoo's job threads end with their connection (its prefork master too): a service manager's work
    settle(desk)
    assert subjects(desk, "pg ") == [f"pg {number:02}" for number in range(20)]
    for state, count in zip(states(desk, items), received(mail, items), strict=True):
        assert (state == "sent" and count == 1) or (state == "unknown" and count <= 1)
