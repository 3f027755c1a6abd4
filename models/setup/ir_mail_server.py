from odoo import fields, models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    servicedesk_department_id = fields.Many2one(
        "servicedesk.department", "Set up for the department", ondelete="set null", index="btree_not_null", copy=False,
        help="Created by the setup assistant of this department, which may change it there.")
