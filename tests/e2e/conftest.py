"""Real servers for the tests of this folder: mail, a real Odoo, a browser. Each ends only what it started."""
import os
from pathlib import Path

import pytest

from dev import database, postgres
from dev.browser import chromium, photograph, sign_in
from dev.mailservers import MailServers
from dev.odoo_server import OdooServer, connect_mail
from dev.settings import DEV

VENV = Path((DEV / "venv").read_text().strip())


@pytest.fixture(scope="session")
def mail():
    """Dovecot and Postfix (or the relay) on free ports: `deliver()`, `mailbox()`, `wait_for()`."""
    servers = MailServers(f"e2e-{os.getpid()}", VENV / "bin/python")
    try:
        yield servers.start()
    finally:
        servers.remove()


@pytest.fixture(scope="module")
def desk_database(mail):
    """A copy of the template database for one test file, which finds no mails of the files before it."""
    mail.empty()
    with (
        postgres.in_use(),
        database.temporary(os.environ.get("DEV_TEMPLATE") or database.database("template"), "e2e") as name,
    ):
        yield name


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    """A real Odoo with crons: `rpc()`, `run_cron()`, `wake_crons()`, `connect_mail()`, `restart()`, `kill()`, `url`."""
    server = OdooServer(VENV, desk_database, f"e2e-{os.getpid()}", smtp_port=mail.smtp)
    server.connect_mail = lambda: connect_mail(server, mail)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def chromium_browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def browser(chromium_browser, desk, request):
    """`browser(login, path="/odoo", size=…, dark=…)` gives a signed-in page; a failing test leaves its picture."""
    pages = []

    def open_page(login="admin", path="/odoo", **options):
        pages.append(sign_in(chromium_browser, desk, login, path, **options))
        return pages[-1]

    yield open_page
    failed = getattr(request.node, "failed", False)
    for number, page in enumerate(pages, 1):
        if failed:
            print(f"screenshot: {photograph(page, f'{request.node.name}-{number}')}")
        page.context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        item.failed = report.failed
    return report
