from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools.mail import addresses, threading

# What writing an answer and sending it reads of the item that it answers.
ANSWERED_FIELDS = ("ticket_id", "kind", "direction", "state", "date", "subject", "email_from", "email_to", "email_cc",
                   "third_party", "sender_verdict", "message_id", "references", "parent_item_id", "author_user_id",
                   "automatic")


class ServicedeskChannelWritten(models.AbstractModel):
    """What e-mails and internal notes have in common: a text with files."""

    _name = "servicedesk.channel_written"
    _inherit = "servicedesk.channel"
    _description = "Channel: written words"

    _draft_fields = ("subject", "email_to", "email_cc", "email_bcc", "body", "parent_item_id")

    @api.model
    def _prepare_start(self, ticket, parent, reply_all):
        return super()._prepare_start(ticket, parent, reply_all) | {
            "email_from": ticket.department_id._get_sender(), "body": self._get_first_words(ticket)}

    @api.model
    def _get_first_words(self, ticket):
        return ""

    @api.model
    def _format(self, draft):
        return super()._format(draft) | {"email_from": draft.ticket_id.department_id._get_sender()}

    @api.model
    def _check_complete(self, item):
        if is_html_empty(item.body) and not item.attachment_ids:
            raise UserError(self.env._("There is nothing to send yet: write something or attach a file."))


class ServicedeskChannelEmail(models.AbstractModel):
    """An answer by mail."""

    _name = "servicedesk.channel.email"
    _inherit = "servicedesk.channel_written"
    _description = "Channel: e-mail"

    _kind = "email"
    _sequence = 10
    _leaves = True
    _recipients = "email_to"

    @api.model
    def _get_portal_presentation(self, department):
        return department.portal_email

    @api.model
    def _get_domain(self):
        return super()._get_domain() & Domain("third_party", "=", False)

    @api.model
    def _get_first_words(self, ticket):
        return self.env["servicedesk.item"]._get_signature(ticket)

    @api.model
    def _prepare_answer(self, ticket, parent, reply_all):
        if not parent or parent._is_perhaps_forged():
            parent = self.env["servicedesk.item"].search_fetch(
                Domain("ticket_id", "=", ticket.id) & Domain("kind", "in", ["email", "portal"])
                & Domain("direction", "=", "in") & Domain("third_party", "=", False), ANSWERED_FIELDS, limit=1)
        own = {ticket.department_id._get_sender(), ticket.department_id.email_normalized} - {False, ""}
        if parent.direction == "out":
            to, cc = parent.email_to or "", parent.email_cc if reply_all else ""
        elif parent:
            to = parent.email_from or ""
            own.add(addresses.normalize(to))
            others = [addresses.display(name, email)
                      for name, email in addresses.split(parent.email_to, parent.email_cc)
                      if ticket.department_id._without_signature(email) not in own]
            cc = ", ".join(others) if reply_all else ""
        else:
            to, cc = addresses.display(ticket.contact_id.name or ticket.contact_name, ticket.contact_email), ""
        return {
            "email_to": to, "email_cc": cc or "", "parent_item_id": parent.id or False,
            "subject": threading.reply_subject(ticket.subject) if parent else ticket.subject,
        }

    @api.model
    def _check_complete(self, item):
        result = super()._check_complete(item)
        self._check_addresses(item)
        return result

    @api.model
    def _check_addresses(self, item):
        """:raise UserError: where there is nobody to write to or to write from, or no address where one should be"""
        fields_ = (item.email_to, item.email_cc, item.email_bcc)
        for part in addresses.without_address(*fields_):
            raise UserError(self.env._("“%s” is not an e-mail address.", part))
        try:
            for field in fields_:
                addresses.for_wire(field)
        except ValueError as error:
            raise UserError(self.env._("Mail cannot be sent to “%s”: no mail server knows such an address.",
                                       error.args[0])) from error
        if not addresses.split(*fields_):
            raise UserError(self.env._("Whom should this go to? Add an address to “To”."))
        if not item.ticket_id.department_id._get_sender():
            raise UserError(self.env._(
                "The department %s has no e-mail address to send from. Set one in its settings.",
                item.ticket_id.department_id.name))

    @api.model
    def _store_contacts(self, items):
        for item in items:
            for name, email in addresses.named_by_hand(item.email_to, item.email_cc, item.email_bcc):
                item.ticket_id._store_contact(name, email)

    @api.model
    def _prepare_queue_vals(self, item):
        """Return everything that the mail will say about itself (RFC 5322 §3.6.4)."""
        ticket, department, parent = item.ticket_id, item.ticket_id.department_id, item.parent_item_id
        sender = department._get_sender()
        return super()._prepare_queue_vals(item) | {
            "email_from": addresses.display(department.name, sender),
            "subject": threading.subject_with_number(item.subject or ticket.subject, ticket.number),
            "message_id": threading.new_message_id(ticket.id, addresses.domain(sender)),
            "references": threading.references_for(parent.message_id, parent.references) if parent else False,
        }

    @api.model
    def _prepare_departure_vals(self, item, now, send_at):
        vals = super()._prepare_departure_vals(item, now, send_at)
        if item.parent_item_id.third_party:
            # Answers to a third party stay beside the customer's conversation, as what they answer does.
            vals |= {"third_party": True, "ticket_was_open": False}
        return vals

    @api.model
    def _wake(self, items):
        now = fields.Datetime.now()
        times = {item.send_at for item in items if item.send_at and item.send_at > now}
        if times:
            items._wake_jobs("cron_send_1", at=sorted(times))
        if any(not item.send_at or item.send_at <= now for item in items):
            items._wake_jobs("cron_send_1")
