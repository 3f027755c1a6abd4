from odoo import fields, models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    first_steps = fields.Json(copy=False, readonly=True, export_string_translation=False,
                              help="What the administrator has seen: {passed: [steps], test: {message_id, sent_at}}.")
