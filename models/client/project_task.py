from odoo import models

from ..access.relations import RuledMany2many


class ProjectTask(models.Model):
    _inherit = "project.task"

    servicedesk_ticket_ids = RuledMany2many(
        "servicedesk.ticket", "servicedesk_ticket_task_rel", "task_id", "ticket_id", "Service Desk tickets",
        groups="servicedesk.group_user")
