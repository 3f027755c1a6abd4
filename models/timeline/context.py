from odoo import api, models
from odoo.fields import Domain

OTHERS = 5


class ServicedeskTimeline(models.AbstractModel):
    """What stands beside the time line."""

    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def get_context(self, ticket_id):
        """Return how to reach the contact, the client's newest other tickets and the newest files of the ticket.

        :return: ``{client_id, phone, function, tickets: [dicts], ticket_count, files: [dicts], file_count}``; only
            what the user may see, in the counts too
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        person = ticket.contact_id or ticket.partner_id
        others, count = ticket.browse(), 0
        if ticket.partner_id:
            domain = Domain("partner_id", "=", ticket.partner_id.id) & Domain("id", "!=", ticket.id)
            others = ticket.search_fetch(domain, ["number", "subject", "state"], limit=OTHERS)
            count = len(others) if len(others) < OTHERS else ticket.search_count(domain)
        states = dict(ticket._fields["state"]._description_selection(self.env))
        return {
            "client_id": ticket.partner_id.id,
            "phone": person.phone or "",
            "function": person.function or "",
            "tickets": [{
                "id": other.id, "number": other.number, "subject": other.subject, "state": other.state,
                "state_name": states[other.state],
            } for other in others],
            "ticket_count": count,
        } | self._summarise_files(ticket)
