from odoo import api, fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    servicedesk_ticket_ids = fields.Many2many(
        "servicedesk.ticket", "servicedesk_ticket_task_rel", "task_id", "ticket_id", "Tickets",
        groups="servicedesk.group_user")


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    task_ids = fields.Many2many("project.task", "servicedesk_ticket_task_rel", "ticket_id", "task_id", "Tasks",
                                groups="project.group_project_user")
    task_count = fields.Integer(compute="_compute_task_count", groups="project.group_project_user")

    @api.depends("task_ids")
    def _compute_task_count(self):
        for ticket in self:
            ticket.task_count = len(ticket.task_ids)

    def action_new_task(self):
        """Open a new task for this ticket: project, person, day and text are chosen there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "project.task", "view_mode": "form",
            "views": [(False, "form")], "target": "new", "name": self.env._("New task for %s", self.number),
            "context": {
                "default_name": self.subject, "default_partner_id": self.partner_id.id,
                "default_servicedesk_ticket_ids": [(4, self.id)], "default_user_ids": [(4, self.env.uid)],
                "default_description": self.last_item_preview or "",
            },
        }
