from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import is_html_empty


class ResPartner(models.Model):
    """What everybody who answers this client must know, on top of each of the client's tickets."""

    _inherit = "res.partner"

    servicedesk_note = fields.Html(
        "Note for the Service Desk", groups="servicedesk.group_user", copy=False,
        help="Shown to agents on all tickets of this client, never to the client.")


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
            "body": partner.servicedesk_note if not is_html_empty(partner.servicedesk_note) else "",
        } for partner in people if partner == ticket.partner_id or not is_html_empty(partner.servicedesk_note)]
        return result


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def set_client_note(self, body):
        """Store the permanent note of this ticket's client; an empty one takes it away.

        :param str body: HTML
        :raise AccessError: for tickets that the user may not write on
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise AccessError(self.env._("This ticket has no client yet."))
        # sudo: agents need no right to edit contacts for this one field; the ticket's access has been checked
        self.partner_id.sudo().servicedesk_note = False if is_html_empty(body) else body
