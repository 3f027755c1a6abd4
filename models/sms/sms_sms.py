from odoo import models

# Our states as Odoo's own trackers know them.
TRACKED = {"sent": "pending", "delivered": "sent", "unknown": "pending"}


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
                tracker._action_update_from_sms_state(
                    "error", failure_type="unknown", failure_reason=sms.detail or sms.reason)
            elif tracker:
                tracker._action_update_from_sms_state(TRACKED[sms.state])
