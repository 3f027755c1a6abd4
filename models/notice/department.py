from odoo import fields, models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    on_duty_ids = fields.Many2many(
        "res.users", "servicedesk_department_on_duty_rel", string="On duty", domain=[("share", "=", False)],
        help="Told of tickets of the highest priority that nobody owns, day and night, unless they are on leave. "
             "Left empty, or all of them away: the manager.")

    def _get_on_duty(self):
        """Return who is told of an urgent matter that nobody owns: those on duty who are not away, else the manager."""
        self.ensure_one()
        on_duty = self.on_duty_ids.sudo()  # sudo: whether they are away; agents may not read leaves
        there = on_duty.filtered(lambda user: not user.servicedesk_away).sudo(self.env.su)
        return there or self.manager_id or self.on_duty_ids
