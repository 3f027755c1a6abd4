from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import choices

NAMED = 5


class ServicedeskChangeTickets(models.TransientModel):
    """Change one or many tickets at once: asks what the change needs, says before what stays as it is and why.

    The same dialog serves the buttons (wait until a date, close with a status), a card dragged into another
    column, and a selection in the list.
    """

    _name = "servicedesk.change.tickets"
    _description = "Change tickets"

    ticket_ids = fields.Many2many("servicedesk.ticket", string="Tickets", readonly=True)
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    single = fields.Boolean("About the state only")
    reopening = fields.Boolean("Only about the day of reopening")
    state = fields.Selection([("open", "Open"), ("waiting", "Waiting"), ("closed", "Closed"),
                              ("archived", "Archived")])
    waiting_for = fields.Selection(
        choices.REASONS_TO_WAIT,
        "Waiting for", default="customer")
    reopen_at = fields.Datetime("Reopens on")
    status_id = fields.Many2one("servicedesk.status", "Detailed status", domain="[('id', 'in', allowed_status_ids)]")
    allowed_status_ids = fields.Many2many("servicedesk.status", string="Allowed detailed statuses",
                                          compute="_compute_allowed_status_ids")
    status_demanded = fields.Boolean("Status required", compute="_compute_allowed_status_ids")
    department_id = fields.Many2one("servicedesk.department", domain="[('company_id', '=', company_id)]")
    category_id = fields.Many2one("servicedesk.category", domain="[('company_id', 'in', (company_id, False))]")
    priority = fields.Selection(choices.PRIORITIES)
    owner_id = fields.Many2one("res.users", domain=[("share", "=", False)])
    add_tag_ids = fields.Many2many("servicedesk.tag", "servicedesk_change_add_tag_rel", string="Add tags")
    remove_tag_ids = fields.Many2many("servicedesk.tag", "servicedesk_change_remove_tag_rel", string="Remove tags")
    preview = fields.Html(compute="_compute_preview")

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.ticket_ids.company_id[:1]

    @api.depends("ticket_ids", "state", "category_id")
    def _compute_allowed_status_ids(self):
        """Only what all tickets may have can be given to all."""
        for wizard in self:
            fitting = None
            for category in wizard.category_id or wizard.ticket_ids.category_id:
                statuses = category._get_statuses()
                statuses = statuses._fits(wizard.state) if wizard.state else statuses
                fitting = statuses if fitting is None else fitting & statuses
            wizard.allowed_status_ids = fitting or self.env["servicedesk.status"]
            wizard.status_demanded = wizard.state == "closed" and any(
                ticket._get_missing_status({}) for ticket in wizard.ticket_ids)

    @api.onchange("state", "category_id")
    def _onchange_state(self):
        if self.status_id not in self.allowed_status_ids:
            self.status_id = False

    @api.depends("ticket_ids", "state", "waiting_for", "reopen_at", "status_id", "department_id", "category_id",
                 "priority", "owner_id", "add_tag_ids", "remove_tag_ids")
    def _compute_preview(self):
        for wizard in self:
            changes, reasons = wizard._sort_out()
            lines = []
            if len(wizard.ticket_ids) > 1 and (changes or reasons):
                changing = self.env["servicedesk.ticket"].union(*(tickets for tickets, _vals in changes))
                lines.append(wizard.env._("Tickets that change: %s", len(changing)))
            for reason, tickets in reasons.items():
                names = ", ".join(tickets[:NAMED].mapped("number"))
                more = len(tickets) - NAMED
                names += wizard.env._(" and %s more", more) if more > 0 else ""
                lines.append(reason if names in reason else f"{names}: {reason}")
            wizard.preview = Markup("<ul class='mb-0 ps-3'>%s</ul>") % Markup().join(
                Markup("<li>%s</li>") % line for line in lines) if lines else False

    def _sort_out(self):
        """Return what will be written and what stays as it is.

        :return: ``([(tickets, values)], {why: tickets})``; a ticket can be in both, when only a part of it can change
        """
        self.ensure_one()
        groups, reasons, empty = {}, {}, self.env["servicedesk.ticket"]

        def stays(ticket, reason):
            reasons[reason] = reasons.get(reason, empty) | ticket

        writable = self.ticket_ids._filtered_access("write")
        for ticket in self.ticket_ids:
            if ticket not in writable:
                stays(ticket, self.env._("you may not change it"))
                continue
            vals = self._get_ticket_vals(ticket, lambda reason, ticket=ticket: stays(ticket, reason))
            if vals:
                key = tuple(sorted(vals.items(), key=lambda pair: pair[0]))
                groups[key] = groups.get(key, empty) | ticket
        return [(tickets, {name: list(value) if isinstance(value, tuple) else value for name, value in key})
                for key, tickets in groups.items()], reasons

    def _get_ticket_vals(self, ticket, stays):
        """Return what changes on one ticket; ``stays`` is told in words what does not."""
        vals = self._get_moving_vals(ticket, stays)
        if self.category_id and self.category_id != ticket.category_id:
            department = self.category_id.department_id
            moves = department and department != ticket.department_id
            if moves and (refusal := ticket._get_right_refusal("assign")):
                stays(refusal)
            else:
                vals["category_id"] = self.category_id.id
        if self.priority and self.priority != ticket.priority:
            vals["priority"] = self.priority
        if self.owner_id and self.owner_id != ticket.owner_id:
            department = self.department_id if "department_id" in vals else ticket.department_id
            if refusal := ticket._get_right_refusal("assign"):
                stays(refusal)
            elif self.owner_id in department._get_people():
                vals["owner_id"] = self.owner_id.id
            elif "owner_id" not in vals:
                stays(self.env._("keeps its owner, because %(owner)s is not a member of the department %(department)s",
                                 owner=self.owner_id.name, department=department.name))
        tags = [(4, tag.id) for tag in self.add_tag_ids - ticket.tag_ids] + [
            (3, tag.id) for tag in self.remove_tag_ids & ticket.tag_ids]
        if tags:
            vals["tag_ids"] = tuple(tags)
        if self.status_id and self.status_id != ticket.status_id:
            vals["status_id"] = self.status_id.id
        if state_vals := self._get_state_vals(ticket):
            if reason := ticket._get_state_refusal(state_vals | {"status_id": self.status_id.id}):
                stays(reason)
                if self.state != ticket.state:
                    vals.pop("status_id", None)
            else:
                vals |= state_vals
        elif self.state:
            stays(self.env._("is there already"))
        return vals

    def _get_moving_vals(self, ticket, stays):
        """Return what a move to the chosen department changes on one ticket, beside what is chosen in the dialog."""
        department = self.department_id
        if not department or department == ticket.department_id:
            return {}
        if ticket.merged_into_id or department.company_id != ticket.company_id:
            stays(self.env._("stays in its department, because it has been merged") if ticket.merged_into_id else
                  self.env._("stays in its department, because %s is another company's", department.name))
            return {}
        if refusal := ticket._get_right_refusal("assign"):
            stays(refusal)
            return {}
        vals = ticket._get_moving_vals(department)
        if "owner_id" in vals and self.owner_id not in department._get_people():
            stays(self.env._("becomes unassigned, because %(owner)s is not a member of the department %(department)s",
                             owner=ticket.owner_id.name, department=department.name))
        if not self.category_id and (category := ticket._get_lost_category(department)):
            vals["category_id"] = False
            stays(self.env._("loses the category “%(category)s”, which belongs to %(department)s",
                             category=category.complete_name, department=category.department_id.name))
        return vals

    def _get_state_vals(self, ticket):
        if not self.state:
            return {}
        vals = {"state": self.state}
        if self.state == "waiting":
            vals["waiting_for"] = self.waiting_for or "customer"
        if self.state in ("waiting", "closed"):
            vals["reopen_at"] = self.reopen_at
        unchanged = all(ticket[name] == value for name, value in vals.items())
        return {} if unchanged else vals

    def action_apply(self):
        """Change what can be changed; where nothing can, say why.

        :raise UserError: where none of the tickets would change
        """
        self.ensure_one()
        if self.state == "waiting" and self.waiting_for == "date" and not self.reopen_at:
            raise UserError(self.env._("Choose the day and time until which to wait."))
        if self.state in ("waiting", "closed") and self.reopen_at and self.reopen_at <= fields.Datetime.now():
            raise UserError(self.env._("Choose a moment in the future to reopen on."))
        changes, reasons = self._sort_out()
        if not changes:
            raise UserError("\n".join(f"{tickets[0].number}: {reason}" for reason, tickets in reasons.items())
                            or self.env._("Nothing would change."))
        with self.env["servicedesk.change"]._span():
            for tickets, vals in changes:
                if "department_id" in vals:
                    self._move(tickets, vals)
                else:
                    tickets.write(vals)
        return {"type": "ir.actions.act_window_close"}

    def _move(self, tickets, vals):
        """Write a change of department with all that comes with it, as one change.

        :raise AccessError: where it would close child tickets that the user may not change
        """
        tickets.check_access("write")
        self.department_id.check_access("read")
        if vals.get("state") == "closed" and self.department_id.child_rule == "cascade":
            family = tickets
            while family := family._get_open_children():
                family.check_access("write")
        # sudo: a move may take the ticket out of one's own sight; all that it does has been checked
        tickets.sudo().write(vals)


