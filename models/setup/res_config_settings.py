import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

NOTICE_MINUTES = "servicedesk.notice_minutes"
LINKS = {
    "department": "servicedesk.department", "template": "servicedesk.template", "rule": "servicedesk.rule",
    "macro": "servicedesk.macro", "sms_gateway": "servicedesk.sms.gateway", "sla": "servicedesk.sla.policy",
}


class ResConfigSettings(models.TransientModel):
    """What holds for the whole desk of a company; every value has a default, and the rest is a list away."""

    _inherit = "res.config.settings"

    servicedesk_prefix = fields.Char("Ticket number prefix", help="New tickets get it; old ones keep theirs.")
    servicedesk_notice_minutes = fields.Integer(
        "Combine notifications for", help="Notifications about one ticket within this time are sent as one e-mail, for "
                                   "example 5 minutes. Set 0 to send each on its own.")
    servicedesk_undo_seconds = fields.Integer("Undo send period of new departments")
    servicedesk_sms_gateway_id = fields.Many2one(
        "servicedesk.sms.gateway", "SMS gateway of new departments", domain="[('company_id', '=', company_id)]")
    servicedesk_code_country_ids = fields.Many2many(related="company_id.servicedesk_code_country_ids", readonly=False)
    servicedesk_codes_a_day = fields.Integer(related="company_id.servicedesk_codes_a_day", readonly=False)

    servicedesk_department_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_mailbox_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_mailbox_error_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_sms_gateway_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_template_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_rule_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_macro_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)
    servicedesk_sla_count = fields.Integer(
        compute="_compute_servicedesk_counts", export_string_translation=False)

    @api.depends("company_id")
    def _compute_servicedesk_counts(self):
        Mailbox = self.env["fetchmail.server"]
        allowed = self.env.user.has_group("servicedesk.group_admin")
        counts = {name: self.env[model].search_count([]) if allowed else 0 for name, model in LINKS.items()}
        ours = Mailbox.search([("department_id", "!=", False)])
        counts |= {"mailbox": len(ours), "mailbox_error": len(ours.filtered("error_message"))}
        for name, count in counts.items():
            self[f"servicedesk_{name}_count"] = count

    @api.constrains("servicedesk_prefix")
    def _check_servicedesk_prefix(self):
        for settings in self:
            if settings.servicedesk_prefix and not re.fullmatch(r"[\w/-]{0,12}", settings.servicedesk_prefix):
                raise ValidationError(self.env._(
                    "The prefix may have up to 12 letters, digits, dashes and slashes, so that it is found in "
                    "subjects."))

    @api.constrains("servicedesk_notice_minutes")
    def _check_servicedesk_notice_minutes(self):
        if any(not 0 <= settings.servicedesk_notice_minutes <= 1440 for settings in self):
            raise ValidationError(self.env._("Notifications can wait for a day at most."))

    @api.constrains("servicedesk_undo_seconds")
    def _check_servicedesk_undo_seconds(self):
        if any(not 0 <= settings.servicedesk_undo_seconds <= 120 for settings in self):
            raise ValidationError(self.env._("The undo send period is 0 to 120 seconds."))

    @api.model
    def get_values(self):
        values = super().get_values()
        if not self.env.user.has_group("servicedesk.group_admin"):
            return values
        return values | {
            "servicedesk_prefix": self._get_servicedesk_sequence().prefix or "",
            "servicedesk_notice_minutes": self.env["servicedesk.notice"]._get_bundle_minutes(),
            **{f"servicedesk_{name}": value for name, value in self._get_servicedesk_defaults().items()},
        }

    def set_values(self):
        result = super().set_values()
        if not self.env.user.has_group("servicedesk.group_admin"):
            return result
        if (self.servicedesk_prefix or "") != (self._get_servicedesk_sequence().prefix or ""):
            self._set_servicedesk_prefix(self.servicedesk_prefix)
        if self.servicedesk_notice_minutes != self.env["servicedesk.notice"]._get_bundle_minutes():
            # sudo: a setting of ours; that the user is an administrator has been checked
            self.env["ir.config_parameter"].sudo().set_param(NOTICE_MINUTES, str(self.servicedesk_notice_minutes))
        for name, default in self._get_servicedesk_defaults().items():
            value = self[f"servicedesk_{name}"]
            value = value.id if isinstance(value, models.BaseModel) else value
            if value != default:
                # sudo: a default for all users of this company; that the user is an administrator has been checked
                self.env["ir.default"].sudo().set(
                    "servicedesk.department", name, value, company_id=self.env.company.id)
        return result

    def _get_servicedesk_defaults(self):
        """Return ``{field: value}`` with which departments of the current company start."""
        start = self.env["servicedesk.department"].default_get(["undo_seconds", "sms_gateway_id"])
        gateway = self.env["servicedesk.sms.gateway"].browse(start.get("sms_gateway_id") or ()).exists()
        return {"undo_seconds": start.get("undo_seconds", 0), "sms_gateway_id": gateway.id}

    def _get_servicedesk_sequence(self):
        """Return the sequence that numbers the tickets of the current company."""
        # sudo: sequences are closed to administrators of the desk
        return self.env["ir.sequence"].sudo().search(
            [("code", "=", "servicedesk.ticket"), ("company_id", "in", [self.env.company.id, False])],
            order="company_id", limit=1)

    def _set_servicedesk_prefix(self, prefix):
        """Change the prefix of this company only: one that shares the sequence with others gets its own."""
        sequence = self._get_servicedesk_sequence()
        companies = self.env["res.company"].sudo().search_count([], limit=2)  # sudo: whether there are several
        if companies > 1 and not sequence.company_id:
            sequence = sequence.copy({
                "company_id": self.env.company.id, "number_next": sequence.number_next_actual,
                "name": f"{sequence.name} ({self.env.company.name})"})
        sequence.prefix = prefix
