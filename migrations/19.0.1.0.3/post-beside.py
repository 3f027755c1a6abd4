"""Mailboxes of archived departments become drafts, as those of departments that are archived from now on.

And how often Odoo read mailboxes before we came is written down, so that uninstalling sets it back.
"""
from odoo import SUPERUSER_ID, api

from odoo.addons.servicedesk.hooks import INTERVAL


def migrate(cr, _version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["fetchmail.server"].with_context(active_test=False).search(
        [("department_id.active", "=", False), ("department_id", "!=", False), ("state", "=", "done")]).set_draft()
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    # Installing changed five minutes to one, and nothing else.
    if cron and (cron.interval_number, cron.interval_type) == (1, "minutes"):
        Parameter = env["ir.config_parameter"]
        if not Parameter.get_param(INTERVAL):
            Parameter.set_param(INTERVAL, "5 minutes")
