from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.sms import phone


class ServicedeskDepartment(models.Model):
    """The department's SMS number: who writes there writes to this department, and its answers leave from it."""

    _inherit = "servicedesk.department"

    sms_enabled = fields.Boolean("SMS", help="Agents write SMS in tickets, and customers can write to the number.")
    sms_gateway_id = fields.Many2one("servicedesk.sms.gateway", "SMS gateway", index="btree_not_null",
                                     ondelete="restrict", domain="[('company_id', '=', company_id)]")
    sms_number = fields.Char("SMS number", help="In any notation; answers leave from it, and what is sent to it comes "
                                                "here. Several departments may share one number.")
    sms_join_days = fields.Integer("SMS join a ticket for (days)", default=14, help=(
        "An SMS joins its sender's newest ticket that is not closed and has had a message within these days; "
        "otherwise it opens a new one."))

    @api.constrains("sms_number", "company_id")
    def _check_sms_number(self):
        for department in self:
            number = department.sms_number
            if not number:
                continue
            if phone.own_number(number, department.company_id.country_code) != number:
                raise ValidationError(self.env._("“%s” is not a phone number.", number))
            if phone.is_name(number):
                raise ValidationError(self.env._(
                    "“%s” is a name, nobody can answer it. The SMS number of a department is a phone number or a short"
                    " code; a name belongs to the numbers of the gateway, as sender of notifications.", number))

    def _prepare_sms_number(self, vals, company):
        """Return the number as it is compared: E.164, or a short code as the operator gave it."""
        number = vals.get("sms_number")
        return {"sms_number": phone.own_number(number, company.country_code) or number} if number else {}
