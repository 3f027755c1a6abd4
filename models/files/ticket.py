from odoo import models


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _get_client(self):
        """Return the companies (or single persons) these tickets are for; nobody where a stranger asks."""
        return self.env["res.partner"].union(
            *((ticket.partner_id or ticket.contact_id).commercial_partner_id for ticket in self))
