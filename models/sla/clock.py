from odoo import api, fields, models

from ...tools import sla_clock
from .policy import PROMISES, SOURCES

RUNNING = ("running", "paused")
# A change of these may bring another promise; a change of the others sets clocks going or stops them.
CONDITIONS = ("category_id", "priority", "partner_id", "service_id", "department_id", "manual_deadline")
PHASES = ("state", "waiting_for")


class ServicedeskSlaClock(models.Model):
    """One promise running on one ticket.

    It goes while the ticket is open, stands still while it waits and stops when the promise has been kept; what has
    been used is kept in working seconds, so that it continues with what is left. ``alarm_at`` is the next moment at
    which a worker has to look at it (see ``alarm.py``).
    """

    _name = "servicedesk.sla.clock"
    _inherit = ["servicedesk.scope"]
    _description = "SLA timer"
    _order = "ticket_id, id"
    _rec_name = "promise"
    _ticket_path = "ticket_id"

    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
    department_id = fields.Many2one(related="ticket_id.department_id", store=True)
    promise = fields.Selection(PROMISES, "SLA target", required=True, readonly=True)
    policy_id = fields.Many2one("servicedesk.sla.policy", ondelete="restrict", readonly=True, index="btree_not_null")
    source = fields.Selection(SOURCES, "By", readonly=True)
    state = fields.Selection([("running", "Running"), ("paused", "Paused"), ("met", "Met"), ("missed", "Missed")],
                             required=True, default="running", readonly=True)
    target_seconds = fields.Integer("Target (seconds)", readonly=True, help="Working time allowed by the SLA.")
    used_seconds = fields.Integer("Used (seconds)", readonly=True, aggregator="avg",
                                  help="Working time used until the SLA timer was last started.")
    running_since = fields.Datetime("Running since", readonly=True)
    started_at = fields.Datetime("Started", required=True, readonly=True)
    deadline = fields.Datetime(readonly=True, help="Empty while the SLA timer is paused.")
    met_at = fields.Datetime("Ended", readonly=True)
    warned_at = fields.Datetime("Warned", readonly=True)
    breached_at = fields.Datetime("Breached", readonly=True)
    alarm_at = fields.Datetime(readonly=True, export_string_translation=False)
    escalation_ids = fields.One2many("servicedesk.escalation", "clock_id", "Escalations")

    _promise_uniq = models.UniqueIndex("(ticket_id, promise)", "This SLA target is running already.")
    _alarm_idx = models.Index("(alarm_at, id) WHERE alarm_at IS NOT NULL")

    def _get_clock(self):
        """Return the arithmetic of this clock (see ``tools/sla_clock.py``)."""
        return sla_clock.Clock(self.target_seconds, self.used_seconds, self.running_since or None)

    @api.model
    def _start(self, tickets, now=None):
        """Start the clocks of new tickets, as their policies say; no query where the companies have no policies.

        :param now: when they start, by default when the ticket was created
        """
        known = self.env["servicedesk.sla.policy"]._get_all()
        tickets = tickets.filtered(lambda ticket: ticket.company_id.id in known or ticket.manual_deadline)
        rows = []
        for ticket in tickets.sudo():  # sudo: clocks are the system's
            phase = ticket._get_sla_phase()
            if phase == "stopped":
                continue
            for promise, wanted in ticket._get_promises().items():
                start = now or ticket.create_date.replace(microsecond=0)
                row = {"ticket_id": ticket.id, "promise": promise, "started_at": start, **wanted}
                clock = sla_clock.Clock(wanted["target_seconds"], 0, start if phase == "running" else None)
                rows.append(row | self._prepare_clock_vals(ticket, clock, row))
        if rows:
            self.sudo().create(rows)  # sudo: see above
            tickets._summarise_sla()

    @api.model
    def _prepare_clock_vals(self, ticket, clock, known, done=()):
        """Return what follows from a clock of tools/sla_clock.py: deadline, state and the next alarm.

        :param known: mapping with the clock's ``promise``, ``policy_id``, ``source``, ``started_at``, ``warned_at``
            and ``breached_at``
        :param done: ids of the escalation steps that have been taken
        """
        work = ticket.department_id._get_sla_work_time()
        by_hand = known["source"] == "manual"
        vals = {"target_seconds": clock.target, "used_seconds": clock.used, "running_since": clock.since,
                "deadline": ticket.manual_deadline if by_hand else clock.deadline(work),
                "state": "running" if clock.since or by_hand else "paused"}
        vals["alarm_at"] = self._get_next_alarm(ticket, dict(known) | vals, done)
        return vals

    @api.model
    def _get_next_alarm(self, ticket, row, done):
        return self._get_alarms(ticket, row, done).next(ticket.department_id._get_sla_work_time()) or False

    @api.model
    def _get_alarms(self, ticket, row, done):
        """Return the :class:`sla_clock.Alarms` of a clock.

        :param row: mapping of its fields; ``policy_id`` is an id
        :param done: ids of the escalation steps that have been taken
        """
        department, target = ticket.department_id, row["target_seconds"]
        ladder = self.env["servicedesk.escalation.step"]._get_ladder(row["policy_id"], department.id)
        return sla_clock.Alarms(
            clock=sla_clock.Clock(target, row["used_seconds"], row["running_since"] or None),
            deadline=row["deadline"] or None if row["state"] == "running" else None,
            warning=department._get_sla_warning(target),
            warned=bool(row.get("warned_at")), breached=bool(row.get("breached_at")),
            begun=ticket.create_date if row["source"] == "manual" else None,
            steps=tuple(step for step in ladder
                        if step["id"] not in done and step["promise"] in (False, row["promise"])))

    @api.model
    def _follow_change(self, change, tickets):
        """Bring clocks in line with a change that is over, and note deadlines that were set by hand in it."""
        by_hand = change.changed(tickets, "manual_deadline", "manual_deadline_reason")
        self.env["servicedesk.event"]._log_sla([
            (ticket, "manual_deadline", change.old(ticket, "manual_deadline"), ticket.manual_deadline)
            for ticket in by_hand])
        aimed = change.changed(tickets.filtered(lambda ticket: ticket.id not in change.kept), *CONDITIONS)
        moved = change.changed(tickets, *PHASES) - aimed
        for group, retarget in ((aimed, True), (moved, False)):
            if group:
                self._update(group, retarget)

    @api.model
    def _update(self, tickets, retarget=False):
        """Bring the clocks of tickets in line after a change.

        :param retarget: whether the policy may be another one now; the history then says from when to when
        """
        if not self.env["servicedesk.sla.policy"]._get_all() and not any(
                ticket.sla_state or ticket.manual_deadline for ticket in tickets):
            return
        now = fields.Datetime.now()
        rows, changes = [], []
        tickets = tickets.sudo()  # sudo: clocks are the system's, whoever changes the ticket
        done = self.env["servicedesk.escalation"]._get_done(tickets.sla_clock_ids)
        for ticket in tickets:
            new, lines = ticket.sla_clock_ids._update_ticket(ticket, retarget, now, done)
            rows += new
            changes += lines
        if rows:
            self.sudo().create(rows)  # sudo: see above
        tickets._summarise_sla()
        self.env["servicedesk.event"]._log_sla(changes)

    def _update_ticket(self, ticket, retarget, now, done):
        """Bring the clocks of one ticket in line.

        :param done: ``{clock id: ids of the steps that were taken}``
        :return: values of clocks that are missing, and ``[(ticket, event kind, old, new)]``
        """
        phase = ticket._get_sla_phase()
        work = ticket.department_id._get_sla_work_time()
        wanted = ticket._get_promises() if retarget and phase != "stopped" else None
        lines, rows = [], []
        for clock in self:
            before = clock.deadline
            figures = clock._get_clock()
            if phase == "stopped":
                clock._end(figures, now, work)
                continue
            new = wanted.pop(clock.promise, None) if wanted is not None else None
            if clock.promise == "first_response" and clock.met_at:
                continue
            if wanted is not None:
                if not new:
                    lines.append((ticket, clock.promise, before, False))
                    clock.unlink()
                    continue
                if clock.target_seconds != new["target_seconds"]:
                    figures = sla_clock.Clock(new["target_seconds"], figures.spent(now, work), figures.since and now)
                    new["warned_at"] = False  # another deadline, another warning
                clock._write_changed(new)
            clock._go_on(figures, phase, done.get(clock.id, ()), now, work)
            if wanted is not None and clock.deadline != before and phase == "running":
                lines.append((ticket, clock.promise, before, clock.deadline))
        for promise, new in (wanted or {}).items():
            figures = sla_clock.Clock(new["target_seconds"], 0, now if phase == "running" else None)
            row = {"ticket_id": ticket.id, "promise": promise, "started_at": now, **new}
            row |= self._prepare_clock_vals(ticket, figures, row)
            rows.append(row)
            lines.append((ticket, promise, False, row["deadline"]))
        return rows, lines

    def _go_on(self, figures, phase, done, now, work):
        """Let the clock go or stand still; what has been told is told again only for a later deadline."""
        ticket = self.ticket_id
        figures = figures.go(now) if phase == "running" else figures.stop(now, work)
        known = {name: self[name] for name in ("promise", "source", "started_at", "warned_at", "breached_at")}
        known["policy_id"] = self.policy_id.id
        vals = self._prepare_clock_vals(ticket, figures, known, done)
        # What was told and lies ahead again is told again.
        again = self._get_alarms(ticket, known | vals, done).to_tell_again(now, work)
        if again:
            vals |= {f"{mark}_at": False for mark in again}
            vals["alarm_at"] = self._get_next_alarm(ticket, known | vals, done)
        self._write_changed(vals | {"met_at": False})

    def _write_changed(self, vals):
        """Write what differs: most of the clocks of a batch do not move."""
        changed = {}
        for name, value in vals.items():
            known = self[name].id if self._fields[name].relational else self[name]
            if (known or False) != (value or False):
                changed[name] = value
        if changed:
            self.write(changed)

    def _end(self, figures, when, work):
        """Stop the clock for good, unless the ticket is opened again."""
        if self.met_at:
            return
        late = self.breached_at or (self.deadline and when > self.deadline)
        figures = figures.stop(when, work)
        self.write({
            "used_seconds": figures.used, "running_since": False, "alarm_at": False, "met_at": when,
            "breached_at": (self.breached_at or self.deadline) if late else False,
            "state": "missed" if late else "met"})

    @api.model
    def _respond(self, tickets, when):
        """A person has answered: the promise of a first response is kept (or was not) at ``when``."""
        # sudo: clocks are the system's
        clocks = tickets.sudo().sla_clock_ids.filtered(
            lambda clock: clock.promise == "first_response" and not clock.met_at)
        for clock in clocks:
            if clock.deadline and when <= clock.deadline:
                clock.breached_at = False  # it left in time, and was noted a moment later
            clock._end(clock._get_clock(), when, clock.ticket_id.department_id._get_sla_work_time())
        clocks.ticket_id._summarise_sla()
