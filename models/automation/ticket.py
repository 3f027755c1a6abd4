from odoo import models
from odoo.fields import Domain


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _began_with_robot(self):
        """Tell whether a machine asked: its mails are marked, and nobody reads what we would write."""
        self.ensure_one()
        first = self.env["servicedesk.item"].search(
            Domain("ticket_id", "=", self.id) & Domain("direction", "=", "in"), order="id", limit=1)
        return first.from_robot
