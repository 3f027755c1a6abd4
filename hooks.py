"""What is done once: before and after the add-on comes, and when it goes."""
import logging

from odoo import sql_db
from odoo.tools import SQL, sql

_logger = logging.getLogger(__name__)

INTERVAL = "servicedesk.fetch_interval"  # parameter: how often Odoo read mailboxes before, such as "5 minutes"
PARAMETERS = "servicedesk.%"
MODELS = "servicedesk.%"
BATCH = 20_000
# What the add-on puts into Odoo's big tables: (table, column, its type, whether it has an index, what rows have
# that are there already).
COLUMNS = (
    ("res_partner", "servicedesk_domain", "varchar", True, None),
    ("res_partner", "servicedesk_authorised", "bool", False, None),
    ("res_partner", "servicedesk_sees_company", "bool", False, None),
    ("res_partner", "servicedesk_kept_note", "text", False, None),
    ("res_users", "servicedesk_signature", "jsonb", False, None),
    ("res_users", "servicedesk_quiet_from", "float8", False, 22.0),
    ("res_users", "servicedesk_quiet_to", "float8", False, 6.0),
    ("res_users_settings", "servicedesk_keys_off", "bool", False, None),
    ("res_company", "servicedesk_sms_gateway_id", "int4", False, None),
    ("res_company", "servicedesk_codes_a_day", "int4", False, 50),
    ("ir_attachment", "servicedesk_client_file_id", "int4", True, None),
    ("ir_attachment", "servicedesk_unread", "bool", False, None),
)
# Further indexes, as the models declare them: (name, table, column, of which rows).
INDEXES = (
    ("res_partner_servicedesk_email_idx", "res_partner", "email_normalized", "email_normalized IS NOT NULL"),
    ("res_partner_servicedesk_phone_idx", "res_partner", "phone_sanitized", "phone_sanitized IS NOT NULL"),
    ("ir_attachment_servicedesk_unread_idx", "ir_attachment", "id", "servicedesk_unread IS TRUE"),
)


def pre_init_hook(env):
    """Prepare Odoo's big tables step by step, each in a transaction of its own, before the installation's long one.

    Else they would be locked from the first new column until the last file of data: nobody could work meanwhile. What
    is there already, the installation leaves alone. An installation that breaks off can simply be started again.
    """
    _commit(env.cr)
    for table, column, kind, _index, default in COLUMNS:
        if not sql.column_exists(env.cr, table, column):
            _add_column(env.cr, table, column, kind, default)
    _fill_domains(env)
    for table, column, _kind, index, _default in COLUMNS:
        if index:
            _create_index(env.cr, sql.make_index_name(table, column), table, column, f"{column} IS NOT NULL")
    for name, table, column, rows in INDEXES:
        _create_index(env.cr, name, table, column, rows)


def post_init_hook(env):
    """Have mailboxes read every minute: Odoo's five are long for somebody who waits for an answer.

    List whose address in this database nobody has proven (docs/security.md).
    """
    cron = env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
    if cron and (cron.interval_number, cron.interval_type) == (5, "minutes"):
        env["ir.config_parameter"].set_param(INTERVAL, "5 minutes")
        cron.interval_number = 1
    env["servicedesk.address.claim"]._list_doubtful()


def _commit(cursor):
    """End the transaction, so that nothing stays locked; a failure from here on leaves whole steps behind."""
    cursor.commit()


def _add_column(cr, table, column, kind, default):
    """Add a column; a default fills the rows that are there without touching them, and is the model's afterwards."""
    names = SQL.identifier(table), SQL.identifier(column)
    cr.execute(SQL("ALTER TABLE %s ADD COLUMN %s %s DEFAULT %s", *names, SQL(kind), default))
    cr.execute(SQL("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", *names))
    _commit(cr)


def _fill_domains(env):
    """Write down each company's mail domain, as the model would compute it, a batch at a time."""
    from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS  # its add-on is loaded by now

    last = 0
    while True:
        env.cr.execute(SQL("""
            WITH batch AS (
                SELECT id, email_normalized, is_company FROM res_partner WHERE id > %s ORDER BY id LIMIT %s
            ), filled AS (
                UPDATE res_partner partner
                   SET servicedesk_domain = lower(substring(batch.email_normalized from '[^@]*$'))
                  FROM batch
                 WHERE partner.id = batch.id AND batch.is_company AND partner.servicedesk_domain IS NULL
                   AND substring(batch.email_normalized from '[^@]*$') <> ''
                   AND lower(substring(batch.email_normalized from '[^@]*$')) NOT IN %s
            )
            SELECT max(id) FROM batch""", last, BATCH, tuple(_MAIL_PROVIDERS)))
        last = env.cr.fetchone()[0]
        _commit(env.cr)
        if not last:
            return


def _create_index(cr, name, table, column, rows):
    """Create an index without stopping whoever writes; that cannot be done inside of a transaction.

    Where it fails, the installation makes it in the ordinary way.
    """
    cr.execute(SQL("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", name))
    if (found := cr.fetchone()) and found[0]:
        return
    _commit(cr)
    with sql_db.db_connect(cr.dbname).cursor() as own:
        own._cnx.autocommit = True
        own.execute("SET lock_timeout = '60s'")
        try:
            own.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))  # what broke off is there and of no use
            own.execute(SQL("CREATE INDEX CONCURRENTLY %s ON %s (%s) WHERE %s", *map(
                SQL.identifier, (name, table, column)), SQL(rows)))
        except Exception:
            _logger.warning("The index %s is made by the installation itself, which locks %s", name, table,
                            exc_info=True)
            own.execute(SQL("DROP INDEX IF EXISTS %s", SQL.identifier(name)))
        finally:
            own.execute("RESET lock_timeout")
            own._cnx.autocommit = False


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
    gone = {"saved filters": own_filters, "export templates": exports, "parameters": parameters}
    for what, records in gone.items():
        _log(f"{what} are removed", records)
    touching = filters.search(["|", ("domain", "like", "servicedesk"), ("context", "like", "servicedesk")])
    _log("saved filters of other apps name fields that are gone", touching - own_filters)
    for records in (own_filters, exports, parameters):
        records.unlink()


def _log(what, records):
    if records:
        _logger.info("Service Desk goes: %s: %s", what, ", ".join(records.mapped("display_name")))
