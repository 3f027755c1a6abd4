"""What we said in Czech and Slovak until now makes room for the words of the glossary.

An update never replaces a translation that is there, so a field with a new label would keep its former one. What is
still exactly as we shipped it (`shipped.json`: {"model,field": {record: {language: [former texts]}}}, written by
`dev/former_words.py`) is dropped here, before Odoo loads the terms that are missing. Everything else is an
administrator's own and stays.
"""
import json
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

SHIPPED = Path(__file__).with_name("shipped.json")
# Names of records that an update leaves alone in English too: {record: (former, new)}
RENAMED = {"cron_reconcile": ("Service Desk: compare mailboxes with the ledger",
                              "Service Desk: compare mailboxes with the message log")}


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    active = {code for code, _name in env["res.lang"].get_installed()}
    for place, records in json.loads(SHIPPED.read_text(encoding="utf-8")).items():
        model, name = place.split(",")
        if model not in env or name not in env[model]._fields:
            continue
        if env[model]._fields[name].translate is True:
            _drop_texts(env, model, name, records, active)
        else:
            _drop_terms_everywhere(env, model, name, records, active)
    for xmlid, (former, new) in RENAMED.items():
        record = env.ref(f"servicedesk.{xmlid}", raise_if_not_found=False)
        action = record and record.ir_actions_server_id.with_context(lang="en_US")
        if action and action.name == former:
            action.name = new


def _drop_texts(env, model, name, records, active):
    """What a record was called, where it was called so."""
    for xmlid, former in records.items():
        record = env.ref(f"servicedesk.{xmlid}", raise_if_not_found=False)
        former = {lang: texts for lang, texts in former.items() if lang in active}
        if record and record._name == model and former:
            _drop_text(record, name, former)


def _drop_terms_everywhere(env, model, name, records, active):
    """In every view of ours: when parts of a view move into another, Odoo takes their translations along."""
    former = {lang: {text for by_lang in records.values() for text in by_lang.get(lang, ())} for lang in active}
    rows = env["ir.model.data"].search([("module", "=", "servicedesk"), ("model", "=", model)])
    for record in env[model].with_context(active_test=False).browse(rows.mapped("res_id")).exists():
        _drop_terms(record, name, former)


def _drop_text(record, name, former):
    """By SQL: a label is no longer written through its record, and there is nothing to check."""
    column = SQL.identifier(name)
    for lang, texts in former.items():
        record.env.cr.execute(SQL(
            "UPDATE %s SET %s = %s - %s WHERE id = %s AND %s->>%s IN %s",
            SQL.identifier(record._table), column, column, lang, record.id, column, lang, tuple(texts)))
    record.invalidate_recordset([name])


def _drop_terms(record, name, former):
    """A view's translation is one text a language: those of its terms are dropped that are ours."""
    field = record._fields[name]
    stored = field._get_stored_translations(record) or {}
    source = stored.pop("en_US", None)
    stored = {lang: text for lang, text in stored.items() if lang in former}
    if not source or not stored:
        return
    dropped = {}
    for term, by_lang in field.get_translation_dictionary(source, stored).items():
        for lang, text in by_lang.items():
            if text != term and text in former[lang]:
                dropped.setdefault(lang, {})[term] = False
    if dropped:
        record._update_field_translations(name, dropped)
