from odoo import fields, models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    on_duty_ids = fields.Many2many(
        "res.users", "servicedesk_department_on_duty_rel", string="On call", domain=[("share", "=", False)],
        help="Notified of unassigned tickets of the highest priority, day and night, unless they are on leave. "
             "Leave empty to notify the department manager, who also steps in when all of them are away.")

    def _get_on_duty(self):
        """Return who is told of an urgent matter that nobody owns: those on duty who are not away, else the manager."""
        self.ensure_one()
        on_duty = self.on_duty_ids.sudo()  # sudo: whether they are away; agents may not read leaves
        there = on_duty.filtered(lambda user: not user.servicedesk_away).sudo(self.env.su)
        return there or self.manager_id or self.on_duty_ids
