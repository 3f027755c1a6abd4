from odoo import api, models

from ...tools.mail import addresses
from ...tools.sms import phone


class ServicedeskTimeline(models.AbstractModel):
    """What can be done with an e-mail address or a phone number that stands somewhere on a ticket."""

    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def describe_address(self, ticket_id, value):
        """Return whose address or number this is and what the current user may do with it.

        :return: ``{kind: "email" | "phone" | "", value, shown, partner_id, name, can_ban}``; value is normalised
            (E.164), ``partner_id`` False where it belongs to nobody whom the user may see
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        country = ticket.company_id.sudo().country_id.code  # sudo: only the country by which numbers are read
        email = addresses.normalize(value) if "@" in value else ""
        number = "" if email else phone.e164(value, country) or ""
        partner = self.env["res.partner"]
        if email:
            found = partner._find_servicedesk_client(email, ticket.company_id)
            partner = found if found._has_servicedesk_address(email) else partner
        elif number:
            partner = partner._find_servicedesk_callers(number, ticket.company_id)[:1]
        partner = partner.with_env(self.env)
        if not partner.has_access("read"):
            partner = partner.browse()
        return {
            "kind": "email" if email else "phone" if number else "", "value": email or number,
            "shown": email or phone.international(number) if email or number else value,
            "partner_id": partner.id, "name": partner.display_name if partner else "",
            "can_ban": bool(email or number) and bool(ticket.department_id._filter_right("ban")),
        }
