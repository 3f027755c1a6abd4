"""A desk that was used with the last commit before the rooms, updated with `-u` to the code of today: nothing is lost.

What it holds is made by `used_desk.py`; rows and values are compared by SQL, so that no code of ours judges itself.
"""
import ast
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from dev import database, postgres, upgrade
from dev.odoo_server import OdooServer, RpcError
from dev.settings import CONF, DEV, LOG, our_addons
from dev.shell import run_logged

pytestmark = pytest.mark.slow
VENV = Path((DEV / "venv").read_text().strip())

# Tables of others that hold what people put into the desk; of ours, all.
NEIGHBOURS = ("res_partner", "res_users", "project_task", "calendar_event", "mail_activity", "ir_filters", "ir_cron",
              "ir_sequence", "fetchmail_server", "ir_mail_server", "ir_config_parameter", "mail_mail")
# What a version may change on purpose, with its reason: {"table.column": "why"}, {"table": "why its rows may go"}.
MAY_CHANGE = {
    "servicedesk_event.old_value": "history knows tickets by their ids: test_history_knows_other_tickets_by_id",
    "servicedesk_event.new_value": "as above",
    "ir_cron.cron_name": "its words are others: test_labels_are_those_of_a_fresh_desk",
    "res_partner.servicedesk_note": "it has another name: test_notes_of_customers_are_kept",
}
OWN_WORDS = {"servicedesk.menu_tickets", "servicedesk.group_user", "servicedesk.field_servicedesk_ticket__owner_id"}
MAY_GO = {}
# When and by whom a row was last touched, an update says so itself.
TOUCHED = ("write_date", "write_uid")
# Prints {"model,field": {external id: {language: text}}} of all that our add-ons show and Odoo translates; names of
# models of others are said by them.
TEXTS = """
import json
modules = {name for name in env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")
           if name.startswith("servicedesk")}
if FRESH:
    for lang in LANGUAGES:
        env["res.lang"]._activate_lang(lang)
    env["ir.module.module"].search([("state", "=", "installed")])._update_translations(LANGUAGES)
found = {}
rows = env["ir.model.data"].search([("module", "in", sorted(modules))])
others = env["ir.model.data"].search([("module", "not in", sorted(modules)), ("model", "=", "ir.model")])
rows = rows.filtered(lambda row: row.model != "ir.model" or row.res_id not in set(others.mapped("res_id")))
for model in {row.model for row in rows if row.model in env}:
    names = {row.res_id: row.complete_name for row in rows if row.model == model}
    records = env[model].with_context(active_test=False).browse(names).exists()
    for field in env[model]._fields.values():
        if field.translate and field.store:
            found[f"{model},{field.name}"] = texts = {}
            for lang in ("en_US", *LANGUAGES):
                for record in records.with_context(lang=lang):
                    texts.setdefault(names[record.id], {})[lang] = record[field.name]
if FRESH:
    env.cr.commit()
print("TEXTS" + json.dumps(found))
"""
HARMLESS = ()  # parts of warnings of the update's log that say nothing of ours


@pytest.fixture(scope="module")
def desk(mail):
    """The updated desk, with what it held before as `before`; jobs run only where a test runs them."""
    with postgres.in_use():
        try:
            restoring = upgrade.restored(VENV)
            name = restoring.__enter__()
        except upgrade.NoCommit as error:
            pytest.skip(str(error))
        try:
            before = read_all(name)
            log = LOG / "upgrade.log"
            run_logged(database.odoo_command(
                VENV, "-u", ",".join(our_addons()), "-c", CONF, "-d", name, "--stop-after-init", "--no-http",
                "--log-level=info"), log, 900, env=postgres.environment(), cwd=DEV)
            server = OdooServer(VENV, name, f"upgrade-{name[-8:]}", smtp_port=mail.smtp, crons=0)
            server.texts, server.fresh = read_texts(name), read_fresh_texts()
            server.before, server.after, server.update_log = before, read_all(name), log.read_text(errors="replace")
            try:
                yield server.start()
            finally:
                server.stop()
        finally:
            restoring.__exit__(None, None, None)


def read_all(name):
    """``{table: {id: row}}`` of everything that must not be lost; tables of links have whole rows as keys."""
    tables = postgres.psql(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
        "AND (table_name LIKE 'servicedesk\\_%' OR table_name LIKE '%\\_servicedesk\\_%' OR table_name IN "
        f"({', '.join(repr(table) for table in NEIGHBOURS)}))", name).split()
    found = {table: read_rows(name, f'SELECT * FROM "{table}"') for table in tables}
    found["ir_attachment"] = read_rows(
        name, "SELECT id, name, res_model, res_id, store_fname, checksum, mimetype FROM ir_attachment "
              "WHERE res_model LIKE 'servicedesk.%'")
    return found


def read_texts(name, fresh=False):
    """``{"model,field": {external id: {language: text}}}``; a fresh database learns the languages first."""
    script = f"FRESH, LANGUAGES = {fresh}, {list(database.LANGUAGES[1:])}\n{TEXTS}"
    printed = database.shell(VENV, name, script)
    return json.loads(next(line for line in printed.splitlines() if line.startswith("TEXTS")).removeprefix("TEXTS"))


