from odoo import fields, models
from odoo.fields import Domain

from ...tools.filing import Outcome
from ...tools.mail import own_answer, threading
from ...tools.reasons import Reason

QUIET = ("auto_reply", "receipt", "automatic", "list")


class ServicedeskIntake(models.Model):
    """Answers of agents from their own mail program (IN-19).

    Such a mail counts as the agent's only if From is the agent's address, it answers a notice that was sent to
    this very agent about this very ticket within the last days, the receiving server vouches for the sender, and the
    own words can be told from the quoted notice. All else becomes an internal note that the agent is asked to confirm.
    """

    _inherit = "servicedesk.intake"

    outcome = fields.Selection(selection_add=[("agent", "Agent's reply"), ("claimed", "To be confirmed")])

    def _step_claimed(self, filing):
        """File what an agent wrote into a ticket without having a part in it as a note to be confirmed."""
        if not filing.ticket or not filing.third_party or not filing.sender:
            return None
        users = self.env["res.users"].search(
            Domain("email_normalized", "=", filing.sender) & Domain("share", "=", False), limit=20)
        user = users.filtered(lambda user: user.partner_id._has_servicedesk_address(filing.sender))[:1]
        if not self._may_write(user, filing.ticket):
            return None
        return self._file_claimed(filing, filing.ticket, user, Reason.of("claimed_no_answer"))

    def _may_write(self, user, ticket):
        return bool(user.active and user.has_group("servicedesk.group_user")
                    and ticket.with_user(user).has_access("write"))

    def _step_own_answer(self, filing):
        """File an answer to a notice: to the customer or as a note, as the notice said, or to be confirmed."""
        mail = filing.mail
        notice = self.env["servicedesk.notice"]._find_by_mail(
            threading.nearest_first(mail.in_reply_to, mail.references))
        if not notice:
            return None
        if filing.kind in QUIET:
            return Outcome("done", "auto_reply", Reason.of("automatic_to_notice"))
        return self._file_own_answer(filing, notice)

    def _file_own_answer(self, filing, notice):
        mail, user, ticket = filing.mail, notice.user_id, notice.ticket_id
        known = filing.sender == user.email_normalized and user.partner_id._has_servicedesk_address(filing.sender)
        if not known or not self._may_write(user, ticket):
            return self._file_claimed(filing, ticket, self.env["res.users"], Reason.of(
                "claimed_other_sender", user=user))
        words = own_answer.own_words(filing.body if mail.html else "", mail.text)
        if filing.verdict != "passed":
            return self._file_claimed(filing, ticket, user, Reason.of("claimed_not_vouched"))
        if not words:
            return self._file_claimed(filing, ticket, user, Reason.of("claimed_no_words"))
        if ticket.state == "archived":
            return self._file_claimed(filing, ticket, user, Reason.of("claimed_archived"))
        if notice._get_answer_target() == "customer":
            item = self._create_agent_mail(mail, notice, words)
        else:
            item = self._create_agent_note(mail, ticket, user, words, notice.item_id)
        return Outcome("done", "agent", self._describe_filing(filing), item)

    def _create_agent_mail(self, mail, notice, words):
        """Queue the agent's words as an answer to the customer's item, signed and addressed as on the screen."""
        user, ticket = notice.user_id, notice.ticket_id
        Item = self.env["servicedesk.item"]
        speaking = Item.with_user(user)
        vals = speaking.env["servicedesk.channel.email"]._prepare_answer(
            ticket.with_user(user), notice.item_id.with_user(user), False)
        item = Item.create({
            **vals, "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "done",
            "author_user_id": user.id, "author_partner_id": user.partner_id.id, "author_name": user.name,
            "intake_id": self.id, "body": f"{words}{speaking._get_signature(ticket)}", "thread_reason": "notice",
        })
        self._attach(item, mail)
        item.write(item._prepare_queue_vals() | {"queued_at": fields.Datetime.now()})
        ticket.with_user(user).sudo()._on_answered()  # sudo: as the agent, in history; the right has been checked
        item._trigger_workers()
        return item

    def _create_agent_note(self, mail, ticket, user, words, item):
        note = self.env["servicedesk.item"].create({
            **self.env["servicedesk.item"]._prepare_note_vals(ticket, words, user),
            "parent_item_id": item.id if item.ticket_id == ticket else False,
            "intake_id": self.id, "thread_reason": "notice"})
        self._attach(note, mail)
        return note

    def _file_claimed(self, filing, ticket, user, reason):
        """File a mail as a note that its supposed author is asked to confirm; the customer never sees it."""
        mail = filing.mail
        note = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "author_name": mail.sender, "email_from": mail.sender, "subject": mail.subject, "intake_id": self.id,
            "message_id": mail.message_id or False, "claimed_user_id": user.id, "failure_reason": reason,
            "thread_reason": "claimed",
            "body": filing.body, "left_out": filing.left_out})
        self._attach(note, mail)
        if user:
            self.env["servicedesk.notice"]._notify(user, "confirm", ticket, item=note)
        return Outcome("done", "claimed", reason, note)
