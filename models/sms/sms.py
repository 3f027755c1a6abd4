import logging
import uuid

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.reasons import Reason
from ...tools.sms import failure as sms_failure
from ...tools.sms import sms_text
from ...tools.sms.sms_gateway import base
from ..queue.queue import Queue
from ..reasons.reason import ReasonChar

_logger = logging.getLogger(__name__)
# Nothing can happen before the message says ``sending``: after a crash it is not taken again.
SENDING = Queue("sms", "_process_sending", ("cron_sms_send",), marked=False, set_aside="_note_interrupted")
WAITING = ("queued", "sending")


class ServicedeskSms(models.Model):
    """One SMS to one number: of an item, of the system, or of another app; the queue, and what became of it.

    An item to several people has one of these for each, so that each has a state of its own. ``sending`` is committed
    before the gateway is spoken to; what is found in it later was cut off in between, becomes ``unknown`` and is never
    sent again by itself. Reports carry ``reference``, so a late one settles it.
    """

    _name = "servicedesk.sms"
    _inherit = ["servicedesk.scope", "servicedesk.queue"]
    _description = "SMS"
    _rec_name = "number"
    _order = "id"

    item_id = fields.Many2one("servicedesk.item", "Message", readonly=True, ondelete="cascade", index="btree_not_null")
    gateway_id = fields.Many2one("servicedesk.sms.gateway", readonly=True, required=True, ondelete="restrict",
                                 index=True)
    origin = fields.Selection([("item", "Ticket"), ("system", "Notification"), ("app", "Another app")], default="item",
                              required=True, readonly=True)
    number = fields.Char("To", readonly=True, required=True, help="E.164")
    name = fields.Char("Recipient", readonly=True)
    sender = fields.Char("From", readonly=True)
    text = fields.Text(readonly=True, prefetch=False)
    segment_count = fields.Integer("SMS count", compute="_compute_segment_count", store=True, precompute=True)
    state = fields.Selection(
        [("queued", "Queued"), ("sending", "Sending"), ("sent", "Sent"), ("delivered", "Delivered"),
         ("failed", "Not delivered"), ("unknown", "Delivery unknown")],
        default="queued", required=True, readonly=True)
    reason = ReasonChar(readonly=True, help="Why it did not get through.")
    detail = fields.Text("Technical details", compute="_compute_detail",
                         help="What the gateway said, in its own words.")
    reference = fields.Char("Our message ID", readonly=True, required=True, copy=False,
                            default=lambda self: uuid.uuid4().hex, export_string_translation=False)
    provider_reference = fields.Char("Provider message ID", readonly=True, copy=False)
    sent_at = fields.Datetime("Passed to gateway", readonly=True, copy=False)
    reported_at = fields.Datetime("Reported", readonly=True, copy=False)

    _queue_idx = models.Index("(id) WHERE state IN ('queued', 'sending')")
    _number_idx = models.Index("(number, id) WHERE item_id IS NOT NULL")
    _reference_uniq = models.UniqueIndex("(reference)", "Two SMS have the same message ID.")
    _provider_reference_idx = models.Index("(provider_reference) WHERE provider_reference IS NOT NULL")

    @api.depends("text")
    def _compute_segment_count(self):
        for sms in self:
            sms.segment_count = sms_text.measure(sms.text).segments

    @api.depends("reason")
    def _compute_detail(self):
        for sms in self:
            sms.detail = self._fields["reason"].get_details(sms)

    @api.model
    def _get_user_scope_domain(self):
        """Those of items follow their ticket; those of the system are for administrators."""
        domain = self._get_membership_domain()
        return domain if domain.is_true() else Domain("item_id.ticket_id", "any!", domain)

    @api.model
    def _get_queue_domain(self):
        """Return what may be sent now: its gateway is up, and its item is neither taken back nor planned for later."""
        now = fields.Datetime.now()
        gateways = self.env["servicedesk.sms.gateway"].search(Domain("former_host", "=", False) & (
            Domain("retry_at", "=", False) | Domain("retry_at", "<=", now)))
        return Domain("state", "=", "queued") & Domain("gateway_id", "in", gateways.ids) & (
            Domain("item_id", "=", False) | Domain("item_id", "any", self._get_due_item_domain()))

    @api.model
    def _get_due_item_domain(self):
        """Return which items may leave: they are not taken back, and their time has come (see item_schedule)."""
        return Domain("state", "!=", "draft") & (
            Domain("send_at", "=", False) & Domain("state", "!=", "scheduled")
            | Domain("send_at", "<=", fields.Datetime.now()))

    @api.model
    def _cron_send(self):
        """Hand over what is queued, oldest first.

        There is one worker, and one job never runs twice at once: what it finds in ``sending`` was cut off by a crash,
        and the messages to one number leave in the order in which they were written.
        """
        self._retry_on_conflict(self._mark_interrupted_unknown)
        self._work_off(SENDING, self._get_queue_domain)

    def _process_sending(self):
        self._begin_sending()
        if self._lock_for_outcome():
            try:
                self._send_now()
            except TransactionRollbackError as conflict:
                # The gateway has been spoken to: another look would not be the first any more.
                raise RuntimeError("a conflict after the gateway had been spoken to") from conflict

    def _note_interrupted(self, failure):
        """Say of a message whose outcome could not be written that it may have left; failed where nobody was spoken to.
        """
        if self.state == "queued":
            self.write({"state": "failed", "reason": self._explain(failure.reason)})
        elif self.state == "sending":
            self.write({"state": "unknown", "reason": Reason.of("sms_not_noted", detail=failure.reason)})
        self.item_id._sync_sms_state()

    def _begin_sending(self):
        """Commit that the gateway is spoken to from here on: up to here a crash frees the message."""
        self.write({"state": "sending"})
        item = self.item_id
        if item.state == "scheduled":  # what was scheduled is said now
            item.date = fields.Datetime.now()
            item._touch_tickets()
            item.ticket_id._on_answered()
        if item.state != "sending":
            item.write({"state": "sending"})
        self.env["ir.cron"]._commit_progress()

    def _lock_for_outcome(self):
        """Lock the message until its outcome is written, so that nobody's click in between makes that write fail.

        Returns False where it has been deleted meanwhile.
        """
        while True:
            try:
                return bool(self.env.execute_query(SQL(
                    "SELECT id FROM servicedesk_sms WHERE id = %s FOR NO KEY UPDATE", self.id)))
            except TransactionRollbackError:
                self.env.cr.rollback()

    def _send_now(self):
        """Hand the claimed message over and commit the outcome; then tell its item and its gateway."""
        self.ensure_one()
        gateway = self.gateway_id
        if self._is_stopped():
            result = base.Result(self.reference, base.REFUSED, reason=Reason.of("sms_stop"))
        else:
            try:
                [result] = gateway._open().send([gateway._prepare_message(self)])
            except psycopg2.Error:
                raise  # the transaction is lost: the message becomes unknown (see _note_interrupted)
            except Exception as error:
                _logger.warning("The gateway of SMS %s broke off", self.id, exc_info=True)
                result = base.Result(self.reference, base.UNKNOWN, reason=type(error).__name__)
        self.write(self._prepare_outcome_vals(result))
        self.env["ir.cron"]._commit_progress()
        self._retry_on_conflict(self._on_settled)
        if result.outcome == base.DOWN:
            self._retry_on_conflict(lambda: gateway._note_down(self._explain(result.reason)))
        elif result.outcome == base.ACCEPTED:
            self._retry_on_conflict(gateway._note_up)

    def _prepare_outcome_vals(self, result):
        reason = result.reason if isinstance(result.reason, Reason) else self._explain(result.reason)
        if result.outcome == base.ACCEPTED:
            return {"state": "sent", "sent_at": fields.Datetime.now(), "reason": False,
                    "provider_reference": result.provider_reference[:200] or False}
        if result.outcome == base.UNKNOWN:
            return {"state": "unknown", "reason": Reason.of("sms_broke_off", detail=reason.detail)}
        return {"state": "queued" if result.outcome == base.DOWN else "failed", "reason": reason}

    @api.model
    def _explain(self, said, otherwise="not_sent"):
        """Return why an SMS did not get through, from what its gateway said."""
        return Reason.of(f"sms_{sms_failure.classify(said) or otherwise}", detail=said)

    def _retry_on_conflict(self, action):
        """Run what others may be changing too, again until it gets through: the outcome itself is committed."""
        for _attempt in range(10):
            try:
                action()
                self.env.flush_all()
                return
            except TransactionRollbackError:
                self.env.cr.rollback()
        _logger.warning("SMS %s: others hold what should follow from its outcome", self.ids)

    def _mark_interrupted_unknown(self):
        cut_off = self.search([("state", "=", "sending")])
        cut_off.write({"state": "unknown", "reason": Reason.of("sms_interrupted")})
        # An item may have been left behind by a crash between the outcome and what follows from it.
        items = cut_off.item_id | self.env["servicedesk.item"].search([("state", "=", "sending"), ("kind", "=", "sms")])
        if items:
            items._sync_sms_state()
            self.env["ir.cron"]._commit_progress()

    def _is_stopped(self):
        # sudo: whether a number is on it, no more
        return self.origin != "system" and bool(self.env["phone.blacklist"].sudo().search_count(
            [("number", "=", self.number)], limit=1))

    def _on_settled(self):
        """Let what the messages belong to follow their states."""
        self.item_id._sync_sms_state()

    def action_open_ticket(self):
        self.ensure_one()
        return self.item_id.ticket_id.get_formview_action()
