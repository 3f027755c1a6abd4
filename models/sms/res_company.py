from odoo import fields, models

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ...tools.sms import phone


class SmsApiGateway(SmsApiBase):
    """Odoo's interface to senders of SMS, over a company's gateway: messages are queued, the worker sends them."""

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        company = self.company
        gateway = company.sudo().servicedesk_sms_gateway_id  # sudo: whoever sends, the company's gateway carries it
        own = "".join(gateway._get_numbers()[:1])
        queued, results = [], []
        for message in messages:
            for recipient in message["numbers"]:
                number = phone.e164(recipient["number"], company.country_code)
                if number:
                    queued.append({"gateway_id": gateway.id, "origin": "app", "number": number, "sender": own,
                                   "text": message["content"], "reference": recipient["uuid"]})
                results.append({"uuid": recipient["uuid"], "state": "processing" if number else "wrong_number_format"})
        Sms = self.env["servicedesk.sms"].sudo()  # sudo: SMS are written by the system only
        # What was queued before a transaction that is tried again is there already; a failed one is sent anew.
        known = Sms.search([("reference", "in", [vals["reference"] for vals in queued])])
        if again := known.filtered(lambda sms: sms.state == "failed"):
            again.write({"state": "queued", "reason": False})
            # sudo: as above; its number stays the app's, so what was reported of the first attempt is forgotten, else
            # the same report of the second would be taken for a repetition
            self.env["servicedesk.sms.report"].sudo().search([
                ("reference", "in", again.mapped("reference")), ("state", "!=", "new")]).unlink()
        references = set(known.mapped("reference"))
        Sms.create([vals for vals in queued if vals["reference"] not in references])
        gateway._trigger_sending()
        return results


class ResCompany(models.Model):
    _inherit = "res.company"

    servicedesk_sms_gateway_id = fields.Many2one("servicedesk.sms.gateway", "Gateway of all SMS", ondelete="set null")
    servicedesk_code_country_ids = fields.Many2many(
        "res.country", "servicedesk_company_code_country_rel", string="Send confirmation codes to",
        help="Countries to whose phone numbers codes are sent by SMS. Leave empty for the company's own.")
    servicedesk_codes_a_day = fields.Integer(
        "Confirmation codes a day", default=50,
        help="The most SMS with a code that cost money in a day. Set 0 to let staff confirm phone numbers.")

    def _get_sms_api_class(self):
        self.ensure_one()
        gateway = self.sudo().servicedesk_sms_gateway_id  # sudo: which one, whoever sends
        return SmsApiGateway if gateway.active else super()._get_sms_api_class()

    def _get_servicedesk_code_countries(self):
        """Return the codes of the countries to whose numbers codes are sent: those chosen, else the company's own."""
        company = self.sudo()  # sudo: a setting, read to act on it
        return set((company.servicedesk_code_country_ids or company.country_id).mapped("code"))

    def _get_servicedesk_code_limit(self):
        """Return how many codes may be sent a day; 0 where there is no gateway, and staff confirms numbers."""
        company = self.sudo()  # sudo: as above
        gateway = self.env["servicedesk.sms.gateway"]._find_for_company(company)
        return company.servicedesk_codes_a_day if gateway else 0
