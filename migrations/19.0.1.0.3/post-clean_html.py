"""HTML that was stored by former versions is cleaned by the cleaner of today.

Messages are many: a job of the new version cleans them in the background, and is called here. Notes, signatures and
texts are few, and cleaned at once where there is something to clean.
"""
from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

FIELDS = (("servicedesk.template", "body"), ("servicedesk.step", "body"), ("servicedesk.department", "signature"),
          ("res.users", "servicedesk_signature"), ("res.partner", "servicedesk_kept_note"))


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    languages = [code for code, _name in env["res.lang"].get_installed()]
    for model, name in FIELDS:
        dressed = SQL("SELECT id FROM %s WHERE %s::text ~ '(class|style|src|id|name|background) ?='",
                      SQL.identifier(env[model]._table), SQL.identifier(name))
        records = env[model].browse(row_id for (row_id,) in env.execute_query(dressed))
        _clean(records, name, languages if env[model]._fields[name].translate else [None])
    env["servicedesk.item"]._wake_jobs("cron_clean_html")


def _clean(records, name, languages):
    for record in records:
        for lang in languages:
            speaking = record.with_context(lang=lang) if lang else record
            if text := speaking[name]:
                speaking[name] = str(text)  # the field cleans what is written
