from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class ServicedeskMergeTickets(models.TransientModel):
    """Choose which ticket survives, and see before what moves, what stays and who will see what."""

    _name = "servicedesk.merge.tickets"
    _description = "Merge tickets"

    ticket_ids = fields.Many2many("servicedesk.ticket", string="Tickets",
                                  domain="[('company_id', '=', company_id), ('merged_into_id', '=', False)]")
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    survivor_id = fields.Many2one("servicedesk.ticket", "Target ticket", compute="_compute_survivor_id", store=True,
                                  readonly=False, domain="[('id', 'in', ticket_ids)]")
    client_ids = fields.Many2many("res.partner", string="Customers of the tickets", compute="_compute_client_ids")
    client_count = fields.Integer("Number of customers", compute="_compute_client_ids")
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id", store=True, readonly=False,
                                 domain="[('id', 'in', client_ids)]", context={"show_address": 0})
    preview = fields.Html(compute="_compute_preview")

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.ticket_ids.company_id[:1]

    @api.depends("ticket_ids")
    def _compute_survivor_id(self):
        """The oldest one that is alive; who opened the dialog from a ticket can choose otherwise."""
        for wizard in self:
            alive = wizard.ticket_ids.filtered(lambda ticket: ticket.state != "archived") or wizard.ticket_ids
            if wizard.survivor_id not in wizard.ticket_ids:
                wizard.survivor_id = alive.sorted(lambda ticket: (ticket.create_date, ticket.id))[:1]._origin

    @api.depends("ticket_ids")
    def _compute_client_ids(self):
        for wizard in self:
            wizard.client_ids = wizard.ticket_ids.partner_id
            wizard.client_count = len(wizard.client_ids)

    @api.depends("survivor_id", "ticket_ids")
    def _compute_partner_id(self):
        """With one client there is nothing to ask; with several, somebody has to say whose matter it is."""
        for wizard in self:
            if wizard.client_count == 1:
                wizard.partner_id = wizard.client_ids
            elif wizard.partner_id not in wizard.client_ids:
                wizard.partner_id = False

    @api.depends("survivor_id", "ticket_ids", "partner_id")
    def _compute_preview(self):
        for wizard in self:
            lines = wizard._describe() if wizard.survivor_id and len(wizard.ticket_ids) > 1 else [
                self.env._("Choose at least two tickets.")]
            wizard.preview = Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % line for line in lines)

    def _describe(self):
        """Return in words what will happen, only as far as it does."""
        survivor = self.survivor_id._origin
        sources = self.ticket_ids._origin - survivor
        lines = [
            self.env._("%(numbers)s will be archived. Mail to any of the numbers arrives in %(survivor)s, and a search "
                       "for them finds it.", numbers=", ".join(sources.mapped("number")), survivor=survivor.number),
            self._describe_moving(sources),
        ]
        if survivor.state != "open" and "open" in sources.mapped("state"):
            lines.append(self.env._("%s reopens, because one of the others is open.", survivor.number))
        # sudo: drafts of colleagues, of which only the number is told
        if staying := self.env["servicedesk.merge"].sudo()._get_staying_drafts(survivor, sources):
            lines.append(self.env._("Drafts that stay where they are, because their author has another one in what "
                                    "remains: %s", len(staying)))
        if self.client_count > 1:
            lines.append(self.env._(
                "The tickets belong to different customers: %s. Choose the customer; the contacts of the others "
                "keep getting the e-mails.", ", ".join(self.client_ids.mapped("name"))))
        if others := sources.contact_id - survivor.contact_id:
            lines.append(self.env._("No access in the portal any more: %(names)s. This does not apply to those "
                                    "who see all requests of their company.", names=", ".join(others.mapped("name"))))
        days = survivor.department_id.merge_undo_days
        lines.append(self.env._("It can be undone for %s days.", days) if days else self.env._("It cannot be undone."))
        return lines

    def _describe_moving(self, sources):
        items = self.env["servicedesk.item"].search_count(
            [("ticket_id", "in", sources.ids), ("state", "!=", "draft")])
        # sudo: a count, of what moves along whoever may see it
        files = self.env["ir.attachment"].sudo().search_count([
            ("res_model", "=", "servicedesk.item"), ("res_field", "=", False),
            ("res_id", "in", sources.sudo().item_ids.ids)])  # sudo: as above
        tasks, children = len(sources.sudo().task_ids), len(sources.child_ids)  # sudo: as above
        counts = [(self.env._("messages: %s", items), items), (self.env._("files: %s", files), files),
                  (self.env._("tasks: %s", tasks), tasks), (self.env._("sub-tickets: %s", children), children)]
        moving = ", ".join(text for text, count in counts if count)
        return self.env._("Moves with its history: %s", moving or self.env._("nothing but the history"))

    def action_merge(self):
        """Merge, and open the survivor."""
        self.ensure_one()
        if not self.survivor_id:
            raise UserError(self.env._("Choose the target ticket."))
        if self.client_count > 1 and not self.partner_id:
            raise UserError(self.env._("Choose the customer of the merged ticket."))
        self.env["servicedesk.merge"]._merge(self.ticket_ids, self.survivor_id, self.partner_id)
        return {"type": "ir.actions.act_window", "res_model": "servicedesk.ticket", "res_id": self.survivor_id.id,
                "views": [(False, "form")]}
