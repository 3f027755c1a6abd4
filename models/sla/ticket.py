from odoo import api, fields, models
from odoo.fields import Domain

from .policy import PROMISES

PERIODS = 6  # working intervals a badge carries along: enough to count down for two days


class ServicedeskTicket(models.Model):
    """What a ticket shows of its promises. The clocks are the truth, the fields here are what lists sort and filter."""

    _inherit = "servicedesk.ticket"

    sla_clock_ids = fields.One2many("servicedesk.sla.clock", "ticket_id", "SLA timers", copy=False)
    manual_deadline = fields.Datetime("Manual deadline", copy=False,
                                      help="Takes precedence over every SLA. Leave empty to use the deadline of "
                                           "the SLA.")
    manual_deadline_reason = fields.Char("Reason for the deadline", copy=False)
    first_response_deadline = fields.Datetime("First response due", readonly=True, copy=False)
    resolution_deadline = fields.Datetime("Resolution due", readonly=True, copy=False)
    sla_deadline = fields.Datetime("Deadline", readonly=True, copy=False, help="The nearest deadline that runs.")
    sla_state = fields.Selection(
        [("running", "On track"), ("soon", "At risk"), ("late", "Overdue"), ("paused", "Paused"), ("met", "Met"),
         ("missed", "Missed")], "SLA", readonly=True, copy=False)
    sla_promise = fields.Selection(PROMISES, readonly=True, copy=False, export_string_translation=False)
    sla_remaining = fields.Integer(readonly=True, copy=False, export_string_translation=False,
                                   help="Working seconds left while the SLA timer is paused.")
    sla_soon = fields.Integer(readonly=True, copy=False, export_string_translation=False,
                              help="Working seconds left from which on it is at risk.")
    sla_policy = fields.Char(readonly=True, copy=False, export_string_translation=False,
                             help="Name of the policy that is shown, as it was when the SLA timer was last set.")
    sla_badge = fields.Json(compute="_compute_sla_badge", export_string_translation=False)
    sla_details = fields.Json(compute="_compute_sla_details", export_string_translation=False)

    _sla_idx = models.Index("(sla_state, company_id, sla_deadline) WHERE sla_state IN ('running', 'soon', 'late')")
    _sla_order_idx = models.Index("(sla_deadline, id) WHERE sla_deadline IS NOT NULL")

    @api.depends("sla_state", "sla_deadline", "sla_promise", "sla_remaining")
    def _compute_sla_badge(self):
        """What the badge counts down from by itself: ``{state, promise, deadline, remaining, day, asof, periods}``.

        ``remaining`` are working seconds at ``asof``, ``periods`` the working intervals from then on, ``day`` the
        seconds of a working day; instants are seconds since the epoch.
        """
        now = fields.Datetime.now()
        for ticket in self:
            ticket.sla_badge = ticket._get_sla_badge(now) if ticket.sla_state else False

    def _get_sla_badge(self, now):
        department = self.department_id.sudo()  # sudo: its hours only
        work = department._get_sla_work_time()
        running = self.sla_state in ("running", "soon", "late")
        return {
            "state": self.sla_state, "promise": self.sla_promise, "waiting": self.waiting_for or "",
            "deadline": fields.Datetime.to_string(self.sla_deadline) if self.sla_deadline else "",
            "remaining": work.between(now, self.sla_deadline) if running else self.sla_remaining,
            "asof": fields.Datetime.to_string(now), "soon": self.sla_soon,
            "policy": self.sla_policy,
            "day": self.env["resource.calendar"]._get_servicedesk_day(department.calendar_id.id),
            "periods": work.periods(now, PERIODS) if running else [],
        }

    @api.depends("sla_badge")
    def _compute_sla_details(self):
        """The promises in words, for the ticket itself: ``[{promise, state, deadline, policy, why, …}]``."""
        sources = self._get_sla_reasons
        for ticket in self:
            # sudo: names of the client, service or policy that explain the promise of a ticket that the user sees
            clocks = ticket.sudo().sla_clock_ids
            calendar = ticket.department_id.sudo().calendar_id  # sudo: its hours only
            day = self.env["resource.calendar"]._get_servicedesk_day(calendar.id) if clocks else 0
            ticket.sla_details = [{
                "promise": clock.promise, "state": clock.state, "late": bool(clock.breached_at),
                "deadline": fields.Datetime.to_string(clock.deadline) if clock.deadline else "",
                "ended": fields.Datetime.to_string(clock.met_at) if clock.met_at else "",
                "remaining": clock.target_seconds - clock.used_seconds, "day": day,
                "policy": clock.source != "manual" and clock.policy_id.name or "", "why": sources(clock),
            } for clock in clocks] or False

    def _get_sla_reasons(self, clock):
        ticket = clock.ticket_id
        return {
            "manual": self.env._("set manually"),
            "service": self.env._("by service: %s", ticket.service_id.name),
            "client": self.env._("by customer: %s", ticket.partner_id.commercial_partner_id.name),
            "category": self.env._("by category: %s", ticket.category_id.display_name),
            "conditions": self.env._("by priority or department"),
            "department": self.env._("default of the department %s", ticket.department_id.name),
            "all": self.env._("for all tickets"),
        }.get(clock.source, "")

    def _get_sla_phase(self):
        """Return what the clocks of this ticket do: ``running``, ``paused`` or ``stopped``."""
        if self.state in ("closed", "archived") or self.waiting_for == "acceptance":
            return "stopped"
        return "paused" if self.state == "waiting" else "running"

    def _get_promises(self):
        """Return ``{promise: {policy_id, source, target_seconds}}`` that hold for this ticket now."""
        self.ensure_one()
        policy, source = self.env["servicedesk.sla.policy"]._choose(self)
        promises = {
            promise: {"policy_id": policy["id"], "source": source, "target_seconds": policy[promise]}
            for promise, _label in PROMISES if policy and policy[promise]}
        if self.manual_deadline:
            promises["resolution"] = {
                "policy_id": promises.get("resolution", {}).get("policy_id", False), "source": "manual",
                "target_seconds": self._get_manual_target()}
        return promises

    def _get_manual_target(self):
        """Return the working seconds from the beginning until the deadline by hand."""
        work = self.department_id._get_sla_work_time()
        return max(0, work.between(self.create_date, self.manual_deadline))

    def _summarise_sla(self):
        """Store on the tickets what lists show of their clocks."""
        now = fields.Datetime.now()
        for ticket in self.sudo():  # sudo: summary fields are the system's
            clocks = ticket.sla_clock_ids
            deadlines = {clock.promise: clock.deadline for clock in clocks if not clock.met_at}
            active = clocks.filtered(lambda clock: clock.state in ("running", "paused"))
            running = active.filtered("deadline").sorted("deadline")
            shown = (running or active.sorted("promise"))[:1]
            if running:
                state = "late" if shown.deadline <= now else "soon" if shown.warned_at else "running"
            elif active:
                state = "paused"
            else:
                state = ("missed" if "missed" in clocks.mapped("state") else "met") if clocks else False
            ticket._write_sla({
                "first_response_deadline": deadlines.get("first_response", False),
                "resolution_deadline": deadlines.get("resolution", False),
                "sla_deadline": running[:1].deadline, "sla_state": state, "sla_promise": shown.promise,
                "sla_remaining": shown.target_seconds - shown.used_seconds if state == "paused" else 0,
                "sla_policy": self.env["servicedesk.sla.policy"]._get_name(shown.policy_id.id),
                "sla_soon": shown.target_seconds - ticket.department_id._get_sla_warning(shown.target_seconds),
            })

    def _write_sla(self, vals):
        """Write summary fields past what a write by a person brings with it: open screens count down by themselves."""
        if any((self[name] or False) != (value or False) for name, value in vals.items()):
            models.BaseModel.write(self, vals)

    def _get_begun(self):
        """Return the tickets on which a person has written since they were opened, or that wait or are done."""
        begun = self.filtered(lambda ticket: ticket.state != "open")
        Item = self.env["servicedesk.item"]
        groups = Item._read_group(
            Domain("ticket_id", "in", (self - begun).ids) & Domain("author_user_id", "!=", False)
            & Domain("state", "!=", "draft"), ["ticket_id"], ["create_date:max"])
        # What was written when the ticket was opened by hand is its description.
        return begun.union(*(ticket for ticket, newest in groups if newest > ticket.create_date))
