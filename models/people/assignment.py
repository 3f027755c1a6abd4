import heapq
from datetime import timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..queue.queue import Queue

ASSIGNING = Queue("assignment", "_assign", ("cron_assign",), batch=500, once=True, give_up="_give_up_assignment")


class ServicedeskDepartment(models.Model):
    """Who gets new tickets: nobody, the members in turn, the least loaded, or whom a dispatcher chooses."""

    _inherit = "servicedesk.department"

    assignment = fields.Selection(
        [("none", "Whoever takes it"), ("round_robin", "The members in turn"),
         ("least_load", "Who has the fewest open tickets"), ("dispatcher", "The dispatcher chooses")],
        "New tickets", default="none", required=True, help="A category may have its own rule.")
    assign_present = fields.Boolean(
        "Only to those present", default=True,
        help="Working hours, leaves and substitutions count. While nobody is there, tickets wait.")
    dispatcher_ids = fields.Many2many(
        "res.users", "servicedesk_department_dispatcher_rel", string="Dispatchers", domain=[("share", "=", False)],
        help="They are told of new tickets; the others cannot take tickets by themselves.")
    team_ids = fields.One2many("servicedesk.team", "department_id", "Groups")

    @tools.ormcache("self.id")
    def _get_assignment(self):
        """Return the rule that chooses owners, without a query: it is asked whenever a ticket is opened."""
        return self.sudo().assignment  # sudo: the rule counts for whoever creates the ticket

    def _get_present(self, users):
        """Return those of ``users`` who work at this moment: by their calendar, without leave, not substituted."""
        self.ensure_one()
        now = fields.Datetime.now()
        away = self.env["servicedesk.substitution"]._get_substitutes(set(users.ids))
        users = users.filtered(lambda user: user.active and user.id not in away)
        start = pytz.utc.localize(now)
        end = start + timedelta(minutes=1)
        present = self.env["res.users"]
        for calendar, group in users.grouped(lambda user: user.resource_calendar_id or self._get_calendar()).items():
            if not calendar:
                present |= group
                continue
            resources = group.resource_ids.filtered(lambda resource: resource.company_id == self.company_id)
            intervals = calendar._work_intervals_batch(start, end, resources=resources or None)
            works = {resource.user_id: bool(intervals[resource.id]) for resource in resources}
            everybody = bool(intervals[False]) if False in intervals else bool(
                calendar._work_intervals_batch(start, end)[False])
            present |= group.filtered(lambda user, works=works, everybody=everybody: works.get(user, everybody))
        return present

    def _get_calendar(self):
        """Return the working hours of the department, else those of its company."""
        self.ensure_one()
        return self.calendar_id or self.company_id.resource_calendar_id


class ServicedeskMembership(models.Model):
    _inherit = "servicedesk.membership"

    takes_part = fields.Boolean("Gets tickets", default=True, help="Takes part in automatic assignment.")
    assigned_at = fields.Datetime("Last assigned", readonly=True, copy=False)


class ServicedeskTicket(models.Model):
    _name = "servicedesk.ticket"
    _inherit = ["servicedesk.ticket", "servicedesk.queue"]

    team_id = fields.Many2one("servicedesk.team", "Group", index="btree_not_null", ondelete="set null",
                              domain="[('department_id', '=', department_id)]")
    assignment_due = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                                    help="Waits for an owner, who is chosen by the department's or category's rule.")

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
            "name": self.env._("Hand over"), "target": "new",
            "context": {"default_ticket_ids": self.ids, "default_department_id": self.department_id[:1].id},
        }
