from dataclasses import replace

from odoo import fields, models

from .clock import RUNNING


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
