from odoo import fields, models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    undo_seconds = fields.Integer("Undo send period (seconds)", default=10,
                                  help="How long an e-mail waits after “Send”, for example 10 seconds. Set 0 to "
                                       "send it at once.")

    _undo_seconds_range = models.Constraint(
        "CHECK(undo_seconds BETWEEN 0 AND 120)", "The undo send period is 0 to 120 seconds.")
