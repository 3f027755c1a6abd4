from odoo import api, fields, models


class ServicedeskEvent(models.Model):
    _inherit = "servicedesk.event"

    @api.model
    def _log_sla(self, changes, reason=""):
        """Write how deadlines changed: ``[(ticket, kind, old datetime, new datetime)]``, kind as in MOMENTS.

        :param reason: why, in words; a deadline by hand has its own
        """
        author = self._get_author_id() if changes else False
        rows = [{
            "ticket_id": ticket.id, "kind": kind, "user_id": author,
            "old_value": fields.Datetime.to_string(old) if old else False,
            "new_value": " ".join(filter(None, (
                fields.Datetime.to_string(new) if new else "",
                new and (ticket.manual_deadline_reason if kind == "manual_deadline" else reason) or ""))) or False,
        } for ticket, kind, old, new in changes]
        if rows:
            self.sudo().create(rows)  # sudo: history is written by the system, agents only read it
