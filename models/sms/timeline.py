from odoo import models

from ...tools import phone


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _format_items(self, items):
        """Add ``recipients`` to outgoing SMS: how far the text got with each number, and why no further.

        The number that an SMS came from, or left from, is written as people write numbers.
        """
        result = [entry | {"phone_from": phone.international(entry["phone_from"])} if entry.get("phone_from") else entry
                  for entry in super()._format_items(items)]
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
