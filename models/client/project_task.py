from odoo import fields, models


class ProjectTask(models.Model):
    _inherit = "project.task"

    servicedesk_ticket_ids = fields.Many2many(
        "servicedesk.ticket", "servicedesk_ticket_task_rel", "task_id", "ticket_id", "Tickets",
        groups="servicedesk.group_user")
