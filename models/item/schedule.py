from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools.mail import threading

# States in which a mail has not been handed to a worker: it can still be taken back whole.
WITHDRAWABLE = ("queued", "scheduled")
HOLD_LIMIT = 120  # seconds that a countdown can be held
FURTHEST = timedelta(days=366)


class ServicedeskItem(models.Model):
    """When a mail leaves: a few seconds after "Send", or at a chosen minute; until then it can be had back.

    ``send_at`` says from when on the workers may take a mail that is ``queued`` (its author still may take it back)
    or ``scheduled`` (it has been said to nobody yet: the ticket does not show it as its newest words, nor waits for
    the customer).
    """

    _inherit = "servicedesk.item"

    send_at = fields.Datetime("Sends on", readonly=True, copy=False)
    ticket_was_open = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                                     help="Sending it made the open ticket wait; undoing the send opens it again.")

    def action_schedule(self, send_at):
        """Let drafts of mails leave at a chosen minute.

        :param send_at: UTC, as a string or datetime
        :raise UserError: for a time that has passed or is more than a year away; as ``action_send`` otherwise
        """
        send_at = fields.Datetime.to_datetime(send_at)
        now = fields.Datetime.now()
        if not send_at or send_at <= now:
            raise UserError(self.env._("Choose a time that is still to come."))
        if send_at > now + FURTHEST:
            raise UserError(self.env._("A message can be scheduled for a year ahead at most."))
        if not all(item._get_channel()._leaves for item in self):
            raise UserError(self.env._("Only e-mails and SMS can be scheduled."))
        self._send(send_at)

    @api.model
    def _get_due_domain(self):
        """Return the domain of the mails that a worker may take at this moment."""
        due = Domain("send_at", "=", False) | Domain("send_at", "<=", fields.Datetime.now())
        return Domain("state", "in", WITHDRAWABLE) & Domain("kind", "=", "email") & due

    def _say_now(self):
        """Say now what was scheduled: its date, its headers and the ticket's move are those of this moment."""
        if self.ticket_id.department_id._get_sender():
            self.write(self._prepare_queue_vals() | {"state": "scheduled"})
        self.date = fields.Datetime.now()
        self._touch_tickets()
        if not self.third_party:
            self.ticket_id._on_answered()

    # ----------------------------------------------------------------- having it back

    def action_take_back(self):
        """Make mails that have not left yet their author's drafts again, exactly as they were, files included.

        :raise UserError: where a worker has them already, or the author has begun another draft on the ticket
        """
        if any(item.author_user_id != self.env.user for item in self):
            raise AccessError(self.env._("Only your own message can be undone."))
        self._withdraw()

    def action_cancel_schedule(self):
        """Make scheduled mails drafts of their authors again, whoever cancels them; of who does where they have left.
        """
        self._check_scheduled()
        orphans = self.filtered(lambda item: not item.author_user_id.active)
        (self - orphans)._withdraw()
        orphans._withdraw(self.env.user)

    def action_send_now(self):
        """Let mails that wait for their time leave at once."""
        # sudo: when a mail leaves is the system's; the ticket's access is checked by _lock_waiting
        self._lock_waiting().sudo().write({"send_at": fields.Datetime.now()})
        self._trigger_workers()

    def action_hold(self, seconds):
        """Let one's own mail leave so many seconds from now: the countdown is held, or goes on."""
        if any(item.author_user_id != self.env.user or item.state != "queued" for item in self):
            raise AccessError(self.env._("Only your own message can be held."))
        seconds = min(max(int(seconds), 0), HOLD_LIMIT)
        # sudo: when a mail leaves is the system's; the author has been checked
        self._lock_waiting().sudo().write({"send_at": fields.Datetime.now() + timedelta(seconds=seconds)})

    def action_flush(self):
        """Wake a worker for what has become due: the browser's countdown is over."""
        self.check_access("read")
        self._trigger_workers()

    def _check_scheduled(self):
        if any(item.state != "scheduled" for item in self):
            raise UserError(self.env._("It is too late: the message is leaving or has left."))

    def _lock_waiting(self):
        """Return self, locked, where none of it is in a worker's hands.

        :raise UserError: where it is
        """
        self.check_access("write")
        self.ticket_id.check_access("write")
        waiting = self.filtered(lambda item: item.state in WITHDRAWABLE and not item.sent_envelopes)
        if waiting != self or waiting.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(self.env._("It is too late: the message is leaving or has left."))
        return self

    def _withdraw(self, author=None):
        """Make waiting mails drafts again: of ``author``, else of who wrote them."""
        self._lock_waiting()
        for item in self.sudo():  # sudo: state, author and ticket are put back; access is checked by _lock_waiting
            owner = author or item.author_user_id
            if item._find_draft_of(owner, item.ticket_id, item._get_composer()):
                raise UserError(
                    self.env._("Send or discard your draft in this ticket first.") if owner == self.env.user else
                    self.env._("%s has begun another draft in this ticket. Edit the message instead.", owner.name))
            reopens = item.ticket_was_open and item.ticket_id.state == "waiting" \
                and item.ticket_id.waiting_for == "customer"
            item.write({
                "state": "draft", "author_user_id": owner.id, "author_partner_id": owner.partner_id.id,
                "subject": threading.strip_number(item.subject, item.ticket_id.number), "send_at": False,
                "queued_at": False, "message_id": False, "references": False, "email_from": False,
                "ticket_was_open": False,
            })
            if reopens:
                item.ticket_id.with_env(self.env).action_reopen()
            item.ticket_id._refresh_summary()
