from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Which states may follow which; to stay in a state is always allowed.
MOVES = {
    "open": ("waiting", "closed"),
    "waiting": ("open", "closed"),
    "closed": ("open", "waiting", "archived"),
    "archived": ("open",),
}

# Said in the context where a worker acts. An object: what a client sends is never it, also where superuser code that it
# calls reads the key.
UNATTENDED = object()


class ServicedeskTicket(models.Model):
    """States: every way to change one, from a button to a mail, ends in :meth:`_prepare_state_changes`.

    ===================  ==========  ==========  ===========  ===================
    event                open        waiting     closed       archived
    ===================  ==========  ==========  ===========  ===================
    wait                 waiting     waiting     waiting      refused
    resolve              acceptance or closed    stays        refused
    close                closed      closed      stays        refused
    reopen               stays       open        open         open
    archive              refused     refused     archived     stays
    customer's answer    stays       open        open         (opens a new one)
    undeliverable        stays       open        open         stays
    answered             waiting     waiting     stays        stays
    reopen time          stays       open        open         stays
    waited too long      stays       closed      stays        stays
    closed long ago      stays       stays       archived     stays
    ===================  ==========  ==========  ===========  ===================

    A ticket that has been merged into another stays archived whatever happens.
    """

    _inherit = "servicedesk.ticket"

    status_id = fields.Many2one("servicedesk.status", "Detailed status", index="btree_not_null", ondelete="restrict",
                                copy=False,
                                domain="[('id', 'in', allowed_status_ids)]")
    allowed_status_ids = fields.Many2many("servicedesk.status", compute="_compute_allowed_status_ids",
                                          export_string_translation=False)
    state_since = fields.Datetime("In this state since", default=fields.Datetime.now, readonly=True, copy=False)
    resolved_at = fields.Datetime("Resolved on", readonly=True, copy=False)
    reopen_at = fields.Datetime("Reopens on", copy=False, help="The ticket reopens by itself at that minute.")
    closing_announced_at = fields.Datetime(readonly=True, copy=False, export_string_translation=False)
    planned_start = fields.Datetime("Planned start", copy=False)
    planned_end = fields.Datetime("Planned end", copy=False)

    @api.depends("category_id", "state")
    def _compute_allowed_status_ids(self):
        for ticket in self:
            ticket.allowed_status_ids = ticket.category_id._get_statuses()._fits(ticket.state)

    @api.constrains("state", "waiting_for", "reopen_at")
    def _check_waiting(self):
        for ticket in self:
            if ticket.state == "waiting" and ticket.waiting_for == "date" and not ticket.reopen_at:
                raise ValidationError(self.env._("Choose the day and time until which %s waits.", ticket.number))

    @api.constrains("planned_start", "planned_end")
    def _check_planned(self):
        if any(ticket.planned_start and ticket.planned_end and ticket.planned_start > ticket.planned_end
               for ticket in self):
            raise ValidationError(self.env._("What is planned cannot end before it begins."))

    def action_reopen(self):
        self.write({"state": "open"})

    def action_wait(self):
        self.write({"state": "waiting", "waiting_for": self.env.context.get("waiting_for", "customer")})

    def action_resolve(self):
        """The matter is settled for us: wait for the requester's word on it, or close, as the department wishes."""
        unsettled = self.filtered(lambda ticket: ticket.state != "closed")
        with self.env["servicedesk.change"]._span():
            for department, tickets in unsettled.grouped("department_id").items():
                if department.resolve_to == "acceptance":
                    tickets.write({"state": "waiting", "waiting_for": "acceptance"})
                else:
                    tickets.write({"state": "closed"})
            # sudo: when it was resolved is the system's to write
            unsettled.sudo().filtered(lambda ticket: not ticket.resolved_at).resolved_at = fields.Datetime.now()

    def action_close(self):
        self.write({"state": "closed"})

    def action_archive_ticket(self):
        self.write({"state": "archived"})

    def action_take(self):
        """Make the current user the owner; only a ticket that nobody owns can be taken."""
        if taken := self.filtered(lambda ticket: ticket.owner_id and ticket.owner_id != self.env.user):
            raise UserError(self.env._(
                "%(number)s already has an owner: %(owner)s. Ask for it to be reassigned.",
                number=taken[0].number, owner=taken[0].owner_id.name))
        self.write({"owner_id": self.env.uid})

    def mark_read(self):
        """Take the bold off a ticket that has been opened by its owner, or by anyone when it has none (any more)."""
        self.check_access("read")
        opened = self.filtered(
            lambda ticket: ticket.unread and (ticket.owner_id.id == self.env.uid or not ticket.owner_id.active))
        # sudo: opening is reading; who may read may also have read
        opened.sudo().write({"unread": False})
        for ticket in self:
            self.env["servicedesk.notice"].mark_read(ticket_id=ticket.id)
        return bool(opened)

    def _get_state_refusals(self, vals):
        """Return ``{ticket: why}`` of those that cannot take the state in ``vals``, with all that comes with it."""
        refusals = {}
        for ticket in self:
            if reason := ticket._get_state_refusal(vals):
                refusals[ticket] = reason
        return refusals

    def _get_state_refusal(self, vals):
        self.ensure_one()
        state = vals["state"]
        if self.merged_into_id:
            return self.env._("%(number)s has been merged into %(survivor)s. Undo the merge first.",
                              number=self.number, survivor=self.sudo().merged_into_id.number)  # sudo: only its number
        if state != self.state and state not in MOVES[self.state]:
            if state == "archived":
                return self.env._("Only a closed ticket can be archived. Close it first.")
            return self.env._("%s is archived. Reopen it first.", self.number)
        if state == "closed" and self.state != "closed":
            return self._get_closing_refusal(vals)
        return None

    def _get_closing_refusal(self, vals):
        """Return why the ticket cannot be closed yet, or None; a worker is not asked for what only a person knows."""
        if not self._is_unattended():
            if missing := self._get_missing_status(vals):
                return missing
            if missing := self._get_missing_properties():
                return self.env._("%(number)s cannot be closed before this is filled in: %(fields)s",
                                  number=self.number, fields=", ".join(missing))
        if self.department_id.child_rule == "block" and (children := self._get_open_children()):
            numbers = ", ".join(children.sudo().mapped("number"))  # sudo: only the numbers of what is in the way
            return self.env._("%(number)s cannot be closed while its sub-tickets are open: %(children)s",
                              number=self.number, children=numbers)
        return None

    def _get_missing_status(self, vals):
        category = self.category_id.sudo()  # sudo: what the category of another company demands
        if not category.status_required:
            return None
        status = self.env["servicedesk.status"].browse(vals["status_id"]) if vals.get("status_id") else self.status_id
        if status & category._get_statuses()._fits("closed"):
            return None
        return self.env._("%(number)s: the category “%(category)s” requires a detailed status before closing.",
                          number=self.number, category=category.complete_name)

    def _is_unattended(self):
        """Tell whether a worker acts, so that nobody could be asked."""
        return self.env.su and self.env.context.get("servicedesk_unattended") is UNATTENDED

    def _prepare_reason_vals(self, vals):
        """Return ``vals`` with the state that another reason for waiting means: it begins to wait anew.

        :raise UserError: for a reason on a ticket that does not wait
        """
        if not vals.get("waiting_for") or "state" in vals or "merged_into_id" in vals:
            return vals
        if awake := self.filtered(lambda ticket: ticket.state != "waiting"):
            raise UserError(self.env._("%s is not waiting for anything.", awake[0].number))
        return {**vals, "state": "waiting"}

    @api.model
    def _prepare_first_state_vals(self, vals_list):
        """Complete the values of tickets that do not begin open, such as imported ones."""
        now = fields.Datetime.now()
        for vals in vals_list:
            if vals.get("state") in ("closed", "archived"):
                vals.setdefault("closed_at", now)
            elif vals.get("state") == "waiting":
                vals["waiting_for"] = vals.get("waiting_for") or "customer"

    def _prepare_state_changes(self, vals):
        """Return ``[(tickets, values)]``: ``vals`` with everything that a change of state brings with it.

        It is not the same for all: what is closed already keeps the day on which it was.

        :raise UserError: where the change is not allowed
        """
        if "state" not in vals:
            return [(self, vals)]
        if "merged_into_id" in vals:  # merging and its undo say all that there is to say
            return [(self, vals)]
        if refusals := self._get_state_refusals(vals):
            raise UserError("\n".join(refusals.values()))
        groups = self.grouped(lambda ticket: (ticket.state, bool(ticket.resolved_at), ticket.status_id))
        return [(tickets, tickets._prepare_state_vals(vals)) for tickets in groups.values()]

    def _prepare_state_vals(self, vals):
        """Return ``vals`` completed for tickets of one state; those that are in the new one already stay as they are,
        but for what waits: it begins to wait anew."""
        state, now = vals["state"], fields.Datetime.now()
        stays = all(ticket.state == state for ticket in self)
        if not stays or state == "waiting":
            vals = {"state_since": now, "closing_announced_at": False} | vals
        vals = dict(vals)
        if state == "waiting":
            vals["waiting_for"] = vals.get("waiting_for") or "customer"
        else:
            vals["waiting_for"] = False
        if state in ("open", "archived"):
            vals["reopen_at"] = False
        elif not stays:
            vals.setdefault("reopen_at", False)
        if vals["waiting_for"] == "acceptance":
            if not all(ticket.resolved_at for ticket in self):
                vals["resolved_at"] = now
        elif state in ("open", "waiting"):
            vals["resolved_at"] = False
        if state in ("closed", "archived"):
            if any(ticket.state not in ("closed", "archived") for ticket in self):
                vals.setdefault("closed_at", now)
        else:
            vals["closed_at"] = False
        if "status_id" not in vals and any(ticket.status_id - ticket.status_id._fits(state) for ticket in self):
            vals["status_id"] = False
        return vals

    def _get_open_children(self):
        """Return the not closed children, also those out of the user's sight; changing them takes the right to."""
        # sudo: a child counts whether or not the user sees it
        children = self.sudo().child_ids.filtered(lambda ticket: ticket.state in ("open", "waiting"))
        return children.sudo(self.env.su)  # back to the rights of the user

    def _close_children(self, change, vals):
        """Close the children of what has just been closed, where the department wants that."""
        if vals.get("state") != "closed":
            return
        closed = self.filtered(lambda ticket: ticket.state == "closed" and change.old(ticket, "state") not in (
            "closed", "archived") and ticket.department_id.child_rule == "cascade")
        if closed and (children := closed._get_open_children()):
            children.write({"state": "closed"})

    def _on_customer_answer(self):
        """A customer's words reopen what waits or is closed; archived tickets never get here."""
        asleep = self.filtered(lambda ticket: ticket.state in ("waiting", "closed"))
        if asleep:
            asleep.write({"state": "open"})

    def _on_undelivered(self):
        """An answer that did not arrive is our move again."""
        self.write({"unread": True})
        self._on_customer_answer()

    def _on_answered(self):
        """After an answer to the customer it is the customer's move; what was waiting for them waits anew."""
        turned = self.filtered(lambda ticket: ticket.state == "open")
        if turned:
            turned.write({"state": "waiting", "waiting_for": "customer"})
        again = (self - turned).filtered(lambda ticket: ticket.waiting_for == "customer")
        if again:
            # sudo: since when it waits is the system's to write
            again.sudo().write({"state_since": fields.Datetime.now(), "closing_announced_at": False})
