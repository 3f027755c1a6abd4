from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import is_html_empty


class NoteConflict(UserError):
    """The note is not any more what the screen that wants to store it has read."""


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    task_ids = fields.Many2many("project.task", "servicedesk_ticket_task_rel", "ticket_id", "task_id", "Tasks",
                                groups="project.group_project_user")
    task_count = fields.Integer("Task count", compute="_compute_task_count", groups="project.group_project_user")
    service_id = fields.Many2one(
        "servicedesk.service", index="btree_not_null",
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        help="The customer's service that this ticket is about.")

    def set_client_note(self, body, known=None):
        """Store the permanent note of this ticket's client; an empty one takes it away.

        :param str body: HTML
        :param str known: the note as it was read before it was changed; None writes over whatever there is
        :raise AccessError: for tickets that the user may not write on
        :raise NoteConflict: when a colleague has changed it meanwhile
        """
        self.ensure_one()
        self.check_access("write")
        if not self.partner_id:
            raise AccessError(self.env._("This ticket has no customer yet."))
        # sudo: agents need no right to edit contacts for this one field; the ticket's access has been checked
        client = self.partner_id.sudo()
        if known is not None and known != client._get_servicedesk_note():
            raise NoteConflict(self.env._("This note has been changed meanwhile."))
        client.servicedesk_note = False if is_html_empty(body) else body

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

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        result = super()._onchange_partner_id()
        if self.service_id.partner_id != self.partner_id.commercial_partner_id:
            self.service_id = False
        return result

    @api.constrains("service_id", "partner_id", "company_id")
    def _check_service(self):
        for ticket in self.filtered("service_id"):
            service = ticket.service_id.sudo()  # sudo: a service of a foreign company must be recognised as such
            if (service.partner_id != ticket.partner_id.commercial_partner_id
                    or service.company_id != ticket.company_id):
                raise ValidationError(self.env._(
                    "“%s” is not a service of this ticket's customer.", service.display_name))