class ServicedeskTicket(models.Model):
    """The doors to the dialog: each asks only where there is something to ask."""

    _inherit = "servicedesk.ticket"

    def action_ask_close(self):
        """Close, or ask for what closing demands."""
        return self.get_state_question("closed") or self.action_close()

    def action_ask_wait(self, reason="customer"):
        """Ask for the reason to wait for, and until when."""
        return self._open_change_dialog(self.env._("Wait"), "waiting", waiting_for=reason)

    def action_ask_reopen_at(self):
        """Ask for the moment on which a waiting or closed ticket reopens by itself."""
        self.ensure_one()
        return self._open_change_dialog(self.env._("Reopen on a day"), self.state, reopening=True,
                                        waiting_for=self.waiting_for or "date", reopen_at=self.reopen_at)

    def get_state_question(self, state):
        """Return the action that asks what a change to ``state`` needs, or False where nothing is to be asked."""
        self.check_access("write")
        if state == "waiting":
            return self.action_ask_wait()
        if state == "closed" and any(ticket._get_missing_status({}) for ticket in self):
            return self._open_change_dialog(self.env._("Close"), "closed")
        return False

    def _open_change_dialog(self, title, state, **defaults):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window", "res_model": "servicedesk.change.tickets", "target": "new", "name": title,
            "views": [(self.env.ref("servicedesk.servicedesk_change_tickets_view_form").id, "form")],
            "context": {"default_ticket_ids": self.ids, "default_state": state, "default_single": True,
                        "dialog_size": "medium",
                        **{f"default_{name}": value for name, value in defaults.items()}},
        }
