from odoo import api, fields, models
from odoo.exceptions import UserError


class ServicedeskHandOver(models.TransientModel):
    """Hands tickets over to a colleague, a group or another department, and says why."""

    _name = "servicedesk.hand.over"
    _description = "Reassign tickets"

    ticket_ids = fields.Many2many("servicedesk.ticket", required=True)
    department_id = fields.Many2one("servicedesk.department", required=True)
    team_id = fields.Many2one("servicedesk.team", domain="[('department_id', '=', department_id)]")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    user_id = fields.Many2one("res.users", "Person", domain="[('id', 'in', candidate_ids)]")
    reason = fields.Char(required=True)
    summary = fields.Char(compute="_compute_summary")

    @api.depends("department_id", "team_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            # sudo: colleagues of another department, by name
            wizard.candidate_ids = wizard.team_id.sudo().member_ids or wizard.department_id._get_people()

    @api.onchange("department_id")
    def _onchange_department_id(self):
        if self.team_id.department_id != self.department_id:
            self.team_id = False

    @api.onchange("department_id", "team_id")
    def _onchange_candidates(self):
        if self.user_id not in self.candidate_ids:
            self.user_id = False

    @api.depends("ticket_ids", "department_id", "team_id", "user_id")
    def _compute_summary(self):
        for wizard in self:
            target = wizard.user_id.name or wizard.team_id.name or wizard.department_id.name
            wizard.summary = self.env._("%(count)s → %(target)s", target=target, count=(
                wizard.ticket_ids.number if len(wizard.ticket_ids) == 1
                else self.env._("Tickets: %s", len(wizard.ticket_ids)))) if target else ""

    def action_apply(self):
        """Write the new owner with the reason as an event; one may hand over what one may write."""
        self.ensure_one()
        tickets = self.ticket_ids
        tickets.check_access("write")
        self.department_id.check_access("read")
        if self.user_id and self.user_id not in self.candidate_ids:
            raise UserError(self.env._("%s does not work in this department.", self.user_id.name))
        vals = {"owner_id": self.user_id.id, "team_id": self.team_id.id, "department_id": self.department_id.id}
        self.env["servicedesk.event"]._log_fact("handed_over", [(ticket, self.reason) for ticket in tickets])
        tickets._check_change(vals)
        # sudo: handing over may take the ticket out of one's own sight; the right to write it has been checked
        given = tickets.sudo()
        with self.env["servicedesk.change"]._span(reason=self.reason):
            strangers = given.filtered(lambda ticket: ticket.remind_user_id - self.department_id._get_people())
            strangers.write(vals | {"remind_user_id": False})
            (given - strangers).write(vals)
        visible = tickets._filtered_access("read")
        if len(visible) == len(tickets) == 1:
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        return self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_ticket_action")
