from odoo import models

from ...tools.mail import addresses


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def _keep_first_response(self):
        """The first word of a person that reached the customer keeps the promise of a first response.

        Automatic answers do not count, nor does a mail to somebody else, nor one that has not left.
        """
        answers = self.filtered(lambda item: item._is_response() and item.ticket_id.sudo().sla_state)  # sudo: only if
        for item in answers:
            self.env["servicedesk.sla.clock"]._respond(item.ticket_id, item.date)

    def _is_response(self):
        if (not self.author_user_id or self.automatic or self.direction == "internal"
                or self.state not in ("sent", "delivered", "done")):
            return False
        if self.kind == "email" and self.direction == "out":
            reached = {email for _name, email in addresses.split(self.email_to, self.email_cc)}
            ticket = self.ticket_id.sudo()  # sudo: addresses of the customer, whoever of the colleagues wrote
            return ticket.contact_email in reached or bool(reached & ticket._get_customer_addresses())
        return self.direction == "out" or self.kind == "call"
