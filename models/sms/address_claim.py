from datetime import timedelta

from odoo import models
from odoo.fields import Domain

from ...tools.sms import phone

CODE_VALID = timedelta(minutes=15)
# Codes to a person, and to one number whoever asks for them, a day.
MOST_CODES = 3


class ServicedeskAddressClaim(models.Model):
    """Telephone numbers are confirmed by digits that an SMS brings; where none can be sent, staff confirms."""

    _inherit = "servicedesk.address.claim"

    def _send_code(self):
        """Queue an SMS with a code; return ``""``, or why there is none: ``country``, ``limit`` or ``off``.

        None of the answers depends on whose the number is, nor on how many codes others have asked for it.
        """
        self.ensure_one()
        company = self.partner_id.company_id or self.env.company
        Link = self.env["servicedesk.access.link"]
        if "@" in self.value or self.state not in ("waiting", "doubtful"):
            return "off"
        if not company._get_servicedesk_code_limit():
            return "off"
        if phone.region(self.value) not in company._get_servicedesk_code_countries():
            return "country"
        codes = Domain("purpose", "=", "code")
        ours = codes & Domain("partner_id.company_id", "in", [False, company.id])
        if (Link._count_since(24, codes & Domain("partner_id", "=", self.partner_id.id)) >= MOST_CODES
                or Link._count_since(24, ours) >= company._get_servicedesk_code_limit()):
            return "limit"
        asked = Link._count_since(24, codes & Domain("address", "=", self.value))
        _link, code = Link._issue_code(self.partner_id, self.value, CODE_VALID)
        if asked < MOST_CODES:
            self.env["servicedesk.sms.gateway"]._send_text([self.value], self.env._(
                "%(code)s is your code for %(company)s. Nobody will ask you for it by phone.",
                code=code, company=company.name), company)
        return ""

    def _take_code(self, code):
        """Confirm the number where these are the digits sent to it; tell whether they are."""
        self.ensure_one()
        link = self.env["servicedesk.access.link"]._find_by_code(self.partner_id, self.value, code)
        return bool(link) and link._use() and self._confirm()
