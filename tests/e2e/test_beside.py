"""Beside Odoo's CRM and Project, with real mailboxes: with us, without us, after us; and a copy that reaches nobody.

What a bare Odoo makes of mixed mails and of its mailboxes is compared with what it makes of them beside the Service
Desk, and after that has been uninstalled.
"""
import contextlib
import imaplib
import json
import os
import smtplib
import subprocess
from pathlib import Path

import pytest

from dev import database, postgres
from dev.settings import CONF, DEV, NAME, ROOT

pytestmark = pytest.mark.slow
VENV = Path((DEV / "venv").read_text().strip())
MAILS = (ROOT / "tests/intake/beside.py").read_text()

# Mails are written down only; what the gateway commits lies in savepoints here.
GIVE = MAILS + """
import json
env.registry["mail.mail"].send = lambda self, *args, **kwargs: True
env.registry["mail.thread"]._keep_stored = lambda self: None
env = prepare(env)
print("RESULT" + json.dumps(give_all(env)))
env.cr.rollback()
"""
# Thirty runs of Odoo's reader over what four mails at a time brought: the catch-all mailbox (IMAP), the sales' (POP3)
# and, beside us, the department's own (IMAP).
FETCH = MAILS + """
import json, smtplib
from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

env.registry["mail.mail"].send = lambda self, *args, **kwargs: True
env = prepare(env)
env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "1000")
Server = env["fetchmail.server"]
for user, kind, port, model in (("all", "imap", IMAP, ""), ("sales", "pop", POP3, "res.partner")):
    Server.create({"name": user, "server_type": kind, "server": "127.0.0.1", "port": port, "is_ssl": False,
                   "user": PREFIX + user, "password": "secret", "state": "done",
                   "object_id": env["ir.model"]._get_id(model) if model else False})
if "servicedesk.department" in env:
    department = env["servicedesk.department"].search([("name", "=", "Podpora")])
    Server.create({"name": "Podpora", "server_type": "imap", "server": "127.0.0.1", "port": IMAP, "is_ssl": False,
                   "user": PREFIX + "podpora", "password": "secret", "state": "done", "department_id": department.id,
                   "servicedesk_since": False})
env.cr.commit()
before = newest(env)
mails = list(build_mails())
runs = 0
for start in range(0, len(mails), 4):
    with smtplib.LMTP("127.0.0.1", LMTP) as lmtp:
        for name, message, model, departments in mails[start:start + 4]:
            boxes = [PREFIX + ("sales" if model else "all")] + [PREFIX + "podpora"] * ("Podpora" in departments)
            for box in boxes:
                lmtp.sendmail("x@vltava.example", [box + "@severka.example"], message.as_bytes())
    Server.search(MAIL_SERVER_DOMAIN)._fetch_mail()
    env.cr.commit()
    runs += 1
print("RESULT" + json.dumps({"runs": runs, **describe(env, before)}))
"""
FAIL = MAILS + """
env.registry["mail.mail"].send = lambda self, *args, **kwargs: True
def fail(*args, **kwargs):
    raise LookupError("unknown encoding")
env.registry["mail.thread"].message_parse = fail
mails = {name: message for name, message, model, departments in build_mails()}
before = newest(env)
try:
    env["mail.thread"].message_process(False, mails["alias in To, in Cc"].as_bytes())
    print("RESULTnull")
except LookupError:
    env.cr.rollback()
    print("RESULT" + json.dumps(new_departments(env, before)))
"""
BOXES = ("kept", "emptied", "archived", "deleted")
CONNECT = """
import json
admin = env.ref("base.user_admin")
for name in BOXES:
    department = env["servicedesk.department"].create({"name": name, "email": name + "@severka.example"})
    for kind, port in (("imap", IMAP), ("pop", POP3)):
        env["fetchmail.server"].create({
            "name": name + kind, "server_type": kind, "server": "127.0.0.1", "port": port, "is_ssl": False,
            "user": name + kind, "password": "secret", "state": "done", "department_id": department.id,
            "servicedesk_since": False})
    department.mail_server_id = env["ir.mail_server"].create({
        "name": name, "smtp_host": "mail.example", "from_filter": department.email,
        "servicedesk_department_id": department.id})
env.cr.commit()
env["fetchmail.server"].search([("department_id", "!=", False)])._fetch_mail()
env.cr.commit()
print("RESULT" + json.dumps(env["servicedesk.intake"].search_count([])))
"""
LOSE = """
Department = env["servicedesk.department"]
Department.search([("name", "=", "emptied")]).mailbox_ids.department_id = False
Department.search([("name", "=", "archived")]).active = False
Department.search([("name", "=", "deleted")]).unlink()
env["servicedesk.first.steps"].with_user(env.ref("base.user_admin")).finish()
env["ir.filters"].create([{"name": "Mine", "model_id": "servicedesk.ticket", "user_ids": [(4, 2)]},
                          {"name": "Theirs", "model_id": "res.partner", "user_ids": [(4, 2)]}])
env["ir.exports"].create({"name": "Mine", "resource": "servicedesk.ticket"})
env.cr.commit()
"""
# As the job does it: all that is not a draft.
READ = """
import json
job = env.ref("mail.ir_cron_mail_gateway_action")
env["fetchmail.server"].with_context(cron_id=job.id)._fetch_mails()
env.cr.commit()
Server = env["fetchmail.server"].with_context(active_test=False)
print("RESULT" + json.dumps({
    "drafts": sorted(Server.search([("state", "=", "draft")]).mapped("name")),
    "interval": [job.interval_number, job.interval_type],
    "servers": env["ir.mail_server"].with_context(active_test=False).search([]).mapped("name"),
    "active servers": env["ir.mail_server"].search([]).mapped("name"),
    "filters": env["ir.filters"].search([("name", "in", ("Mine", "Theirs"))]).mapped("name"),
    "exports": env["ir.exports"].search([("name", "=", "Mine")]).mapped("name"),
    "parameters": env["ir.config_parameter"].search([("key", "like", "servicedesk")]).mapped("key"),
}))
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "servicedesk")]).button_immediate_uninstall()
"""
AGAIN = """
import json
job = env.ref("mail.ir_cron_mail_gateway_action")
steps = env["servicedesk.first.steps"].with_user(env.ref("base.user_admin"))
print("RESULT" + json.dumps([steps.is_needed(), job.interval_number]))
"""
STAGE = """
department = env["servicedesk.department"].create({"name": "Podpora", "email": "podpora@severka.example"})
gateway = env["servicedesk.sms.gateway"].create({
    "name": "Kannel", "provider": "kannel", "url": "http://kannel.example", "username": "u", "password": "p",
    "callback_base": "https://desk.example", "token": "known-token", "secret": "known-secret"})
gateway.carries_all = True
department.write({"sms_enabled": True, "sms_gateway_id": gateway.id, "mail_server_id": env["ir.mail_server"].create({
    "name": "Podpora", "smtp_host": "mail.example", "smtp_user": "u", "smtp_pass": "p",
    "servicedesk_department_id": department.id}).id})
env["fetchmail.server"].create([
    {"name": "Podpora", "server_type": "imap", "server": "mail.example", "user": "u", "password": "p", "state": "done",
     "department_id": department.id},
    {"name": "Sales", "server_type": "imap", "server": "mail.example", "user": "u", "password": "p", "state": "done"}])
env["servicedesk.sms.gateway"]._send_text(["+420602123456"], "Hello", env.company)
assert env["servicedesk.sms"].search_count([("state", "=", "queued")]) == 1
env.cr.commit()
"""


