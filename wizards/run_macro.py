from odoo import api, fields, models


class ServicedeskRunMacro(models.TransientModel):
    """Runs a macro on a selection of tickets, after saying on how many."""

    _name = "servicedesk.run.macro"
    _description = "Run macro"

    ticket_ids = fields.Many2many("servicedesk.ticket", required=True,
                                  default=lambda self: self.env.context.get("active_ids"))
    offered_ids = fields.Many2many("servicedesk.macro", compute="_compute_offered_ids")
    macro_id = fields.Many2one("servicedesk.macro", required=True, domain="[('id', 'in', offered_ids)]")
    summary = fields.Char(compute="_compute_summary")

    @api.depends("ticket_ids")
    def _compute_offered_ids(self):
        for wizard in self:
            wizard.offered_ids = self.env["servicedesk.macro"]._get_fitting(wizard.ticket_ids)

    @api.depends("ticket_ids", "macro_id")
    def _compute_summary(self):
        for wizard in self:
            wizard.summary = self.env._("Tickets (%(count)s): %(steps)s", count=len(wizard.ticket_ids),
                                        steps=wizard.macro_id.summary) if wizard.macro_id else ""

    def action_run(self):
        self.ensure_one()
        return {
            "type": "ir.actions.client", "tag": "display_notification",
            "params": {"message": self.macro_id.run(self.ticket_ids.ids), "type": "success",
                       "next": {"type": "ir.actions.client", "tag": "soft_reload"}},
        }
