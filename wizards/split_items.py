from odoo import api, fields, models


class ServicedeskSplitItems(models.TransientModel):
    """Make a new ticket of some items of one ticket."""

    _name = "servicedesk.split.items"
    _description = "Split to new ticket"

    chosen_ids = fields.Many2many("servicedesk.item", string="Messages", required=True)
    ticket_id = fields.Many2one("servicedesk.ticket", compute="_compute_ticket_id")
    company_id = fields.Many2one("res.company", compute="_compute_ticket_id")
    count = fields.Integer(compute="_compute_ticket_id")
    subject = fields.Char("Subject of the new ticket", required=True)
    department_id = fields.Many2one(
        "servicedesk.department", required=True,
        domain="[('id', 'in', department_ids), ('company_id', '=', company_id)]")
    department_ids = fields.Many2many("servicedesk.department", string="Departments to choose from",
                                      compute="_compute_department_ids", export_string_translation=False)
    mode = fields.Selection([("move", "Move: later replies arrive in the new ticket"),
                             ("copy", "Copy: the originals and later replies stay here")],
                            "What to do with the messages", default="move", required=True)

    @api.depends("chosen_ids")
    def _compute_ticket_id(self):
        for wizard in self:
            wizard.ticket_id = wizard.chosen_ids.ticket_id[:1]
            wizard.company_id = wizard.ticket_id.company_id
            wizard.count = len(wizard.chosen_ids)

    @api.depends_context("uid")
    def _compute_department_ids(self):
        """Offer the departments in which the user may open tickets."""
        Department = self.env["servicedesk.department"]
        if self.env.user.has_group("servicedesk.group_admin"):
            self.department_ids = Department.search([("company_id", "in", self.env.companies.ids)])
        else:
            self.department_ids = Department.browse(self.env.user._get_servicedesk_departments())

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        items = self.env["servicedesk.item"].browse(self.env.context.get("default_chosen_ids", ()))
        ticket = items.ticket_id[:1]
        values.setdefault("department_id", ticket.department_id.id)
        values.setdefault("subject", next(filter(None, items.mapped("subject")), ticket.subject))
        return values

    def action_split(self):
        """Split, then show the new ticket."""
        self.ensure_one()
        ticket = self.chosen_ids._split(
            {"subject": self.subject, "department_id": self.department_id.id}, copy=self.mode == "copy")
        return {
            "type": "ir.actions.act_window", "res_model": ticket._name, "res_id": ticket.id,
            "views": [(False, "form")], "target": "current", "name": ticket.display_name,
        }
