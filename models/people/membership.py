from odoo import fields, models


class ServicedeskMembership(models.Model):
    _inherit = "servicedesk.membership"

    takes_part = fields.Boolean("Gets tickets", default=True, help="Takes part in automatic assignment.")
    assigned_at = fields.Datetime("Last assigned", readonly=True, copy=False)
