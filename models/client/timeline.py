from odoo import api, models


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def get_context(self, ticket_id):
        """Add the permanent notes of the client and of the person who asks: ``notes: [{partner_id, name, body}]``.

        A client without a note is among them too, so that one can be written.
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        result = super().get_context(ticket_id)
        # sudo: the client of a ticket that the user sees, also where contacts of that company are out of reach
        people = (ticket.partner_id | ticket.contact_id).sudo()
        result["notes"] = [{
            "partner_id": partner.id, "name": partner.name, "client": partner == ticket.partner_id,
            "body": partner._get_servicedesk_note(),
        } for partner in people if partner == ticket.partner_id or partner._get_servicedesk_note()]
        return result