def read_fresh_texts():
    with database.temporary(os.environ.get("DEV_TEMPLATE") or database.database("template"), "e2e") as name:
        return read_texts(name, fresh=True)


def read_rows(name, select):
    text = postgres.psql(f"SELECT coalesce(json_agg(t), '[]') FROM ({select}) t", name)
    return {row.get("id", tuple(row.values())): row for row in json.loads(text)}


def transient(table):
    return any(word in table for word in ("_merge_tickets", "_split_items", "_run_macro", "_hand_over", "_sms_test",
                                          "_change_tickets", "_ban_senders", "_file_attachments"))


def without_ids(text):
    """A text of a view without the ids of actions, which are others in each database."""
    return re.sub(r'name="\d+"', 'name="…"', text) if isinstance(text, str) else text


def used(desk, name):
    return desk.ref(f"__used__.{name}")


def test_update_says_nothing_alarming(desk):
    lines = [line for line in desk.update_log.splitlines() if re.search(r" (WARNING|ERROR|CRITICAL) ", line)]
    assert not [line for line in lines if not any(word in line for word in HARMLESS)]


def test_no_row_is_lost(desk):
    lost = {table: sorted(map(str, rows.keys() - desk.after.get(table, {}).keys()))[:5]
            for table, rows in desk.before.items() if table not in MAY_GO and not transient(table)
            and rows.keys() - desk.after.get(table, {}).keys()}
    assert not lost


def test_no_value_is_another(desk):
    changed = {}
    for table, rows in desk.before.items():
        for key, row in rows.items():
            now = desk.after.get(table, {}).get(key)
            for column, value in row.items() if now else ():
                name = f"{table}.{column}"
                if column not in TOUCHED and name not in MAY_CHANGE and now.get(column, "the column is gone") != value:
                    changed.setdefault(name, []).append((key, value, now.get(column, "the column is gone")))
    assert not {name: values[:2] for name, values in changed.items()}


def test_files_are_there(desk):
    store = database.filestore(desk.database)
    assert desk.after["ir_attachment"]
    assert not [row for row in desk.after["ir_attachment"].values()
                if row["store_fname"] and not (store / row["store_fname"]).is_file()]


@pytest.mark.parametrize("model, kind, marks", [
    ("servicedesk.ticket", "form", ["o_own_plain", "o_own_field", "x_machine", "o_own_badge", "o_own_deadline"]),
    ("servicedesk.ticket", "list", ["x_machine"]),
    ("servicedesk.department", "form", ["o_own_color"]),
])
def test_own_views_apply(desk, model, kind, marks):
    arch = desk.rpc(model, "get_views", [[[False, kind]]])["views"][kind]["arch"]
    assert [mark for mark in marks if mark not in arch] == []


@pytest.mark.parametrize("name", ["view_form", "view_form_of_extension", "view_list", "view_department"])
def test_own_views_can_be_written(desk, name):
    """Odoo looks at a view again when it is written: it still finds what it hangs on."""
    view = desk.rpc("ir.ui.view", "read", [[used(desk, name)], ["arch_db", "active"]])[0]
    assert view["active"]
    assert desk.rpc("ir.ui.view", "write", [[view["id"]], {"arch_db": view["arch_db"] + " "}])


def test_own_field_keeps_its_value(desk):
    assert desk.rpc("servicedesk.ticket", "read", [[used(desk, "ticket_0")], ["x_machine"]])[0][
        "x_machine"] == "Router 17"


def test_menus_keep_their_names(desk):
    czech = {"context": {"lang": "cs_CZ"}}
    own = desk.rpc("ir.ui.menu", "read", [[used(desk, "menu")], ["name", "parent_id", "action"]], czech)[0]
    assert (own["name"], own["parent_id"][0]) == ("Our own list", desk.ref("servicedesk.menu_tickets"))
    assert own["action"] == f"ir.actions.act_window,{desk.ref('servicedesk.servicedesk_ticket_action')}"
    renamed = desk.rpc("ir.ui.menu", "read", [[desk.ref("servicedesk.menu_tickets")], ["name"]], czech)[0]
    assert renamed["name"] == "Naše tikety"


def test_labels_are_those_of_a_fresh_desk(desk):
    """In English, Czech and Slovak; what an administrator has said differently stays."""
    differ = {}
    for place, records in desk.fresh.items():
        for xmlid in records.keys() - OWN_WORDS:
            for lang, text in records[xmlid].items():
                said = desk.texts[place].get(xmlid, {}).get(lang)
                if without_ids(said) != without_ids(text):
                    differ[f"{place} {xmlid} {lang}"] = (said, text)
    assert len(desk.fresh["ir.ui.view,arch_db"]) > 50
    assert not differ