@contextlib.contextmanager
def temporary(source, purpose, *modules):
    """A copy of a database for this file, with more modules installed."""
    name = database.database(f"e2e_{os.getpid()}_{purpose}")
    database.copy(source, name)
    try:
        if modules:
            database.install(VENV, name, ["-i", ",".join(modules)], f"beside-{purpose}.log")
        yield name
    finally:
        database.drop(name)


@pytest.fixture(scope="module")
def bare():
    """Odoo with CRM and what the Service Desk depends on, without it."""
    with postgres.in_use(), temporary(database.database("base"), "bare", "crm") as name:
        yield name


@pytest.fixture(scope="module")
def installed(bare):
    with temporary(bare, "installed", NAME) as name:
        yield name


@pytest.fixture
def copied(installed):
    with temporary(installed, "copied") as name:
        yield name


def run(name, script, **values):
    """Run a script in Odoo's shell on a database; return the JSON that it prints behind `RESULT`."""
    head = "".join(f"{key} = {value!r}\n" for key, value in values.items())
    # By `exec`, because a shell that reads a script from its input takes it line by line.
    printed = database.shell(VENV, name, f"import json\nexec({head + script!r}, globals())\n")
    for line in printed.splitlines():
        if line.startswith("RESULT"):
            return json.loads(line.removeprefix("RESULT"))
    return None


def without(results, *keys):
    return {key: value for key, value in results.items() if key not in keys}


def test_mixed_mails(bare, installed, copied):
    plain, beside = run(bare, GIVE), run(installed, GIVE)
    run(copied, UNINSTALL)
    after = run(copied, GIVE)
    assert len(plain) > 60
    assert sum(bool(made["records"] or made["messages"]) for made in plain.values()) > 50
    names = [name for name in plain if name.startswith(("sales lead", "answer on a lead"))]
    assert all(plain[name]["records"] or plain[name]["messages"] for name in names)
    ours = ("departments", "failed")  # who writes to a department only is not told that nobody is there
    assert {name: without(made, *ours) for name, made in beside.items()} == {
        name: without(made, *ours) for name, made in plain.items()}
    assert after == plain


