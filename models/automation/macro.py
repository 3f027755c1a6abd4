from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools import choices
from ..html.clean_html import CleanHtml

# step type → the field that it cannot do without
NEEDS = {"category": "category_id", "priority": "priority", "tag": "tag_ids", "untag": "tag_ids", "team": "team_id",
         "answer": "template_id", "note": "body", "task": "project_id", "status": "status_id"}


class ServicedeskMacro(models.Model):
    """A named sequence of typed steps, done with one click on one ticket or many, under the rights of who clicks.

    Steps are no server actions: those are code, and only system administrators may write them.
    """

    _name = "servicedesk.macro"
    _description = "Macro"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null",
                                    help="Leave empty to offer it in all departments.")
    step_ids = fields.One2many("servicedesk.step", "macro_id", copy=True)
    summary = fields.Char(compute="_compute_summary")

    @api.depends("step_ids.type")
    def _compute_summary(self):
        for macro in self:
            macro.summary = " → ".join(macro.step_ids.mapped("display_name"))

    @api.model
    def _get_fitting(self, tickets):
        """Return the macros that are offered for all of these tickets."""
        departments = tickets.department_id
        fits_all = Domain("department_id", "=", False)
        own = Domain("department_id", "=", departments.id) if len(departments) == 1 else Domain.FALSE
        return self.search((fits_all | own) & Domain("step_ids", "!=", False))

    @api.model
    @api.readonly
    def get_offered(self, ticket_ids):
        """Return ``[{id, name, summary}]`` for the button on tickets.

        :raise AccessError: where one of the tickets is out of sight
        """
        tickets = self.env["servicedesk.ticket"].browse(ticket_ids)
        tickets.check_access("read")
        return self._get_fitting(tickets).read(["name", "summary"])

    def run(self, ticket_ids):
        """Do all steps on all tickets, or nothing.

        :return: what happened, in words for the user
        :raise UserError: where a step cannot be done, naming the ticket and the step
        """
        self.ensure_one()
        self.check_access("read")
        tickets = self.env["servicedesk.ticket"].browse(ticket_ids)
        tickets.check_access("write")
        if self not in self._get_fitting(tickets):
            raise UserError(self.env._("“%s” is not for tickets of this department.", self.name))
        self.env["servicedesk.event"]._log_fact("macro", [(ticket, self.name) for ticket in tickets])
        with self.env["servicedesk.change"]._span(cause=self):
            for step in self.step_ids:
                try:
                    step._run(tickets)
                except (UserError, ValidationError) as error:
                    raise UserError(self.env._(
                        "“%(macro)s” stopped at the step “%(step)s”, nothing was changed: %(error)s",
                        macro=self.name, step=step.display_name, error=error.args[0])) from error
        if len(tickets) == 1:
            return self.env._("Done: %s", self.name)
        return self.env._("Done, tickets %(count)s: %(macro)s", count=len(tickets), macro=self.name)


