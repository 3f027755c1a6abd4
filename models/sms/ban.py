import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.sms import phone

_NUMBER = re.compile(r"[+\d\s()./-]+")
SENDER = "sms:"  # begins the ban of a sender who has a name for a number: Alza.cz may be a name and a domain


class ServicedeskBan(models.Model):
    """A banned phone number or name of a sender: its SMS wait in quarantine, as mail of a banned address does."""

    _inherit = "servicedesk.ban"

    kind = fields.Selection(selection_add=[("number", "Phone number"), ("sender", "SMS sender")])
    value = fields.Char("Address, domain or number",
                        help="spam@example.com, example.com with subdomains, +420 602 123 456, or sms:INFO-SMS for an "
                             "SMS sender who has a name for a number.")

    @api.depends("value")
    def _compute_kind(self):
        numbers = self.filtered(lambda ban: self._is_number(ban.value))
        senders = self.filtered(lambda ban: (ban.value or "").startswith(SENDER))
        numbers.kind = "number"
        senders.kind = "sender"
        return super(ServicedeskBan, self - numbers - senders)._compute_kind()

    @api.constrains("value")
    def _check_value(self):
        by_sms = self.filtered(lambda ban: ban.kind in ("number", "sender"))
        # sudo: departments of all companies, whose own numbers must never be stopped
        own = self.env["servicedesk.department"].sudo().search([("sms_number", "!=", False)]).mapped("sms_number")
        # sudo: same, of the names that gateways send by
        for gateway in self.env["servicedesk.sms.gateway"].sudo().search([("numbers", "!=", False)]):
            country = gateway.company_id.country_code
            own += [phone.own_number(name, country) or name for name in gateway.numbers.split(",") if name.strip()]
        own = {self._normalize_sms_sender(number) for number in own}
        for ban in by_sms:
            if ban.value == SENDER:
                raise ValidationError(self.env._("Write the sender's name after “%s”.", SENDER))
            if ban.value in own:
                raise ValidationError(self.env._(
                    "“%s” is a number of your own departments.", ban.value.removeprefix(SENDER)))
        for ban in self - by_sms:
            if ban.kind == "domain" and "." not in ban.value:
                raise ValidationError(self.env._(
                    "“%(value)s” is too broad: block a domain such as example.com. An SMS sender of that name is "
                    "written as “%(sender)s”.", value=ban.value, sender=SENDER + ban.value))
        return super(ServicedeskBan, self - by_sms)._check_value()

    @api.model
    def _is_number(self, value):
        """Tell whether a value is written as a number: a digit and two signs more, behind the last plus if any."""
        value = (value or "").strip()
        return bool(_NUMBER.fullmatch(value) and re.search(r"\d", value.rpartition("+")[2][:-2]))

    @api.model
    def _normalize(self, value):
        named = (value or "").strip().lower().startswith(SENDER)
        value = (value or "").strip()[len(SENDER) if named else 0:]
        if self._is_number(value):
            return phone.e164(value, self.env.company.country_code) or re.sub(r"\D", "", value)
        return self._normalize_sms_sender(value) if named else super()._normalize(value)

    @api.model
    def _normalize_sms_sender(self, sender):
        """Return the value that bans whoever an SMS comes from: a number (E.164 or short code) or a name.

        ``INFO  SMS`` → ``sms:info sms``; names are compared without regard to case and spacing, as phones show them.
        """
        return sender if self._is_number(sender) else SENDER + " ".join((sender or "").lower().split())

    @api.model
    def _get_candidates(self, address):
        """Senders of SMS have a number or a name, neither of which has an "@"."""
        return super()._get_candidates(address) if "@" in address else [self._normalize_sms_sender(address)]