def test_thirty_runs_of_the_reader(bare, installed, mail):
    results = {}
    for purpose, source in (("bare-read", bare), ("installed-read", installed), ("gone-read", installed)):
        with temporary(source, purpose) as name:
            if purpose.startswith("gone"):
                run(name, UNINSTALL)
            results[purpose] = run(name, FETCH, IMAP=mail.imap, POP3=mail.pop3, LMTP=mail.lmtp,
                                   PREFIX=purpose.partition("-")[0])
    plain, beside, after = results.values()
    assert plain["runs"] >= 27
    assert len(plain["records"]) > 40
    assert without(beside, "departments") == without(plain, "departments")
    assert after == plain
    namespace = {}
    exec(MAILS, namespace)
    wanted = sorted(department for *_mail, departments in namespace["build_mails"]() for department in departments)
    assert beside["departments"] == wanted, "each has each of its mails, once"


def test_what_a_department_has_stays_where_another_app_fails(copied):
    run(copied, MAILS + "\nenv = prepare(env)\nenv.cr.commit()\n")
    assert run(copied, FAIL) == ["Podpora"]


def test_mailboxes_are_untouched(copied, mail):
    """After a mailbox has lost its department, and after all of them have."""
    names = [name + kind for name in BOXES for kind in ("imap", "pop")]
    deliver(mail, names, 3)
    ports = {"IMAP": mail.imap, "POP3": mail.pop3, "BOXES": BOXES}
    assert run(copied, CONNECT, **ports) == 3 * len(names)
    run(copied, LOSE)
    deliver(mail, names, 2)
    beside = run(copied, READ)
    assert beside["drafts"] == sorted(name for name in names if not name.startswith("kept"))
    assert beside["interval"] == [1, "minutes"]
    assert beside["active servers"] == ["kept", "emptied", "archived"]
    check_untouched(mail, names, 5)
    run(copied, UNINSTALL)
    deliver(mail, names, 2)
    after = run(copied, READ)
    assert after["drafts"] == sorted(names)
    check_untouched(mail, names, 7)
    assert after["interval"] == [5, "minutes"]
    assert (after["filters"], after["exports"], after["parameters"]) == (["Theirs"], [], [])
    assert after["servers"] == []
    database.install(VENV, copied, ["-i", NAME], "beside-again.log")
    assert run(copied, AGAIN) == [True, 1]


def deliver(mail, names, count):
    with smtplib.LMTP("127.0.0.1", mail.lmtp) as lmtp:
        for name in names * count:
            lmtp.sendmail("jana@vltava.example", [f"{name}@severka.example"],
                          b"From: jana@vltava.example\r\nTo: x@severka.example\r\nSubject: VPN\r\n\r\nHello\r\n")


def check_untouched(mail, names, count):
    for name in names:
        with imaplib.IMAP4("127.0.0.1", mail.imap, timeout=20) as imap:
            imap.login(name, mail.password)
            assert int(imap.select("INBOX", readonly=True)[1][0]) == count, name
            if name.endswith("imap"):  # Dovecot marks what is read by POP3, also by us, while it stays there
                assert imap.search(None, "SEEN")[1] == [b""], name


def test_a_neutralized_copy_reaches_nobody(copied):
    run(copied, STAGE)
    subprocess.run(
        [str(word) for word in database.odoo_command(VENV, "neutralize", "-c", CONF, "-d", copied)],
        check=True, cwd=DEV, env=postgres.environment(), capture_output=True, timeout=120)

    def read(query):
        return json.loads(postgres.psql(f"SELECT coalesce(json_agg(t), '[]') FROM ({query}) t", copied))

    [gateway] = read("SELECT active, url, username, password, token, secret, callback_base"
                     "  FROM servicedesk_sms_gateway")
    assert (gateway["active"], gateway["password"], gateway["callback_base"]) == (False, None, None)
    assert gateway["url"].endswith(".invalid")
    assert len(gateway["token"]) > 40 and len(gateway["secret"]) > 30
    boxes = {row["name"]: row for row in read("SELECT name, active, state, password FROM fetchmail_server")}
    assert boxes["Podpora"] == {"name": "Podpora", "active": False, "state": "draft", "password": None}
    assert not boxes["Sales"]["active"]
    assert read("SELECT name FROM ir_mail_server WHERE active") == [{"name": "neutralization - disable emails"}]
    assert read("SELECT smtp_pass FROM ir_mail_server WHERE name = 'Podpora'") == [{"smtp_pass": None}]
    assert read("SELECT id FROM servicedesk_department WHERE mail_server_id IS NOT NULL") == []
    # Somebody who tries the copy switches its jobs on again.
    run(copied, """
env["ir.cron"].with_context(active_test=False).search([("cron_name", "like", "Service Desk")]).active = True
env["servicedesk.sms"]._cron_send()
env.cr.commit()
""")
    assert read("SELECT state FROM servicedesk_sms") == [{"state": "queued"}]
