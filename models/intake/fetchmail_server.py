import logging
from datetime import datetime, timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

from ...tools.mail import mailbox
from ...tools.reasons import Reason
from ...tools.storable import reason_of

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    """A department's mailbox: read by position into the ledger, never by what is unread."""

    _inherit = "fetchmail.server"

    department_id = fields.Many2one("servicedesk.department", "Service Desk department", ondelete="set null",
                                    index="btree_not_null",
                                    help="What arrives here becomes tickets of this department.")
    servicedesk_since = fields.Date("Fetch mail since", default=lambda self: fields.Date.today() - timedelta(days=1),
                                    help="Older messages stay in the mailbox only. Leave empty to fetch all of it.")
    servicedesk_validity = fields.Char(readonly=True, copy=False, export_string_translation=False)
    servicedesk_last_uid = fields.Char(readonly=True, copy=False, export_string_translation=False)

    @api.constrains("state", "department_id")
    def _check_department_is_there(self):
        """Refuse to read a mailbox into an archived department.

        :raise ValidationError: with the department's name
        """
        for server in self:
            if server.state == "done" and server.department_id and not server.department_id.active:
                raise ValidationError(self.env._(
                    "The department %s is archived. Restore it before its mailbox is read.", server.department_id.name))

    def write(self, vals):
        """Make a mailbox that loses its department a draft: Odoo's reader would empty it or mark it read."""
        losing = self.browse()
        if "department_id" in vals and not vals["department_id"]:
            losing = self.filtered("department_id")
        result = super().write(vals)
        if losing:
            losing.set_draft()
        return result

    def _fetch_mail(self, batch_limit=50):
        ours = self.filtered("department_id")
        error = super(FetchmailServer, self - ours)._fetch_mail(batch_limit=batch_limit) if self - ours else None
        return ours.with_context(fetchmail_cron_running=True)._read_in_turn(batch_limit) or error

    def _read_in_turn(self, share):
        """Read mailboxes until all are empty or the time is up: so many messages of one, then the next, in rounds.

        What remains wakes the job at once; the mailbox that waited longest is the first then.

        :return: the exception that ended the last reading which failed, or None
        """
        error, waiting = None, self.sorted(lambda server: server.date or datetime.min)
        while waiting:
            full = self.browse()
            for server in waiting:
                failure, count = server._fetch_into_ledger(share)
                error = failure or error
                if count >= share:
                    full |= server
                if not self.env["ir.cron"]._commit_progress(remaining=1):
                    self.env["servicedesk.queue"]._wake_jobs("mail.ir_cron_mail_gateway_action")
                    full = self.browse()
                    break
            waiting = full
        self.env["ir.cron"]._commit_progress(remaining=0)
        return error

    def _fetch_into_ledger(self, share=None, reconcile=False):
        """Store what is new in the mailbox; row and position are committed together, message by message.

        :param share: how many messages are taken at most
        :param reconcile: look through the whole mailbox, not from the known position on
        :return: ``(the exception that ended the reading, or None; how many messages were taken)``
        """
        self.ensure_one()
        if not self.try_lock_for_update(allow_referencing=True).filtered_domain(MAIL_SERVER_DOMAIN):
            return None, 0
        connection, failure, count = None, None, 0
        try:
            connection = self._connect__()
            for received in self._read_mailbox(connection, reconcile):
                self._store_whatever_it_is(received)
                count += 1
                if not self.env["ir.cron"]._commit_progress(1, remaining=1) or count == share:
                    break
            self.write({"date": fields.Datetime.now(), "error_date": False, "error_message": False})
        except Exception as error:
            failure = error
            self.env.cr.rollback()
            _logger.warning("The mailbox %r of the department %r could not be read, it is tried again: %s",
                            self.name, self.department_id.name, reason_of(error))
            _logger.debug("Where it failed:", exc_info=error)
            self.write({"date": fields.Datetime.now(), "error_date": self.error_date or fields.Datetime.now(),
                        "error_message": reason_of(error)})
        finally:
            self._disconnect(connection)
        self.env["ir.cron"]._commit_progress()
        return failure, count

    def _cron_servicedesk_reconcile(self):
        """Nightly: store what lies in the mailboxes and is not in the ledger, whatever went wrong before."""
        for server in self.search([*MAIL_SERVER_DOMAIN, ("department_id", "!=", False)]):
            server.with_context(fetchmail_cron_running=True)._fetch_into_ledger(reconcile=True)

    def _read_mailbox(self, connection, reconcile=False):
        if self._get_connection_type() == "imap":
            if reconcile:
                return mailbox.reconcile_imap(connection, self._get_known_uids, self.servicedesk_since)
            return mailbox.read_imap(connection, int(self.servicedesk_validity or 0),
                                     int(self.servicedesk_last_uid or 0), self.servicedesk_since)
        return mailbox.read_pop3(connection, self._get_known_uids)

    def _get_known_uids(self, uids):
        rows = self.env["servicedesk.intake"].search_fetch(
            [("mailbox_id", "=", self.id), ("uid", "in", uids)], ["uid"])
        return set(rows.mapped("uid"))

    def _store_whatever_it_is(self, received):
        """Write one message down; where its headers are in the way, without having looked at them."""
        try:
            self._store_received(received)
            self.env.flush_all()
        except psycopg2.OperationalError:
            raise  # the database's fault, not the message's
        except Exception:
            _logger.warning("Message %s of mailbox %s is stored unread", received.uid, self.id, exc_info=True)
            self.env.cr.rollback()
            self._store_received(received, unread=True)

    def _store_received(self, received, unread=False):
        """Write one message and the position behind it."""
        Intake = self.env["servicedesk.intake"]
        if not self._get_known_uids([received.uid]):
            rows = Intake._store(
                received.raw or b"", self.department_id, self, received.uid, received.received_at, unread=unread)
            if received.raw is None:
                rows._finish("failed", "lost", Reason.of("not_retrieved", detail=received.error))
        if received.position:
            validity, uid = received.position
            self.write({"servicedesk_validity": str(validity), "servicedesk_last_uid": str(uid)})

    def _disconnect(self, connection):
        if connection:
            try:
                connection.logout() if self._get_connection_type() == "imap" else connection.quit()
            except Exception:
                _logger.debug("Mailbox %s did not say good-bye", self.id, exc_info=True)
