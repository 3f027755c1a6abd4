"""Broken connections, a full disk and many people at one ticket: nothing lost, nothing twice."""
import contextlib
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from faulty import SUPPORT, attempt, fetch, new_mail, open_faulty_desk, settle, subjects

from dev.shell import wait_until

pytestmark = pytest.mark.slow
JANA = "jana@stavbyvltava.example"


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    yield from open_faulty_desk(desk_database, mail)


class CuttingProxy:
    """A TCP proxy that cuts each connection after it has passed on `limit` bytes of the server."""

    def __init__(self, target, limit):
        self.target, self.limit, self.cuts = target, limit, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target), 10)
            threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, self.limit), daemon=True).start()

    def _pump(self, source, target, limit):
        passed = 0
        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                passed += len(data)
                if limit and passed > limit:
                    self.cuts += 1
                    break
                target.sendall(data)
        for side in (source, target):
            with contextlib.suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()


def test_mail_server_drops_the_connection(desk, mail):
    for number in range(20):
        mail.deliver(new_mail(f"drop {number:02}"), JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"drop.19" in raw)
    proxy = CuttingProxy(mail.imap, 8000)
    server = desk.rpc("fetchmail.server", "search", [[("user", "=", "podpora")]])
    desk.rpc("fetchmail.server", "write", [server, {"port": proxy.port}])
    for _round in range(30):
        wait_until(lambda: fetch(desk), 60, "the mailbox is read")
        if len(subjects(desk, "drop")) == 20:
            break
        desk.wake_crons()
    assert proxy.cuts > 1
    desk.rpc("fetchmail.server", "write", [server, {"port": mail.imap}])
    settle(desk)
    assert subjects(desk, "drop") == [f"drop {number:02}" for number in range(20)]


def test_disk_full(desk, mail):
    mail.deliver(new_mail("full disk"), JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"full.disk" in raw)
    desk.die_at("disk-full")
    attempt(fetch, desk)
    assert subjects(desk, "full disk") == []
    assert desk.running(), "a full disk is no reason to die"
    desk.fault.unlink()
    settle(desk)
    assert subjects(desk, "full disk") == ["full disk"]


def test_eight_people_and_the_mailbox_at_one_ticket(desk, mail):
    mail.deliver(new_mail("crowd"), JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"<crowd@" in raw)
    settle(desk)
    [ticket] = desk.rpc("servicedesk.ticket", "search_read", [[("subject", "=", "crowd")]],
                        {"fields": ["department_id"]})
    for number in range(8):
        user = desk.rpc("res.users", "create", [{
            "name": f"agent{number}", "login": f"agent{number}", "password": f"agent{number}",
            "group_ids": [(4, desk.ref("servicedesk.group_user"))]}])
        desk.rpc("servicedesk.membership", "create", [{"user_id": user, "department_id": ticket["department_id"][0]}])
    for number in range(10):
        reply = new_mail(f"crowd reply {number}")
        reply["In-Reply-To"] = "<crowd@stavbyvltava.example>"
        mail.deliver(reply, JANA, SUPPORT)
    mail.wait_for("podpora", lambda raw: b"crowd.reply.9" in raw)

    def work(number):
        login = f"agent{number}"
        for turn in range(5):
            note = desk.rpc("servicedesk.item", "save_draft",
                            [ticket["id"], "note", {"body": f"<p>{login} {turn}</p>"}], login=login)
            desk.rpc("servicedesk.item", "action_send", [[note]], login=login)
            desk.rpc("servicedesk.ticket", "write", [[ticket["id"]], {"priority": str(turn % 4)}], login=login)

    with ThreadPoolExecutor(9) as pool:
        reading = pool.submit(attempt, fetch, desk)
        jobs = [pool.submit(work, number) for number in range(8)]
        for job in [reading, *jobs]:
            job.result(timeout=120)
    settle(desk)
    items = desk.rpc("servicedesk.item", "search_read", [[("ticket_id", "=", ticket["id"])]],
                     {"fields": ["kind", "preview"]})
    notes = sorted(item["preview"] for item in items if item["kind"] == "note")
    assert notes == sorted(f"agent{number} {turn}" for number in range(8) for turn in range(5))
    assert sum(item["kind"] == "email" for item in items) == 11
    assert not desk.rpc("servicedesk.intake", "search_count", [[("state", "in", ("new", "failed"))]])
