from odoo import fields, models


class ServicedeskTeam(models.Model):
    """A group of people in a department to whom a ticket can be given: whoever of them takes it, owns it."""

    _name = "servicedesk.team"
    _description = "Team of agents"
    _order = "department_id, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    department_id = fields.Many2one("servicedesk.department", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="department_id.company_id", store=True, index=True)
    member_ids = fields.Many2many("res.users", string="Members", domain=[("share", "=", False)])
