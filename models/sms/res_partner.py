from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    servicedesk_address_ids = fields.One2many(string="More addresses and numbers")
    _servicedesk_phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.model
    def _find_servicedesk_callers(self, number, company):
        """Return the contacts whose proven phone number (E.164) it is, in whatever notation it stands there."""
        if not number or not number.startswith("+"):
            return self.browse()
        claims = self.env["servicedesk.address.claim"]._find(number)
        if known := self._find_servicedesk_known(number, company, claims):
            return known
        return self._filter_servicedesk_company(claims.filtered(lambda claim: claim._holds()).partner_id, company)

    def _get_servicedesk_caller(self):
        """Return ``(client, contact)`` where these contacts share a number.

        A person with a number of one's own is the contact. Several are known only as their one company, if they have
        just one: an agent then chooses the person on the ticket.
        """
        companies = self.commercial_partner_id
        if len(companies) != 1:
            return self.browse(), self.browse()
        people = self.filtered(lambda partner: partner != companies)
        return companies, people if len(people) == 1 else self.browse() if people else (
            companies if not companies.is_company else self.browse())
