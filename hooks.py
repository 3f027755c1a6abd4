"""What is done once, when the add-on comes and when it goes."""
import logging

_logger = logging.getLogger(__name__)
INTERVAL = "servicedesk.fetch_interval"  # parameter: how often Odoo read mailboxes before, such as "5 minutes"
PARAMETERS = "servicedesk.%"
MODELS = "servicedesk.%"


def post_init_hook(env):
    """Have mailboxes read every minute: Odoo's five are long for somebody who waits for an answer."""
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    if cron and (cron.interval_number, cron.interval_type) == (5, "minutes"):
        env["ir.config_parameter"].set_param(INTERVAL, "5 minutes")
        cron.interval_number = 1


def uninstall_hook(env):
    """Leave nothing behind that goes on by itself: mailboxes, servers, the reading interval, filters, parameters.

    What is removed or left is named in the log.
    """
    _stop_mailboxes(env)
    _restore_interval(env)
    _remove_servers(env)
    _remove_leftovers(env)


def _stop_mailboxes(env):
    """Make the departments' mailboxes drafts: without us Odoo would read them, delete (POP3) or mark (IMAP) all."""
    mailboxes = env["fetchmail.server"].with_context(active_test=False).search([("department_id", "!=", False)])
    mailboxes.set_draft()
    _log("mailboxes are drafts now and are not read until somebody confirms them", mailboxes)


def _restore_interval(env):
    number, _space, unit = (env["ir.config_parameter"].get_param(INTERVAL) or "").partition(" ")
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    if cron and number.isdigit() and (cron.interval_number, cron.interval_type) == (1, "minutes"):
        cron.write({"interval_number": int(number), "interval_type": unit})


def _remove_servers(env):
    """Remove the outgoing servers of the setup assistant, which were for departments only."""
    servers = env["ir.mail_server"].with_context(active_test=False).search([("servicedesk_department_id", "!=", False)])
    used = servers.browse(servers._active_usages_compute())
    _log("outgoing servers are left, because other records name them", used)
    _log("outgoing servers of departments are removed", servers - used)
    (servers - used).unlink()


def _remove_leftovers(env):
    """Remove what is stored by the name of one of our models; name what others built on our fields."""
    filters = env["ir.filters"].with_context(active_test=False)
    own_filters = filters.search([("model_id", "=like", MODELS)])
    exports = env["ir.exports"].search([("resource", "=like", MODELS)])
    parameters = env["ir.config_parameter"].search([("key", "=like", PARAMETERS)])
    for what, records in (("saved filters", own_filters), ("export templates", exports), ("parameters", parameters)):
        _log(f"{what} are removed", records)
    touching = filters.search(["|", ("domain", "like", "servicedesk"), ("context", "like", "servicedesk")]) - own_filters
    _log("saved filters of other apps name fields that are gone", touching)
    for records in (own_filters, exports, parameters):
        records.unlink()


def _log(what, records):
    if records:
        _logger.info("Service Desk goes: %s: %s", what, ", ".join(records.mapped("display_name")))