class ServicedeskStep(models.Model):
    """One step of a macro; ``type`` says which of the fields count."""

    _name = "servicedesk.step"
    _description = "Step of a macro"
    _order = "macro_id, sequence, id"

    macro_id = fields.Many2one("servicedesk.macro", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    type = fields.Selection([
        ("take", "Assign to me"), ("owner", "Set owner"), ("team", "Assign to team"),
        ("category", "Set category"), ("priority", "Set priority"), ("tag", "Add tags"),
        ("untag", "Remove tags"), ("status", "Set detailed status"), ("note", "Write an internal note"),
        ("answer", "Reply with a template"), ("task", "Create task"), ("wait", "Wait"),
        ("resolve", "Resolve"), ("close", "Close"), ("reopen", "Reopen")], "What", required=True, default="take")
    owner_id = fields.Many2one("res.users", domain=[("share", "=", False)], help="Leave empty for nobody.")
    team_id = fields.Many2one("servicedesk.team", ondelete="restrict")
    category_id = fields.Many2one("servicedesk.category", ondelete="restrict")
    priority = fields.Selection(choices.PRIORITIES)
    status_id = fields.Many2one("servicedesk.status", "Detailed status", ondelete="restrict")
    tag_ids = fields.Many2many("servicedesk.tag")
    body = CleanHtml("Text")
    template_id = fields.Many2one("servicedesk.template", ondelete="restrict")
    project_id = fields.Many2one("project.project", ondelete="restrict")
    waiting_for = fields.Selection(
        choices.REASONS_TO_WAIT, "Waiting for",
        default="customer")
    days = fields.Integer(default=1, help="The day until which to wait.")

    @api.depends("type", "template_id", "category_id", "tag_ids", "team_id", "owner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["type"]._description_selection(self.env))
        for step in self:
            detail = step[{"answer": "template_id", "category": "category_id", "tag": "tag_ids", "untag": "tag_ids",
                           "team": "team_id", "owner": "owner_id", "status": "status_id"}.get(step.type, "macro_id")]
            names = ", ".join(detail.mapped("display_name")) if detail._name != "servicedesk.macro" else ""
            step.display_name = ": ".join(filter(None, [labels.get(step.type), names]))

    @api.constrains("type", *set(NEEDS.values()), "waiting_for", "days")
    def _check_complete(self):
        for step in self:
            needed = NEEDS.get(step.type)
            empty = is_html_empty(step.body) if needed == "body" else needed and not step[needed]
            if empty or (step.type == "wait" and step.waiting_for == "date" and step.days < 1):
                raise ValidationError(self.env._("The step “%s” is not complete.", dict(
                    self._fields["type"]._description_selection(self.env))[step.type]))

    def _run(self, tickets):
        """Do this step on tickets that the user may write."""
        self.ensure_one()
        getattr(self, f"_run_{self.type}")(tickets)

    def _run_take(self, tickets):
        tickets.filtered(lambda ticket: ticket.owner_id != self.env.user).action_take()

    def _run_owner(self, tickets):
        tickets.write({"owner_id": self.owner_id.id})

    def _run_team(self, tickets):
        tickets.write({"team_id": self.team_id.id})

    def _run_category(self, tickets):
        tickets.write({"category_id": self.category_id.id})

    def _run_priority(self, tickets):
        tickets.write({"priority": self.priority})

    def _run_status(self, tickets):
        tickets.write({"status_id": self.status_id.id})

    def _run_tag(self, tickets):
        tickets.write({"tag_ids": [(4, tag.id) for tag in self.tag_ids]})

    def _run_untag(self, tickets):
        tickets.write({"tag_ids": [(3, tag.id) for tag in self.tag_ids]})

    def _run_note(self, tickets):
        Item = self.env["servicedesk.item"]
        # sudo: agents may only create drafts; this note is complete and signed by the same agent
        Item.sudo().create([Item._prepare_note_vals(ticket, self.body, self.env.user) for ticket in tickets])

    def _run_answer(self, tickets):
        """Answer through the same calls as the screen, with all its checks; a draft of one's own is in the way."""
        Item = self.env["servicedesk.item"]
        for ticket in tickets:
            start = Item.prepare_draft(ticket.id, "email")
            if start["id"]:
                raise UserError(self.env._("You have a draft on %s. Send or discard it first.", ticket.number))
            subject, body = self.template_id.with_context(
                lang=Item._get_requester_lang(ticket, self.template_id))._render(ticket)
            values = start | {"body": f"{body}{start['body']}", "subject": subject or start["subject"]}
            Item.browse(Item.save_draft(ticket.id, "email", values)).action_send()

    def _run_task(self, tickets):
        self.env["project.task"].create([{
            "name": f"{ticket.number} · {ticket.subject}", "project_id": self.project_id.id,
            "partner_id": ticket.partner_id.id, "servicedesk_ticket_ids": [(4, ticket.id)]} for ticket in tickets])

    def _run_wait(self, tickets):
        vals = {"state": "waiting", "waiting_for": self.waiting_for}
        if self.waiting_for == "date":
            vals["reopen_at"] = fields.Datetime.now() + timedelta(days=self.days)
        tickets.write(vals)

    def _run_resolve(self, tickets):
        tickets.action_resolve()

    def _run_close(self, tickets):
        tickets.action_close()

    def _run_reopen(self, tickets):
        tickets.action_reopen()
