from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty


class NoteConflict(UserError):
    """The note is not any more what the screen that wants to store it has read."""


class ResPartner(models.Model):
    """What everybody who answers this client must know, on top of each of the client's tickets."""

    _inherit = "res.partner"

    servicedesk_note = fields.Html(
        "Note for the Service Desk", groups="servicedesk.group_user", copy=False,
        help="Shown to agents on all tickets of this client, never to the client.")

    def _get_servicedesk_note(self):
        """Return the note as screens show it; the empty string where there is none."""
        return "" if is_html_empty(self.servicedesk_note) else str(self.servicedesk_note)


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


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def set_client_note(self, body, known=None):
        """Store the permanent note of this ticket's client; an empty one takes it away.

        :param str body: HTML
        :param str known: the note as it was read before it was changed; None writes over whatever there is
        :raise AccessError: for tickets that the user may not write on
        :raise NoteConflict: when a colleague has changed it meanwhile
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise AccessError(self.env._("This ticket has no client yet."))
        # sudo: agents need no right to edit contacts for this one field; the ticket's access has been checked
        client = self.partner_id.sudo()
        if known is not None and known != client._get_servicedesk_note():
            raise NoteConflict(self.env._("A colleague has changed this note meanwhile."))
        client.servicedesk_note = False if is_html_empty(body) else body
