from odoo import models

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ...tools import phone

# Our states as Odoo's own trackers know them.
TRACKED = {"sent": "pending", "delivered": "sent", "unknown": "pending"}


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

    def _get_sms_api_class(self):
        self.ensure_one()
        gateway = self.sudo().servicedesk_sms_gateway_id  # sudo: which one, whoever sends
        return SmsApiGateway if gateway.active else super()._get_sms_api_class()


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _split_by_api(self):
        """Let the messages of companies that wish so go through their gateway."""
        others = self.browse()
        for company, messages in self.grouped(lambda sms: sms._get_sms_company()).items():
            # A message without a document belongs to the company of whoever sends it.
            company = company[:1] or self.env.company
            if company.sudo().servicedesk_sms_gateway_id.active:  # sudo: which one, whoever sends
                api = company._get_sms_api_class()(self.env)
                api._set_company(company)
                yield api, messages
            else:
                others += messages
        if others:
            yield from super(SmsSms, others)._split_by_api()


class ServicedeskSms(models.Model):
    _inherit = "servicedesk.sms"

    def _on_settled(self):
        """Other apps follow their messages by Odoo's trackers, which know them by the same number."""
        super()._on_settled()
        theirs = self.filtered(lambda sms: sms.origin == "app" and sms.state not in ("queued", "sending"))
        if not theirs:
            return
        trackers = self.env["sms.tracker"].search([("sms_uuid", "in", theirs.mapped("reference"))])
        by_reference = {tracker.sms_uuid: tracker for tracker in trackers}
        for sms in theirs:
            tracker = by_reference.get(sms.reference)
            if tracker and sms.state == "failed":
                tracker._action_update_from_sms_state("error", failure_type="unknown", failure_reason=sms.reason)
            elif tracker:
                tracker._action_update_from_sms_state(TRACKED[sms.state])
