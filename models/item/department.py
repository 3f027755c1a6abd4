from odoo import fields, models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    undo_seconds = fields.Integer("Seconds to take a mail back", default=10,
                                  help="How long a mail waits after “Send”; 0 sends it at once.")

    _undo_seconds_range = models.Constraint(
        "CHECK(undo_seconds BETWEEN 0 AND 120)", "A mail can be taken back for 0 to 120 seconds.")
