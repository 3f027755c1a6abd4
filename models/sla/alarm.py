from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..queue.queue import Queue

RINGING = Queue("SLA alarms", "_process_due_alarms", ("cron_sla_1", "cron_sla_2"), batch=1000, order="alarm_at, id",
                set_aside="_put_off")


class ServicedeskSlaClock(models.Model):
    """What the workers do when a clock's alarm is due: warn, note the breach, take the steps of the ladder.

    Marks, history, notices and the next alarm are written in the same transaction. A worker that dies leaves nothing
    behind, and the next one finds the alarm again.
    """

    _name = "servicedesk.sla.clock"
    _inherit = ["servicedesk.sla.clock", "servicedesk.queue"]

    @api.model
    def _cron_alarm(self):
        """Work off all alarms that are due and follow changed hours, after which others may be due."""
        if self._work_off(RINGING, self._get_due_domain) and self.env["servicedesk.department"]._follow_changes():
            self._work_off(RINGING, self._get_due_domain)

    @api.model
    def _get_due_domain(self):
        return Domain("alarm_at", "<=", fields.Datetime.now())

    def _put_off(self, failure):
        """Let an alarm that failed wait, longer each time."""
        self.alarm_at = fields.Datetime.now() + self._let_rest(failure)

    def _process_due_alarms(self):
        """Do everything that is due on these clocks."""
        self = self.with_context(lang=self.env.company.partner_id.lang)  # workers have no language of their own
        # Nothing is told by hours that do not hold any more.
        stale = self.filtered("department_id.sla_recount_from")
        self = self - stale + stale._recount()
        now = fields.Datetime.now()
        done = self.env["servicedesk.escalation"]._get_done(self)
        warned, breached, steps = self.browse(), self.browse(), defaultdict(self.browse)
        for clock in self:
            alarms = self._get_alarms(clock.ticket_id, clock._get_row(), done.get(clock.id, ()))
            work = clock.department_id._get_sla_work_time()
            for name in [name for name, moment in alarms.upcoming(work) if moment <= now]:
                if name == "breach":
                    breached |= clock
                elif name == "warning":
                    warned |= clock
                else:
                    steps[name["id"]] |= clock
        warned -= breached  # late from the start, or found late: one word is enough
        (warned | breached).write({"warned_at": now})
        for clock in breached:
            clock.breached_at = clock.deadline
        warned._notify_responsible("sla_warning")
        breached._notify_responsible("sla_breach")
        breached._log_breach()
        for step in self.env["servicedesk.escalation.step"].browse(steps).sorted():
            for clock in steps[step.id]:
                done.setdefault(clock.id, set()).add(step.id)
            step._take(steps[step.id])
        for clock in self:
            clock.alarm_at = self._get_next_alarm(clock.ticket_id, clock._get_row(), done.get(clock.id, ()))
        self.ticket_id._summarise_sla()

    def _get_row(self):
        """Return the clock as the mapping that :meth:`_get_alarms` takes."""
        names = ("promise", "source", "state", "target_seconds", "used_seconds", "running_since", "started_at",
                 "deadline", "warned_at", "breached_at")
        return {name: self[name] for name in names} | {"policy_id": self.policy_id.id}

    def _notify_responsible(self, kind):
        """Tell the owners, without one the people of the department."""
        labels = dict(self._fields["promise"]._description_selection(self.env))
        by_promise = defaultdict(self.browse)
        for clock in self:
            by_promise[clock.promise] |= clock
        for promise, clocks in by_promise.items():
            self.env["servicedesk.notice"]._notify_many([
                (ticket, ticket.owner_id.filtered("active") or ticket.department_id.member_ids
                 or ticket.department_id.manager_id)
                for ticket in clocks.ticket_id], kind, text=labels[promise])

    def _log_breach(self):
        labels = dict(self._fields["promise"]._description_selection(self.env))
        self.env["servicedesk.event"].create([{
            "ticket_id": clock.ticket_id.id, "kind": "sla_breach", "new_value": labels[clock.promise], "user_id": False,
        } for clock in self])


