import logging
from datetime import timedelta

from odoo import fields, models

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

from ...tools import mailbox

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    """A department's mailbox: read by position into the ledger, never by what is unread."""

    _inherit = "fetchmail.server"

    department_id = fields.Many2one("servicedesk.department", ondelete="restrict", index="btree_not_null",
                                    help="What arrives here becomes tickets of this department.")
    servicedesk_since = fields.Date("Take mail from", default=lambda self: fields.Date.today() - timedelta(days=1),
                                    help="Older messages stay in the mailbox only. Empty: take all of it.")
    servicedesk_validity = fields.Char(readonly=True, copy=False, export_string_translation=False)
    servicedesk_last_uid = fields.Char(readonly=True, copy=False, export_string_translation=False)

    def _fetch_mail(self, batch_limit=50):
        ours = self.filtered("department_id")
        error = super(FetchmailServer, self - ours)._fetch_mail(batch_limit=batch_limit) if self - ours else None
        for server in ours.with_context(fetchmail_cron_running=True):
            error = server._fetch_into_ledger() or error
        return error

    def _fetch_into_ledger(self):
        """Store what is new in the mailbox; row and position are committed together, message by message.

        :return: the exception that ended the reading, or None
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True).filtered_domain(MAIL_SERVER_DOMAIN):
            return None
        connection, failure = None, None
        try:
            connection = self._connect__()
            for received in self._read_mailbox(connection):
                self._store_received(received)
                if not self.env["ir.cron"]._commit_progress(1):
                    break
            self.write({"date": fields.Datetime.now(), "error_date": False, "error_message": False})
        except Exception as error:
            failure = error
            _logger.info("Mailbox %s could not be read", self.id, exc_info=True)
            self.env.cr.rollback()
            self.write({"error_date": self.error_date or fields.Datetime.now(), "error_message": str(error)})
        finally:
            self._disconnect(connection)
        self.env["ir.cron"]._commit_progress()
        return failure

    def _cron_servicedesk_reconcile(self):
        """Nightly: store what lies in the mailboxes and is not in the ledger, whatever went wrong before."""
        for server in self.search([*MAIL_SERVER_DOMAIN, ("department_id", "!=", False)]):
            server.with_context(servicedesk_reconcile=True, fetchmail_cron_running=True)._fetch_into_ledger()

    def _read_mailbox(self, connection):
        if self._get_connection_type() == "imap":
            if self.env.context.get("servicedesk_reconcile"):
                return mailbox.reconcile_imap(connection, self._get_known_uids, self.servicedesk_since)
            return mailbox.read_imap(connection, int(self.servicedesk_validity or 0),
                                     int(self.servicedesk_last_uid or 0), self.servicedesk_since)
        return mailbox.read_pop3(connection, self._get_known_uids)

    def _get_known_uids(self, uids):
        rows = self.env["servicedesk.intake"].search_fetch(
            [("mailbox_id", "=", self.id), ("uid", "in", uids)], ["uid"])
        return set(rows.mapped("uid"))

    def _store_received(self, received):
        """Write one message and the position behind it."""
        Intake = self.env["servicedesk.intake"]
        if not self._get_known_uids([received.uid]):
            rows = Intake._store(received.raw or b"", self.department_id, self, received.uid, received.received_at)
            if received.raw is None:
                rows._finish("failed", "lost", received.error)
        if received.position:
            validity, uid = received.position
            self.write({"servicedesk_validity": str(validity), "servicedesk_last_uid": str(uid)})

    def _disconnect(self, connection):
        if connection:
            try:
                connection.logout() if self._get_connection_type() == "imap" else connection.quit()
            except Exception:
                _logger.debug("Mailbox %s did not say good-bye", self.id, exc_info=True)
