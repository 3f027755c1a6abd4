from odoo import models


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def write(self, vals):
        result = super().write(vals)
        if "ticket_id" in vals:
            # sudo: marks of all readers go with the item to its new ticket
            self.env["servicedesk.read"].sudo().search([("item_id", "in", self.ids)]).write(
                {"ticket_id": vals["ticket_id"]})
        return result
