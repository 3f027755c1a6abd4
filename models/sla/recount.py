from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ..queue.queue import Queue
from .clock import RUNNING

BATCH = 500
RECOUNTING = Queue("SLA recount", "_recount_next_clocks", ("cron_sla_1", "cron_sla_2"))


class ServicedeskDepartment(models.Model):
    """Which departments have clocks that go by hours or promises of yesterday."""

    _name = "servicedesk.department"
    _inherit = ["servicedesk.department", "servicedesk.queue"]

    sla_recount_from = fields.Integer(
        readonly=True, copy=False, export_string_translation=False,
        help="Clocks with this id and above are still to be counted anew; 0: none are.")

    def _await_recount(self):
        """Let a worker bring the running clocks of these departments in line, from the first one on."""
        # sudo: the mark is the system's, whoever changes hours or promises
        departments = self.sudo().filtered(lambda department: department.sla_recount_from != 1)
        if departments:
            departments.sla_recount_from = 1
            self._wake_jobs("cron_sla_1")

    @api.model
    def _follow_changes(self):
        """Count the clocks of marked departments anew, in batches that are committed one by one.

        A department is claimed by its row lock; a worker that dies leaves the mark where it was, and to count a clock
        twice changes nothing.

        :return: False where the time was up before the end
        """
        return self.with_context(active_test=False)._work_off(
            RECOUNTING, lambda: Domain("sla_recount_from", ">", 0))

    def _recount_next_clocks(self):
        """Count the next clocks of the department anew and note how far it has come."""
        Clock = self.env["servicedesk.sla.clock"].with_context(active_test=True)
        clocks = Clock.search(
            Domain("department_id", "=", self.id) & Domain("id", ">=", self.sla_recount_from)
            & Domain("state", "in", RUNNING), order="id", limit=BATCH)
        clocks._recount()
        self.sla_recount_from = clocks[-1].id + 1 if len(clocks) == BATCH else 0


class ServicedeskSlaClock(models.Model):
    """Running clocks follow changed hours, promises and warnings at once, not only when their ticket changes."""

    _inherit = "servicedesk.sla.clock"

    def _recount(self):
        """Bring deadlines, next alarms and what the tickets show in line with hours, promises and ladders of now.

        History gets a line only for a deadline that moved.

        :return: those of the clocks that go on; a promise that the policy does not make any more ends
        """
        self = self.with_context(lang=self.env.company.partner_id.lang)  # workers have no language of their own
        now, changes, gone = fields.Datetime.now(), [], self.browse()
        done = self.env["servicedesk.escalation"]._get_done(self)
        for clock in self.filtered(lambda clock: clock.state in RUNNING):
            ticket, before = clock.ticket_id, clock.deadline
            target = clock._get_present_target()
            if target:
                figures = replace(clock._get_clock(), target=target)
                work = ticket.department_id._get_sla_work_time()
                clock._go_on(figures, ticket._get_sla_phase(), done.get(clock.id, ()), now, work)
            else:
                gone |= clock
            after = clock.deadline if target else False
            if before != after:
                changes.append((ticket, clock.promise, before, after))
        tickets = self.ticket_id
        gone.unlink()
        tickets._summarise_sla()
        self.env["servicedesk.event"]._log_sla(changes, self.env._("working hours or SLA changed"))
        return self - gone

    def _get_present_target(self):
        """Return the working seconds that are promised now, 0 where the policy does not promise this any more."""
        if self.source == "manual":
            return max(1, self.ticket_id._get_manual_target())
        policies = self.env["servicedesk.sla.policy"]._get_all().get(self.company_id.id, ())
        # An archived policy goes on for what runs under it.
        return next((policy[self.promise] for policy in policies if policy["id"] == self.policy_id.id),
                    self.target_seconds)
