from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import phone


class ResPartner(models.Model):
    _inherit = "res.partner"

    servicedesk_address_ids = fields.One2many(string="More addresses and numbers")
    _servicedesk_phone_idx = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")

    @api.model
    def _find_servicedesk_callers(self, number, company):
        """Return the contacts with a phone number (E.164), in whatever notation it stands there."""
        if not number or not number.startswith("+"):
            return self.browse()
        # sudo: numbers are looked up for the system; by ids, because an OR over a sub-select reads all partners
        others = self.env["servicedesk.address"].sudo().search([("value", "=", number)]).partner_id
        return self.search(
            Domain("company_id", "in", [False, company.id])
            & (Domain("phone_sanitized", "=", number) | Domain("id", "in", others.ids)),
            order="is_company, id", limit=20)

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


class ServicedeskAddress(models.Model):
    """Another e-mail address or phone number of a contact, by which mail and SMS find their client."""

    _inherit = "servicedesk.address"

    value = fields.Char("E-mail or phone")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([
            dict(vals, value=self._normalize_number(vals.get("value"), vals.get("partner_id"))) for vals in vals_list])

    def write(self, vals):
        if "value" in vals:
            vals = dict(vals, value=self._normalize_number(vals["value"], self[:1].partner_id.id))
        return super().write(vals)

    def _normalize_number(self, value, partner_id):
        """Return a phone number in E.164 as its contact's country writes it; an e-mail address as it is."""
        if not value or "@" in value:
            return value
        partner = self.env["res.partner"].browse(partner_id)
        country = partner.country_id or partner.company_id.country_id or self.env.company.country_id
        return phone.e164(value, country.code) or value

    def _normalize(self, value):
        if value and value.startswith("+") and phone.e164(value) == value:
            return value
        if value and "@" not in value and any(letter.isdigit() for letter in value):
            raise ValidationError(self.env._("“%s” is neither an e-mail address nor a phone number.", value))
        return super()._normalize(value)
