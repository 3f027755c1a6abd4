import logging
import smtplib
from datetime import timedelta

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_split_and_format_normalize

from ...tools.mail import addresses, html_pictures, mail_text
from ...tools.mail import failure as mail_failure
from ...tools.reasons import Reason
from ...tools.storable import reason_of
from ..queue.queue import Queue
from .ir_mail_server import Sending

_logger = logging.getLogger(__name__)
# Nothing can happen before the item says ``sending``: after a crash it is not taken again.
SENDING = Queue("sending", "_process_sending", ("cron_send_1", "cron_send_2"), marked=False,
                set_aside="_note_interrupted")


def _explain(said):
    """Return why a mail was not sent, from what a server or a program said about it."""
    return Reason.of(f"mail_{mail_failure.classify(said) or 'not_sent'}", detail=said)


class ServicedeskItem(models.Model):
    """The way out: draft → queued → sending → sent, or failed with its reason, or unknown after a crash.

    ``sending`` is committed before the mail server is spoken to, and an item found in that state by the same
    worker later was cut off in between: it becomes ``unknown`` and is never sent again by itself.
    """

    _name = "servicedesk.item"
    _inherit = ["servicedesk.item", "servicedesk.queue"]

    def action_send(self):
        """Send drafts: a note is saved, a mail is queued for the workers. Returns the items' states by id.

        :raise UserError: where an address or the text is missing or wrong; the draft stays as it was
        """
        return self._send()

    def _send(self, send_at=None):
        """As :meth:`action_send`; what leaves does so at ``send_at``, where its author has chosen a minute."""
        for item in self:
            if item.state != "draft" or item.author_user_id != self.env.user:
                raise AccessError(self.env._("Only your own draft can be sent."))
            item._check_variables()
            item._get_channel()._check_complete(item)
        with self.env["servicedesk.change"]._span():
            for channel, items in self._by_channel():
                channel._store_contacts(items)
            self._settle_pictures()
            now = fields.Datetime.now()
            # sudo: state and date are the system's; the checks above stand for the author
            for item in self.sudo():
                item.write({"date": now, "author_name": item.author_user_id.name}
                           | item._prepare_sent_vals(now, send_at))
            said = self.filtered(lambda item: item.state != "scheduled")
            said.sudo()._touch_tickets()  # sudo: see above
            said.filtered(lambda item: item._get_channel()._leaves and not item.third_party).ticket_id._on_answered()
            for channel, items in self._by_channel():
                channel._on_sent(items)
                channel._wake(items)
        return {item.id: item.state for item in self}

    def _prepare_sent_vals(self, now, send_at):
        channel = self._get_channel()
        if not channel._leaves:
            return {"state": "done"} | channel._prepare_finished_vals(self)
        return channel._prepare_queue_vals(self) | {"queued_at": now} | channel._prepare_departure_vals(
            self, now, send_at)

    def action_retry(self):
        """Queue again what failed, or what may have been sent and is now said not to have been."""
        again = self.filtered(lambda item: item.state in ("failed", "unknown"))
        again.check_access("write")
        for channel, items in again._by_channel():
            channel._prepare_retry(items)
        # sudo: state is the system's; the ticket's access has been checked
        again.sudo().write({"state": "queued", "failure_reason": False, "queued_at": fields.Datetime.now()})
        again._trigger_workers()

    def action_edit(self):
        """Make a failed or scheduled message the current user's draft again, to mend its address or its words.

        :raise UserError: where part of it has left, or the user has another draft on the ticket
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "scheduled":
            return self._withdraw(self.env.user)
        self._get_channel()._check_editable(self)
        if self.state != "failed" or self.sent_envelopes:
            raise UserError(self.env._("Only a mail that reached nobody can be changed. Write a new one instead."))
        if self._find_own_draft(self.ticket_id, self._get_composer()):
            raise UserError(self.env._("Send or discard your draft in this ticket first."))
        # sudo: state and author are the system's; the ticket's access has been checked
        self.sudo().write({
            "state": "draft", "author_user_id": self.env.uid, "author_partner_id": self.env.user.partner_id.id,
            "message_id": False, "failure_reason": False,
        })
        return None

    def action_mark_sent(self):
        """Settle an item that may have been sent: someone knows that it was."""
        known = self.filtered(lambda item: item.state == "unknown")
        known.check_access("write")
        for channel, items in known._by_channel():
            channel._on_marked_sent(items)
        # sudo: state is the system's; the ticket's access has been checked
        known.sudo().write({"state": "sent", "failure_reason": False, "sent_at": fields.Datetime.now()})

    def _settle_pictures(self):
        """Let pictures in the text point at the ticket's own files, by id alone: no token ever leaves in a mail."""
        for item in self.filtered(lambda item: mail_text.stored_images(item.body)):
            # sudo: files of the ticket's items, whose access the author has; tokens made while editing end here
            own = item.sudo()._find_pictures(mail_text.stored_images(item.body))
            shown = set()

            def place(attachment_id, own=own, shown=shown):
                shown.add(attachment_id)
                return f"/web/image/{attachment_id}" if attachment_id in own.ids else None

            item.body = html_pictures.rewrite(item.body, place, keep_remote=True)
            pictures = own.filtered(lambda attachment, item=item, shown=shown: (
                attachment.res_id == item.id and attachment.id in shown))
            pictures.write({"description": "inline", "access_token": False})

    def _is_perhaps_forged(self):
        """Tell whether a mail came in somebody's name who perhaps did not write it, and nobody has released it."""
        return self.third_party and self.direction == "in" and self.sender_verdict == "failed"

    def action_release_third_party(self):
        """Let a third party's mail count as the customer's: shown in the portal, and its sender has a part now."""
        strangers = self.filtered(lambda item: item.third_party and item.direction == "in")
        strangers.ticket_id.check_access("write")
        # sudo: the mark is the system's; the ticket's access has been checked
        strangers.sudo().write({"third_party": False})
        strangers.ticket_id._on_customer_answer()

    def _prepare_queue_vals(self):
        """Return all that this item will say of itself when it leaves."""
        return self._get_channel()._prepare_queue_vals(self)

    def _trigger_workers(self):
        """Wake those who carry these items, now or when they become due."""
        for channel, items in self._by_channel():
            channel._wake(items)

    @api.model
    def _cron_send(self, worker):
        """Send what is queued.

        :param int worker: number of the job; as one job row never runs twice at once, what this worker finds
            claimed by itself was cut off by a crash
        """
        self._mark_interrupted_unknown(worker)
        self.with_context(servicedesk_worker=worker)._work_off(SENDING, self._get_due_domain)

    def _process_sending(self):
        self._begin_sending(self.env.context["servicedesk_worker"])
        if self._lock_for_outcome():
            try:
                self._send_now()
            except TransactionRollbackError as conflict:
                # The mail server has been spoken to: another look would not be the first any more.
                raise RuntimeError("a conflict after the mail server had been spoken to") from conflict

    def _note_interrupted(self, failure):
        """Say of an item whose outcome could not be written that it may have left; failed where nobody was spoken to.
        """
        if self.state in ("queued", "scheduled"):
            self.write({"state": "failed", "failure_reason": _explain(failure.reason)})
        elif self.state == "sending":
            self.write({"state": "unknown", "failure_reason": Reason.of("mail_not_noted", detail=failure.reason)})

    def _begin_sending(self, worker):
        """Commit that the mail server is spoken to from here on.

        Up to here the claim is a row lock: a crash frees the item, and it is sent by the next worker. From here on
        nobody can tell whether it left.
        """
        if self.state == "scheduled":
            self._say_now()
        self.write({"state": "sending", "claimed_by": worker})
        self.env["ir.cron"]._commit_progress()

    def _lock_for_outcome(self):
        """Lock the item until its outcome is written: nobody's click in between may make that write fail.

        Waits for whoever has it (``lock_for_update`` would give up). The mail server has not been spoken to yet, so
        a conflict costs nothing but another look. Returns False where the item has been deleted meanwhile.
        """
        while True:
            try:
                return bool(self.env.execute_query(SQL(
                    "SELECT id FROM servicedesk_item WHERE id = %s FOR NO KEY UPDATE", self.id)))
            except TransactionRollbackError:
                self.env.cr.rollback()

    def _mark_interrupted_unknown(self, worker):
        # What another worker has held for an hour belongs to one that no longer runs.
        abandoned = Domain("claimed_by", "=", worker) | Domain(
            "write_date", "<", fields.Datetime.now() - timedelta(hours=1))
        cut_off = self.search(Domain("state", "=", "sending") & Domain("kind", "=", "email") & abandoned)
        if cut_off:
            cut_off.write({"state": "unknown", "failure_reason": Reason.of("mail_stopped")})
            self.env["ir.cron"]._commit_progress()

    def _send_now(self):
        """Hand the claimed item to the mail server and note the outcome; the caller commits."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                envelopes = self._prepare_envelopes()
                mails = self.env["mail.mail"].create(list(envelopes.values()))
            sending = Sending(self._get_inline_pictures())
            mails.with_context(servicedesk_sending=sending).send(raise_exception=False)
            sent = [name for name, mail in zip(envelopes, mails, strict=True) if mail.state == "sent"]
            vals = {"sent_envelopes": ",".join(filter(None, [self.sent_envelopes, *sent]))}
            if failed := mails.filtered(lambda mail: mail.state != "sent"):
                vals |= {"state": "failed", "failure_reason": _explain(failed[0].failure_reason)}
            else:
                vals |= {"state": "sent", "sent_at": fields.Datetime.now(), "failure_reason": False}
            # The others have it: it is neither sent again nor simply sent.
            if sending.refused and vals["state"] == "sent":
                vals |= {"state": "bounced", "failure_reason": [
                    _explain(words).having(about=address) for address, words in sending.refused.items()]}
            self.write(vals)
            mails.unlink()
            if vals["state"] == "bounced":
                self.ticket_id._on_undelivered()
        except (smtplib.SMTPServerDisconnected, TimeoutError) as silence:
            # The server may have taken the mail before it fell silent: as after a crash, nobody can tell.
            _logger.warning("The mail server broke off while item %s was sent", self.id, exc_info=True)
            self.write({"state": "unknown", "failure_reason": Reason.of("mail_broke_off", detail=reason_of(silence))})
        except psycopg2.Error:
            raise  # the transaction is lost: the item becomes unknown (see _note_interrupted)
        except Exception as error:
            _logger.warning("Item %s could not be sent", self.id, exc_info=True)
            known = isinstance(error, UserError) and not mail_failure.classify(str(error))
            self.write({"state": "failed", "failure_reason": str(error) if known else _explain(reason_of(error))})

    def _get_inline_pictures(self):
        """Return ``{cid: (name, bytes, mimetype)}`` of the pictures that the text shows (see ir_mail_server)."""
        pictures = self._find_pictures(mail_text.stored_images(self.body))
        return {f"sd-{picture.id}": (picture.name, picture.raw, picture.mimetype) for picture in pictures}

    def _find_pictures(self, ids):
        """Return those of the files that this item's text may show; called in superuser mode.

        Quoted words are a stranger's: they may name any file. With what leaves the house go the item's own pictures
        and those of the same conversation, never one of a note, of a draft or of what others were asked.
        """
        self.ensure_one()
        theirs = Domain("ticket_id", "=", self.ticket_id.id)
        if self.direction != "internal":
            theirs &= (Domain("direction", "in", ("in", "out")) & Domain("state", "!=", "draft")
                       & Domain("third_party", "=", self.third_party))
        items = self.search(theirs | Domain("id", "=", self.id))
        return self.env["ir.attachment"].search([
            ("id", "in", ids), ("res_model", "=", self._name), ("res_id", "in", items.ids), ("res_field", "=", False)])

    def _get_reply_to(self):
        signed = self.ticket_id.department_id._get_reply_address(self.ticket_id)
        return addresses.display(self.ticket_id.department_id.name, signed) if signed else self.email_from

    def _prepare_envelopes(self):
        """Return ``{name: values of a mail.mail}``: To and Cc as written share one envelope, Bcc has its own.

        What has left in an earlier attempt is not among them.
        """
        self.ensure_one()
        department = self.ticket_id.department_id
        headers = {"Return-Path": department._get_sender(), "X-Servicedesk-Ticket": self.ticket_id.number}
        if self.parent_item_id.message_id:
            headers["In-Reply-To"] = self.parent_item_id.message_id
        if self.automatic:  # RFC 3834 §5; Exchange knows only its own header
            headers |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        body = html_pictures.rewrite(self.body, lambda picture_id: f"cid:sd-{picture_id}", keep_remote=True)
        # In the order in which they were added; Odoo's is the other way round.
        files = self.attachment_ids.filtered(lambda attachment: attachment.description != "inline").sorted("id")
        common = {
            "subject": self.subject, "body_html": body, "email_from": self.email_from,
            "reply_to": self._get_reply_to(),
            "message_id": self.message_id, "references": self.references, "headers": repr(headers),
            "mail_server_id": department.mail_server_id.id, "attachment_ids": [(6, 0, files.ids)],
            "auto_delete": False, "state": "outgoing",
        }
        envelopes = {}
        if self.email_to or self.email_cc:
            envelopes["to"] = common | {"email_to": addresses.for_wire(self.email_to) or False,
                                        "email_cc": addresses.for_wire(self.email_cc) or False}
        if self.email_bcc:
            # Whoever gets a blind copy reads whom the mail was for, and of no other blind copy.
            shown = email_split_and_format_normalize(addresses.for_wire(self.email_to) or "") or [
                "undisclosed-recipients:;"]
            envelopes["bcc"] = common | {
                "email_to": addresses.for_wire(self.email_bcc),
                "headers": repr(headers | {"X-Forge-To": ", ".join(shown)})}
        for name in (self.sent_envelopes or "").split(","):
            envelopes.pop(name, None)
        return envelopes
