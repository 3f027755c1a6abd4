from odoo import api, models

from ..tools import phone


class ServicedeskItem(models.Model):
    """Writing an SMS: what a draft starts from. Sending it is another matter."""

    _inherit = "servicedesk.item"

    @api.model
    def prepare_draft(self, ticket_id, kind, reply_to_id=False, reply_all=False):
        """Return the author's draft of an SMS: ``id, phone_to, sms_text, parent_item_id``, and ``sender`` to show.

        A new one goes to whoever sent the SMS that is answered, else to the contact or client.
        """
        if kind != "sms":
            return super().prepare_draft(ticket_id, kind, reply_to_id, reply_all)
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        draft, parent = self._find_own_draft(ticket, kind), self.browse(reply_to_id or [])
        parent.check_access("read")
        person = ticket.contact_id or ticket.partner_id
        to = draft.phone_to or phone.display(person.phone_sanitized or person.phone, person.name)
        if parent.kind == "sms":
            to = parent.phone_from if parent.direction == "in" else parent.phone_to
        department = ticket.department_id
        return {
            "id": draft.id, "kind": kind, "phone_to": to or "", "sms_text": draft.sms_text or "",
            "parent_item_id": parent.id or draft.parent_item_id.id, "sender": department.sms_number or "",
        }


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _format_items(self, items):
        """Add ``recipients`` to outgoing SMS: how far the text got with each number, and why no further."""
        result = super()._format_items(items)
        texts = items.filtered(lambda item: item.kind == "sms" and item.direction == "out")
        if not texts:
            return result
        # sudo: the caller has checked the items, whose parts these are
        messages = self.env["servicedesk.sms"].sudo().search_fetch(
            [("item_id", "in", texts.ids)], ["item_id", "number", "name", "state", "reason"], order="id")
        states = dict(messages._fields["state"]._description_selection(self.env))
        recipients = {item.id: [] for item in texts}
        for message in messages:
            recipients[message.item_id.id].append({
                "id": message.id, "name": message.name or "", "number": phone.international(message.number),
                "state": message.state, "state_name": states[message.state], "reason": message.reason or "",
            })
        return [entry | {"recipients": recipients[entry["id"]]} if entry["id"] in recipients else entry
                for entry in result]
