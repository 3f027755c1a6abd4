from odoo import api, models
from odoo.exceptions import UserError


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    @api.model
    def add_recipient(self, ticket_id, kind, value):
        """Put an address or a number into the author's draft of this kind and return the draft's id.

        A draft that exists keeps its recipients and gets one more; a new one goes to this one only.
        """
        name = self.env["servicedesk.channel"]._get(kind)._recipients
        if not name:
            raise UserError(self.env._("Messages of this kind have no recipients."))
        start = self.prepare_draft(ticket_id, kind)
        known = [part.strip() for part in (start.get(name) or "").split(",") if part.strip()] if start["id"] else []
        if not any(value in part for part in known):
            known.append(value)
        values = {key: start[key] for key in start if key not in ("id", "kind", "email_from", "attachments")}
        return self.save_draft(ticket_id, kind, values | {name: ", ".join(known)} | (
            {} if start["id"] or kind != "email" else {"email_cc": "", "email_bcc": ""}))
