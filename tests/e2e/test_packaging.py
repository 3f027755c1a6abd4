"""The wheel: every file of the add-on is in it, a bare Odoo installs it, and uninstalling leaves nothing behind."""
import os
import subprocess
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

from dev import addons, database, packaging, postgres
from dev.settings import CONF, DEV, NAME, ROOT

pytestmark = pytest.mark.slow

VENV = Path((DEV / "venv").read_text().strip())
PREFIX = f"odoo/addons/{NAME}/"
# What the checkout holds for its developers; anything else belongs to the add-on and has to be in the wheel.
NOT_SHIPPED = {"bench", "bridges", "dev", "Makefile", "conftest.py", "pytest.ini", "pyproject.toml"}

# A desk that has been used: files, drafts, an alias, a task, a ledger row. Then it goes.
USE = """
department = env["servicedesk.department"].create({"name": "Podpora", "email": "podpora@severka.example"})
env["servicedesk.membership"].create({"department_id": department.id, "user_id": env.ref("base.user_admin").id})
raw = b"From: jana@stavbyvltava.example\\nTo: podpora@severka.example\\nMessage-ID: <1@x>\\nSubject: VPN\\n\\nDobry den"
row = env["servicedesk.intake"]._store(raw, department)
row._process()
assert row.state == "done", row.traceback
ticket = row.ticket_id
ticket.message_post(body="from elsewhere")
ticket.activity_schedule("mail.mail_activity_data_todo", user_id=env.ref("base.user_admin").id)
env["ir.attachment"].create({"name": "a.txt", "raw": b"a", "res_model": "servicedesk.item", "res_id": row.item_id.id})
ticket.write({"state": "closed"})
env["servicedesk.ban"].create({"value": "spam.example"})
env.cr.commit()
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "servicedesk")]).button_immediate_uninstall()
"""
# What may be left behind, one line an object; compared before the installation and after the uninstallation.
CATALOGUE = {
    "tables, views and columns": "SELECT table_name || '.' || column_name FROM information_schema.columns"
                                 " WHERE table_schema = 'public'",
    "indexes": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename FROM pg_sequences",
    "functions": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    # Under the names of `base` and `mail` Odoo itself leaves orphans of every uninstalled module that uses mail.thread.
    "external ids": "SELECT name FROM ir_model_data WHERE module = 'servicedesk'",
    "models": "SELECT model FROM ir_model",
    "fields": "SELECT model || '.' || name FROM ir_model_fields",
    "menus": "SELECT id || ' ' || name FROM ir_ui_menu",
    "jobs": "SELECT id || ' ' || cron_name FROM ir_cron",
    "actions": "SELECT id || ' ' || name FROM ir_actions",
    "views": "SELECT id || ' ' || name FROM ir_ui_view",
    "rules": "SELECT id || ' ' || name FROM ir_rule",
    "access rights": "SELECT id || ' ' || name FROM ir_model_access",
    "groups": "SELECT id || ' ' || name FROM res_groups",
    "privileges": "SELECT id || ' ' || name FROM res_groups_privilege",
    "number sequences": "SELECT id || ' ' || name FROM ir_sequence",
    "parameters": "SELECT key FROM ir_config_parameter WHERE key LIKE '%servicedesk%'",
    "filters": "SELECT id || ' ' || model_id FROM ir_filters",
    "aliases": "SELECT id || ' ' || coalesce(alias_name, '') FROM mail_alias",
    "mailboxes": "SELECT id || ' ' || name FROM fetchmail_server",
    "files": "SELECT id || ' ' || name || ' of ' || res_model FROM ir_attachment WHERE res_model LIKE 'servicedesk%'",
    "messages": "SELECT id || ' of ' || model FROM mail_message WHERE model LIKE 'servicedesk%'",
    "followers": "SELECT id || ' of ' || res_model FROM mail_followers WHERE res_model LIKE 'servicedesk%'",
    "activities": "SELECT id || ' of ' || res_model FROM mail_activity WHERE res_model LIKE 'servicedesk%'",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return packaging.build(VENV / "bin/python", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    """The add-ons folder of an installed wheel, readable for the account that runs Odoo."""
    target = tmp_path_factory.mktemp("site")
    subprocess.run([VENV / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps",
                    "--no-index", "--target", target, wheel], check=True, timeout=300)
    for parent in (target, *list(target.parents)[:2]):
        parent.chmod(0o755)
    return target / "odoo" / "addons"


def test_every_file_of_the_addon_is_in_the_wheel(wheel):
    """git, not the packaging, says what there is."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True,
                            check=True, timeout=60).stdout.splitlines()
    wanted = {path for path in listed if path.partition("/")[0] not in NOT_SHIPPED and path[0] != "."
              and not path.startswith("tests/e2e/") and (ROOT / path).exists()}
    with zipfile.ZipFile(wheel) as archive:
        names = {name.removeprefix(PREFIX) for name in archive.namelist() if name.startswith(PREFIX)}
        changed = [name for name in wanted & names if archive.read(PREFIX + name) != (ROOT / name).read_bytes()]
    assert wanted == names
    assert not changed
    kinds = {Path(name).suffix for name in names}
    assert {".py", ".xml", ".csv", ".js", ".scss", ".png"} <= kinds
    assert any(name.startswith("demo/") for name in names)


def test_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    manifest = addons.manifest(ROOT)
    assert metadata["Name"] == f"odoo-addon-{NAME}"
    assert metadata["Version"] == manifest["version"]
    assert set(metadata.get_all("Requires-Dist")) == {"odoo==19.0.*", *manifest["external_dependencies"]["python"]}


def test_bare_odoo_installs_the_wheel_and_gets_rid_of_it(unpacked):
    core = Path((DEV / "odoo").read_text().strip()) / "odoo" / "addons"
    if not (core / "mail").is_dir():
        core = core.parent.parent / "addons"
    path = f"--addons-path={core},{unpacked}"
    name = database.database(f"e2e_{os.getpid()}_wheel")
    with postgres.in_use():
        try:
            database.install(VENV, name, ["-i", ",".join(addons.manifest(ROOT)["depends"])], "wheel-base.log", path)
            before = catalogue(name)
            database.install(VENV, name, ["-i", NAME], "wheel.log", path)
            assert postgres.psql("SELECT count(*) FROM ir_model WHERE model LIKE 'servicedesk.%'", name) != "0"
            shell(name, path, USE)
            shell(name, path, UNINSTALL)
            after = catalogue(name)
            state = postgres.psql(f"SELECT state FROM ir_module_module WHERE name = '{NAME}'", name)
        finally:
            database.drop(name)
    assert state == "uninstalled"
    assert {kind: sorted(after[kind] - before[kind]) for kind in after if after[kind] - before[kind]} == {}
    assert {kind: sorted(before[kind] - after[kind]) for kind in after if before[kind] - after[kind]} == {}


def catalogue(name):
    return {kind: set(postgres.psql(query, name).splitlines()) for kind, query in CATALOGUE.items()}


def shell(name, path, script):
    """Run a script in Odoo's shell; an exception in it fails the test."""
    done = subprocess.run(
        [str(word) for word in database.odoo_command(VENV, "shell", "-c", CONF, path, "-d", name, "--no-http")],
        input=script, capture_output=True, text=True, cwd=DEV, env=postgres.environment(), timeout=600)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr[-3000:]
