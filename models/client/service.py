from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServicedeskService(models.Model):
    """A service that a client has bought."""

    _name = "servicedesk.service"
    _description = "Customer's service"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one("res.partner", "Customer", required=True, index=True, ondelete="cascade",
                                 domain=[("parent_id", "=", False)])
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null")
    reference = fields.Char(help="Number of the contract, licence, line …")
    since = fields.Date()
    until = fields.Date()
    note = fields.Text()

    @api.depends("name", "reference")
    def _compute_display_name(self):
        for service in self:
            service.display_name = f"{service.name} ({service.reference})" if service.reference else service.name

    @api.constrains("since", "until")
    def _check_dates(self):
        if any(service.since and service.until and service.since > service.until for service in self):
            raise ValidationError(self.env._("A service cannot end before it begins."))