@pytest.mark.parametrize("xmlid, model, field, words", [
    ("servicedesk.group_user", "res.groups", "name", "Naši technici"),
    ("servicedesk.field_servicedesk_ticket__owner_id", "ir.model.fields", "field_description", "Naše pole"),
    ("servicedesk.macro_heslo", "servicedesk.macro", "name", "Naše makro"),
])
def test_changed_translations_stay(desk, xmlid, model, field, words):
    row = desk.rpc(model, "read", [[desk.ref(xmlid)], [field]], {"context": {"lang": "cs_CZ"}})[0]
    assert row[field] == words


def test_saved_filter_still_works(desk):
    row = desk.rpc("ir.filters", "read", [[used(desk, "filter")], ["domain", "context"]])[0]
    domain = ast.literal_eval(row["domain"])
    assert desk.rpc("servicedesk.ticket", "search_count", [domain]) >= 1
    groups = ast.literal_eval(row["context"])["group_by"]
    assert desk.rpc("servicedesk.ticket", "formatted_read_group", [domain, groups, ["__count"]])


def test_every_job_runs(desk):
    names = [row["name"] for row in desk.rpc("ir.model.data", "search_read", [[
        ("module", "=", "servicedesk"), ("model", "=", "ir.cron")], ["name"]])]
    jobs = {name: desk.rpc("ir.cron", "read", [[desk.ref(f"servicedesk.{name}")], ["active", "failure_count"]])[0]
            for name in names}
    assert [name for name, row in jobs.items() if not row["active"]] == []
    failed = {}
    for name in names:
        try:
            desk.run_cron(f"servicedesk.{name}")
        except RpcError as error:
            failed[name] = str(error)
    assert not failed
    text = desk.log.read_text(errors="replace")
    assert not [line for line in text.splitlines() if re.search(r" (ERROR|CRITICAL) ", line)]


def test_mail_on_its_way_is_filed(desk):
    """It arrived before the update, and nobody had filed it."""
    desk.run_cron("servicedesk.cron_intake_1")
    row = desk.rpc("servicedesk.intake", "read", [[used(desk, "waiting_mail")], ["state", "outcome"]])[0]
    assert (row["state"], row["outcome"]) == ("done", "new")


def test_scheduled_and_queued_mails_wait(desk):
    names = ("draft", "scheduled", "queued", "failed")
    rows = desk.rpc("servicedesk.item", "read", [[used(desk, name) for name in names], ["state"]], login="petr")
    assert [row["state"] for row in rows] == list(names)


def test_history_and_time_line_are_read(desk):
    for number in range(6):  # the other two were merged, and one has nothing left
        page = desk.rpc("servicedesk.timeline", "get_page", [used(desk, f"ticket_{number}")], login="petr")
        kinds = {entry["type"] for entry in page["entries"]}
        assert kinds == {"item", "event"}, page


def test_history_knows_other_tickets_by_id(desk):
    """It held their subjects, which are secrets of their departments; no other line of it is another now."""
    numbers = {row["number"]: row["id"] for row in desk.before["servicedesk_ticket"].values()}
    named = 0
    for key, before in desk.before["servicedesk_event"].items():
        now = desk.after["servicedesk_event"][key]
        for side in ("old", "new"):
            words, ids = before[f"{side}_value"], now[f"{side}_ids"]
            if now[f"{side}_value"] == words:
                assert not ids, now
            else:
                named += 1
                assert (now[f"{side}_value"], ids) == (None, [numbers[words.split(" · ")[0]]])
    assert named


def test_notes_of_customers_are_kept(desk):
    before, after = ({key: row.get(name) or None for key, row in rows["res_partner"].items()} for rows, name in (
        (desk.before, "servicedesk_note"), (desk.after, "servicedesk_kept_note")))
    assert any(before.values())
    assert {key: after[key] for key in before} == before


def test_old_history_names_the_other_ticket(desk):
    """Who may read it sees its number, as in history that is written today."""
    named = next(row for row in desk.after["servicedesk_event"].values() if row["new_ids"] and row["id"] in
                 desk.before["servicedesk_event"])
    number = desk.after["servicedesk_ticket"][named["new_ids"][0]]["number"]
    page = desk.rpc("servicedesk.timeline", "get_page", [named["ticket_id"]])
    assert number in json.dumps([entry for entry in page["entries"] if entry["type"] == "event"])


def test_merge_of_before_can_be_undone(desk):
    merge = used(desk, "merge")
    desk.rpc("servicedesk.merge", "action_undo", [[merge]])
    assert desk.rpc("servicedesk.merge", "read", [[merge], ["state"]])[0]["state"] == "undone"


def test_demo_agents_still_see_their_tickets(desk):
    seen = desk.rpc("servicedesk.ticket", "search_count", [[]], login="petr")
    assert seen > 50


def test_update_can_be_done_again(desk):
    """What a script in migrations/ did, it does once."""
    desk.stop()
    done = subprocess.run(
        [str(word) for word in database.odoo_command(
            VENV, "-u", ",".join(our_addons()), "-c", CONF, "-d", desk.database, "--stop-after-init", "--no-http",
            "--log-level=warn")], env=postgres.environment(), cwd=DEV, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line for line in done.stderr.splitlines() if re.search(r" (ERROR|CRITICAL) ", line)]
    assert not lines
