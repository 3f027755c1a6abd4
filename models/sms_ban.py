import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import phone

_NUMBER = re.compile(r"[+\d\s()./-]*\d[\d\s()./-]{2,}")


class ServicedeskBan(models.Model):
    """A banned phone number: its SMS wait in quarantine, as mail of a banned address does."""

    _inherit = "servicedesk.ban"

    kind = fields.Selection(selection_add=[("number", "Phone number")])
    value = fields.Char("Address, domain or number",
                        help="spam@example.com, example.com with subdomains, or +420 602 123 456.")

    @api.depends("value")
    def _compute_kind(self):
        numbers = self.filtered(lambda ban: self._is_number(ban.value))
        numbers.kind = "number"
        return super(ServicedeskBan, self - numbers)._compute_kind()

    @api.constrains("value")
    def _check_value(self):
        numbers = self.filtered(lambda ban: ban.kind == "number")
        # sudo: departments of all companies, whose own numbers must never be stopped
        own = self.env["servicedesk.department"].sudo().search([("sms_number", "!=", False)]).mapped("sms_number")
        for ban in numbers:
            if ban.value in own:
                raise ValidationError(self.env._("“%s” is a number of your own departments.", ban.value))
        return super(ServicedeskBan, self - numbers)._check_value()

    @api.model
    def _is_number(self, value):
        return bool(value and _NUMBER.fullmatch(value.strip()))

    @api.model
    def _normalize(self, value):
        if not self._is_number(value):
            return super()._normalize(value)
        return phone.e164(value, self.env.company.country_code) or re.sub(r"\D", "", value)

    @api.model
    def _get_candidates(self, address):
        return [address] if self._is_number(address) else super()._get_candidates(address)
