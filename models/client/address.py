from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ...tools.mail import addresses
from ...tools.sms import phone


class ServicedeskAddress(models.Model):
    """Another e-mail address or phone number of a contact, by which mail and SMS find their client."""

    _name = "servicedesk.address"
    _description = "Alternative e-mail address"
    _rec_name = "value"

    partner_id = fields.Many2one("res.partner", "Contact", required=True, ondelete="cascade", index=True)
    value = fields.Char("E-mail or phone", required=True)

    _value_idx = models.Index("(value)")
    _value_uniq = models.Constraint("UNIQUE(partner_id, value)", "This address is already there.")

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create([
            dict(vals, value=self._normalize(vals.get("value"), vals.get("partner_id"))) for vals in vals_list])
        found._check_customers()
        found._note_written()
        return found

    def write(self, vals):
        if "value" in vals:
            vals = dict(vals, value=self._normalize(vals["value"], self[:1].partner_id.id))
        self._check_customers()
        result = super().write(vals)
        self._check_customers()
        if not vals.keys().isdisjoint({"value", "partner_id"}):
            self._note_written()
        return result

    def unlink(self):
        self._check_customers()
        return super().unlink()

    def _check_customers(self):
        """Let agents change the addresses of those alone whom they work for: by an address mail finds its customer.

        Who may write contacts may do so here, for customers within the membership; other agents where they see a
        ticket of that customer.

        :raise AccessError: for others' contacts
        """
        user = self.env.user
        if self.env.su or user.has_group("servicedesk.group_admin"):
            return
        others = self.partner_id - user.partner_id  # what one gives oneself waits to be confirmed
        customers = others.commercial_partner_id
        known = customers._filter_servicedesk_clients()
        if not known.has_access("write"):
            seen = self.env["servicedesk.ticket"]._read_group(
                [("partner_id.commercial_partner_id", "in", known.ids)], ["partner_id"])
            known &= customers.browse(partner.commercial_partner_id.id for [partner] in seen)
        if foreign := customers - known:
            raise AccessError(self.env._("The addresses of %s are for those who work for this customer.",
                                         foreign[0].display_name))

    def _note_written(self):
        """Let an address that somebody gives to the own contact wait until it is confirmed."""
        self.env["servicedesk.address.claim"]._note_written([
            (address.partner_id, "", address.value) for address in self])

    def _normalize(self, value, partner_id):
        """Return an address, or a number in E.164 as its contact's country writes it.

        :raise ValidationError: where it is neither
        """
        if value and "@" not in value:
            partner = self.env["res.partner"].browse(partner_id)
            country = partner.country_id or partner.company_id.country_id or self.env.company.country_id
            number = phone.e164(value, country.code) or value
            if number.startswith("+") and phone.e164(number) == number:
                return number
            if any(letter.isdigit() for letter in number):
                raise ValidationError(self.env._("“%s” is neither an e-mail address nor a phone number.", value))
        address = addresses.normalize(value)
        if not address:
            raise ValidationError(self.env._("“%s” is not an e-mail address.", value or ""))
        return address
