from odoo import models
from odoo.fields import Domain


class ServicedeskIntake(models.Model):
    _inherit = "servicedesk.intake"

    def _join_as_asked(self, filing, ticket):
        """Let the number lead also those to whom we have written about the ticket, as third parties."""
        if ticket.state == "archived" or not filing.sender:
            return
        asked = self.env["servicedesk.item"].search(
            Domain("ticket_id", "=", ticket.id) & Domain("third_party", "=", True) & Domain("direction", "=", "out")
            & Domain("state", "!=", "draft"))
        for item in asked:
            if filing.sender in item._get_third_party_addresses():
                filing.ticket, filing.parent, filing.mentioned = ticket, item, ticket.browse()
                filing.reason, filing.third_party = f"number:{ticket.number}", True
                return

    def _step_third_party_answer(self, filing):
        """Note that somebody outside, whom we had asked, has answered."""
        asked = filing.third_party and filing.parent.third_party and filing.parent.direction == "out" \
            and filing.verdict != "failed"
        if asked and not filing.item.automatic:
            filing.ticket._on_third_party_answer()