class ServicedeskEscalationStep(models.Model):
    _inherit = "servicedesk.escalation.step"

    def _take(self, clocks):
        """Take this step on clocks for which it is due: mark it, tell people, change the tickets, note it in history.

        A ticket on which somebody has begun is passed over by “Nobody started”; the step counts as taken.
        """
        tickets = clocks.ticket_id
        begun = tickets._get_begun() if self.trigger == "not_started" else tickets.browse()
        # The promised times stay as they are, whatever the step changes.
        with self.env["servicedesk.change"]._span(cause=self, keeps_promises=True):
            told = {ticket: self._get_told(ticket) for ticket in tickets - begun}
            self.env["servicedesk.escalation"].create([{
                "clock_id": clock.id, "step_id": self.id,
                "told": ", ".join(told.get(clock.ticket_id, self.env["res.users"]).mapped("name")),
            } for clock in clocks])
            self._notify_told(told)
            if self.activity:
                self._plan_activities(told)
            changed = self._change_tickets(told)
            self._log_taken(told, changed)

    def _notify_told(self, told):
        """Tell people in the desk, by mail and SMS as far as the step wishes and they have not declined."""
        notices = self.env["servicedesk.notice"]._notify_many(
            list(told.items()), "escalation", text=self._describe())
        if not self.mail:
            notices.write({"mail_due_at": False})
        silent = notices if self.sms == "never" else notices.filtered(
            lambda notice: self.sms == "urgent" and notice.ticket_id.priority != "3")
        silent.write({"sms_due_at": False})

    def _plan_activities(self, told):
        """Plan an activity for everybody who is told and sees the ticket."""
        tickets_of = defaultdict(list)
        for ticket, users in told.items():
            for user in users:
                tickets_of[user].append(ticket.id)
        model_id = self.env["ir.model"]._get_id("servicedesk.ticket")
        rows = [{
            "res_model_id": model_id, "res_id": ticket.id, "user_id": user.id, "summary": self.env._("Escalation"),
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "date_deadline": fields.Date.context_today(self),
        } for user, ids in tickets_of.items()
            for ticket in self.env["servicedesk.ticket"].with_user(user).search([("id", "in", ids)])]
        # The notice above has told them already: no second mail for the activity.
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(rows)

    def _change_tickets(self, told):
        """Raise the priority and change the owner where the step says so; return words about it per ticket."""
        words = defaultdict(list)
        tickets = self.env["servicedesk.ticket"].browse(ticket.id for ticket in told)
        if self.raise_priority:
            for level in ("2", "1", "0"):
                lower = tickets.filtered(lambda ticket, level=level: ticket.priority == level)
                for ticket in lower:
                    words[ticket.id].append(self.env._("priority raised"))
                lower.write({"priority": str(int(level) + 1)})
        if self.reassign == "release":
            tickets.filtered("owner_id").write({"owner_id": False})
        elif self.reassign == "told":
            owners = defaultdict(tickets.browse)
            for ticket, users in told.items():
                allowed = users & ticket.candidate_ids
                if allowed and ticket.owner_id != allowed[0]:
                    owners[allowed[0]] |= tickets.browse(ticket.id)
            for user, theirs in owners.items():
                theirs.write({"owner_id": user.id})
        return words

    def _log_taken(self, told, changed):
        ladder = self._get_ladder(self.policy_id.id, self.department_id.id)
        number = next((step["number"] for step in ladder if step["id"] == self.id), 0)
        rows = []
        for ticket, users in told.items():
            names = ", ".join(users.mapped("name")) or self.env._("nobody could be notified")
            words = "; ".join([self.env._("step %(number)s, notified: %(names)s", number=number, names=names),
                               *changed.get(ticket.id, ())])
            rows.append({"ticket_id": ticket.id, "kind": "escalation", "new_value": words, "user_id": False})
        self.env["servicedesk.event"].create(rows)
