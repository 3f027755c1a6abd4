import heapq
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..queue.queue import Queue

ASSIGNING = Queue("assignment", "_assign", ("cron_assign",), batch=500, once=True, give_up="_give_up_assignment")
# What not everybody may change who works on a ticket → the right of the membership that it takes.
GUARDED = {
    "owner_id": "assign", "team_id": "assign", "department_id": "assign",
    "manual_deadline": "deadline", "manual_deadline_reason": "deadline",
}


class ServicedeskTicket(models.Model):
    """Limited edit: whoever sees a ticket works on it, but whose it is and until when is not everybody's to say.

    ==========================  =============  ==========================  =====================
    change                      right          free without the right      always
    ==========================  =============  ==========================  =====================
    owner, group, department    ``assign``     one's own work              supervisor, managers,
    merging it away             ``assign``     one's own work              administrator,
    deadline by hand            ``deadline``   never                       the system
    delete, ban, export         same names     never                       (these: by switch)
    ==========================  =============  ==========================  =====================

    One's own work is what one owns, what an absent colleague owns whom one stands in for, and what nobody owns;
    where a dispatcher chooses, of the latter only what was given to one's group.
    """

    _name = "servicedesk.ticket"
    _inherit = ["servicedesk.ticket", "servicedesk.queue"]

    team_id = fields.Many2one("servicedesk.team", index="btree_not_null", ondelete="set null",
                              domain="[('department_id', '=', department_id)]")
    assignment_due = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                                    help="Waits for an owner chosen by the rule of the department or category.")
    may_assign = fields.Boolean(compute="_compute_may_assign", export_string_translation=False)
    may_set_deadline = fields.Boolean(compute="_compute_may_set_deadline", export_string_translation=False)

    _assignment_due_idx = models.Index("(id) WHERE assignment_due IS TRUE")

    def _await_owners_after(self, change):
        """Let a rule choose owners for what is new in a change, or came under another rule by it."""
        new = self.browse(change.created & set(self.ids))
        due = new | change.changed(self, "department_id", "category_id")
        due._await_owner()

    def _await_owner(self):
        """Mark the tickets whose owner a rule chooses, and call the worker; it chooses for all at once."""
        due = self.filtered(lambda ticket: not ticket.owner_id and not ticket.team_id and ticket.state == "open"
                            and ticket._get_assignment() in ("member", "round_robin", "least_load"))
        if due:
            due.sudo().assignment_due = True  # sudo: the mark is the system's
            self._wake_jobs("cron_assign")

    def _await_dispatcher(self):
        """Return ``[(ticket, dispatchers)]`` of those whose owner a dispatcher chooses."""
        waiting = self.filtered(lambda ticket: not ticket.owner_id and ticket._get_assignment() == "dispatcher")
        # sudo: who gives tickets out there
        return [(ticket, ticket.sudo().department_id.dispatcher_ids) for ticket in waiting]

    def _get_assignment(self):
        """Return the rule that chooses this ticket's owner: that of its category, else of its department."""
        self.ensure_one()
        rule = self.category_id.owner_rule
        return rule if rule and rule != "none" else self.department_id._get_assignment()

    @api.model
    def _cron_assign(self):
        """Give waiting tickets their owners."""
        self._work_off(ASSIGNING, lambda: Domain("assignment_due", "=", True))

    def _give_up_assignment(self, _failure):
        """Let a ticket wait for whoever takes it, where no owner could be chosen for it."""
        self.assignment_due = False

    def _assign(self):
        """Choose owners for these tickets, set-based; where nobody is present they go on waiting."""
        settled = self.filtered(lambda ticket: ticket.owner_id or ticket.state != "open")
        chosen = {}
        for (department, rule), tickets in (self - settled).grouped(
                lambda ticket: (ticket.department_id, ticket._get_assignment())).items():
            if rule == "member":
                for category, group in tickets.grouped("category_id").items():
                    if owner := category._get_owner(department):
                        chosen.update(dict.fromkeys(group, owner))
                    else:
                        settled |= group
            elif rule in ("round_robin", "least_load"):
                chosen.update(tickets._choose_members(department, rule))
            else:
                settled |= tickets
        by_owner = {}
        for ticket, owner in chosen.items():
            by_owner.setdefault(owner, []).append(ticket.id)
        for owner, ids in by_owner.items():
            self.browse(ids).write({"owner_id": owner.id, "assignment_due": False})
        settled.write({"assignment_due": False})

    def _choose_members(self, department, rule):
        """Return ``{ticket: user}`` for tickets of one department; empty where nobody comes into question."""
        members = department.membership_ids.filtered(lambda member: (
            member.takes_part and not member.client_ids and member.user_id.active))
        if department.assign_present:
            present = department._get_present(members.user_id)
            members = members.filtered(lambda member: member.user_id in present)
        if not members:
            return {}
        longest_ago = sorted(members, key=lambda member: (
            member.assigned_at or fields.Datetime.to_datetime("1970-01-01"), member.id))
        load = dict.fromkeys(members.user_id, 0)
        if rule == "least_load":
            load |= dict(self._read_group(
                Domain("owner_id", "in", members.user_id.ids) & Domain("state", "=", "open"), ["owner_id"],
                ["__count"]))
        # The turn decides where the load is equal; in round robin the load is what this round has given.
        queue = [(load[member.user_id], turn, member.id, member.user_id) for turn, member in enumerate(longest_ago)]
        heapq.heapify(queue)
        chosen, now = {}, fields.Datetime.now()
        for index, ticket in enumerate(self.sorted("id")):
            count, _turn, member_id, user = heapq.heappop(queue)
            chosen[ticket] = user
            heapq.heappush(queue, (count + 1, len(longest_ago) + index, member_id, user))
        # Kept apart by microseconds no column has: one second each keeps the order of this round.
        last_turn = {member_id: turn for _count, turn, member_id, _user in queue}
        used = sorted((turn, member_id) for member_id, turn in last_turn.items() if turn >= len(longest_ago))
        for step, (_turn, member_id) in enumerate(reversed(used)):
            members.browse(member_id).assigned_at = now - timedelta(seconds=step)
        return chosen

    def action_hand_over(self):
        """Open the dialog that hands these tickets over."""
        return {
            "type": "ir.actions.act_window", "res_model": "servicedesk.hand.over", "view_mode": "form",
            "name": self.env._("Reassign"), "target": "new",
            "context": {"default_ticket_ids": self.ids, "default_department_id": self.department_id[:1].id},
        }

    @api.depends("owner_id", "team_id", "department_id")
    @api.depends_context("uid")
    def _compute_may_assign(self):
        for ticket in self:
            # As it is stored: choosing another owner in the form must not lock the choice before it is saved.
            ticket.may_assign = not ticket._origin or not ticket._origin._get_right_refusal("assign")

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_may_set_deadline(self):
        for ticket in self:
            ticket.may_set_deadline = not ticket._get_right_refusal("deadline")

    def _check_first_deadline(self, vals_list):
        """Raise AccessError where a new ticket has a deadline by hand that the user may not set."""
        default = self.env.context.get("default_manual_deadline")  # a client sends it like a value
        if any(vals.get("manual_deadline", default) for vals in vals_list):
            self.filtered("manual_deadline")._check_right_to("deadline")

    def _check_change(self, vals):
        """Raise AccessError unless the user may change these tickets to ``vals``; what stays as it is counts not."""
        if self.env.su:
            return
        for name in GUARDED.keys() & vals.keys():
            field = self._fields[name]
            self.filtered(lambda ticket, field=field: field.convert_to_cache(vals[field.name], ticket)
                          != field.convert_to_cache(ticket[field.name], ticket))._check_right_to(GUARDED[name])

    def _check_right_to(self, right):
        """Raise AccessError, in words about the first such ticket, unless the user may do ``right`` on all of them."""
        for ticket in self:
            if refusal := ticket._get_right_refusal(right):
                raise AccessError(refusal)

    def _get_right_refusal(self, right):
        """Return why the user may not do what takes ``right`` (``assign`` or ``deadline``) on this ticket, or None."""
        self.ensure_one()
        if self.department_id._filter_right(right) or (right == "assign" and self._is_own_work()):
            return None
        department = self.sudo().department_id  # sudo: its name, for the message
        if right == "deadline":
            return self.env._("You may not set deadlines in the department %s. Ask its supervisor.", department.name)
        if self.owner_id:
            owner = self.sudo().owner_id.name  # sudo: the name, for the message
            return self.env._(
                "Owner of %(number)s: %(owner)s. You may work on it; its owner and department can be changed by "
                "%(owner)s and the supervisors of %(department)s.",
                number=self.number, owner=owner, department=department.name)
        return self.env._("In %s the dispatcher chooses who gets a ticket.", department.name)

    def _is_own_work(self):
        """Tell whether the ticket is the user's to give away; a dispatcher gives away all that waits."""
        self.ensure_one()
        user = self.env.user
        if self.owner_id:
            return self.owner_id == user or bool(
                self.env["servicedesk.substitution"]._get_substituted(user, self))
        if self._get_assignment() != "dispatcher":
            return True
        # sudo: who dispatches, and who is in the group
        return user in self.sudo().department_id.dispatcher_ids | self.sudo().team_id.member_ids

    @api.model
    def _get_absent_actions(self):
        absent = super()._get_absent_actions()
        return absent + ["delete"] if self.env.user._get_servicedesk_right("delete") == set() else absent
