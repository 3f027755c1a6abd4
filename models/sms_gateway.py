from odoo import fields, models


class ServicedeskSmsGateway(models.Model):
    """A connection to somebody who carries SMS: whose, with which account, and how it is doing."""

    _name = "servicedesk.sms.gateway"
    _description = "SMS gateway"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    department_ids = fields.One2many("servicedesk.department", "sms_gateway_id", "Departments")
