import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import NO_ACCESS

from .gateway import ADMIN

NAMES = (
    "method", "authentication", "out_sender", "out_number", "out_text", "out_reference", "out_report_url", "out_extra",
    "success_pattern", "refused_pattern", "reference_pattern", "verification", "signature_header", "timestamp_header",
    "in_sender", "in_number", "in_text", "in_reference", "in_part_key", "in_part_number", "in_part_total",
    "report_reference", "report_provider_reference", "report_status", "report_reason", "delivered_values",
    "sent_values", "failed_values",
)
PATTERNS = ("success_pattern", "refused_pattern", "reference_pattern")


class ServicedeskSmsGateway(models.Model):
    """How an HTTP service that we know nothing about wants to be called, and how it calls back."""

    _inherit = "servicedesk.sms.gateway"

    method = fields.Selection([("get", "GET"), ("form", "POST, form"), ("json", "POST, JSON")], default="form",
                              groups=ADMIN)
    authentication = fields.Selection(
        [("none", "None"), ("basic", "Account and password (Basic)"), ("bearer", "Token (Bearer)"),
         ("params", "Parameters username and password")], default="basic", groups=ADMIN)
    out_sender = fields.Char("Parameter: sender", default="from", groups=ADMIN)
    out_number = fields.Char("Parameter: recipient", default="to", groups=ADMIN)
    out_text = fields.Char("Parameter: text", default="text", groups=ADMIN)
    out_reference = fields.Char("Parameter: our message ID", groups=ADMIN)
    out_report_url = fields.Char("Parameter: address for reports", groups=ADMIN)
    out_extra = fields.Text(groups=NO_ACCESS, copy=False, export_string_translation=False)
    new_extra = fields.Text("Further parameters", compute="_compute_secrets_set", inverse="_inverse_new_extra",
                            help="One a line: name=value. Written, never shown again.", groups=ADMIN)
    extra_names = fields.Char("Stored parameters", compute="_compute_secrets_set",
                              help="Their names; values are not shown.", groups=ADMIN)
    success_pattern = fields.Char("Accepted if the answer contains", help=(
        "A regular expression over the status and the text of the answer, such as ^20[0-2] .*\"ok\". Leave empty "
        "to accept any 2xx status."), groups=ADMIN)
    refused_pattern = fields.Char("Permanently rejected if the answer contains", groups=ADMIN)
    reference_pattern = fields.Char("Provider message ID", help=(
        "A regular expression whose first group is the message ID, such as \"id\": ?\"([^\"]+)\""), groups=ADMIN)

    verification = fields.Selection(
        [("signature", "Signature (HMAC-SHA256 over time and body)"), ("secret", "Secret in the address or a header")],
        default="signature", groups=ADMIN)
    signature_header = fields.Char("Header with the signature", default="X-Signature", groups=ADMIN)
    timestamp_header = fields.Char("Header with the time", default="X-Timestamp", groups=ADMIN)
    in_sender = fields.Char("Received: sender", default="from", groups=ADMIN)
    in_number = fields.Char("Received: recipient number", default="to", groups=ADMIN)
    in_text = fields.Char("Received: text", default="text", groups=ADMIN)
    in_reference = fields.Char("Received: provider message ID", default="id", groups=ADMIN)
    in_part_key = fields.Char("Received: ID of a long SMS", groups=ADMIN)
    in_part_number = fields.Char("Received: number of the part", groups=ADMIN)
    in_part_total = fields.Char("Received: how many parts", groups=ADMIN)
    report_reference = fields.Char("Report: our message ID", groups=ADMIN)
    report_provider_reference = fields.Char("Report: provider message ID", default="id", groups=ADMIN)
    report_status = fields.Char("Report: status", default="status", groups=ADMIN)
    report_reason = fields.Char("Report: reason", default="reason", groups=ADMIN)
    delivered_values = fields.Char("Values for delivered", default="delivered", groups=ADMIN)
    sent_values = fields.Char("Values for sent", default="sent", groups=ADMIN)
    failed_values = fields.Char("Values for failed", default="failed,undelivered,rejected,expired", groups=ADMIN)

    @api.constrains(*PATTERNS)
    def _check_patterns(self):
        for gateway in self:
            for name in PATTERNS:
                try:
                    pattern = re.compile(gateway[name] or "")
                except re.error as error:
                    raise ValidationError(self.env._("“%(pattern)s” is not a pattern: %(error)s",
                                                     pattern=gateway[name], error=error)) from error
                if name == "reference_pattern" and gateway[name] and not pattern.groups:
                    raise ValidationError(self.env._(
                        "Put the provider message ID in brackets: “%s” has no group.", gateway[name]))

    def _prepare_settings(self):
        settings = super()._prepare_settings()
        if self.provider == "generic":
            settings |= {name: self[name] or "" for name in NAMES}
        return settings
