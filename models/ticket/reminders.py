from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..queue.queue import Queue
from .lifecycle import UNATTENDED

BATCH = 500
DAY = 24 * 60
EVERY_MINUTE, EVERY_HOUR = ("cron_wake",), ("cron_close_and_archive",)


class ServicedeskTicket(models.Model):
    """What happens to tickets by the clock: they reopen, remind, close and are archived; each of it once."""

    _name = "servicedesk.ticket"
    _inherit = ["servicedesk.ticket", "servicedesk.queue"]

    remind_at = fields.Datetime("Remind on", copy=False)
    remind_state = fields.Selection([("open", "Open"), ("waiting", "Waiting"), ("closed", "Closed")], "Set state to",
                                    copy=False)
    remind_note = fields.Char("Reminder", copy=False)
    remind_user_id = fields.Many2one("res.users", "Person to remind", copy=False, ondelete="set null",
                                     domain="[('servicedesk_department_ids', 'in', department_id)]",
                                     help="Leave empty to remind the owner, or everybody in the department of an "
                                          "unassigned ticket.")

    _reopen_idx = models.Index("(reopen_at) WHERE reopen_at IS NOT NULL")
    _remind_idx = models.Index("(remind_at) WHERE remind_at IS NOT NULL")
    _waiting_idx = models.Index("(department_id, waiting_for, state_since) WHERE state = 'waiting'")
    _archive_idx = models.Index("(department_id, closed_at) WHERE state = 'closed'")

    @api.constrains("remind_user_id", "department_id")
    def _check_remind_user(self):
        for ticket in self.filtered("remind_user_id"):
            if ticket.remind_user_id not in ticket.candidate_ids:
                raise ValidationError(self.env._("%(user)s is not a member of the department %(department)s.",
                                                 user=ticket.remind_user_id.name, department=ticket.department_id.name))

    @api.model
    def _cron_wake(self):
        """Every minute: reopen what waits for this moment, and remind of what somebody wanted to be reminded of."""
        def get_reopening():
            return Domain("reopen_at", "<=", fields.Datetime.now()) & Domain("state", "in", ("waiting", "closed"))

        def get_reminding():
            return Domain("remind_at", "<=", fields.Datetime.now())

        return self._go_through("_wake", get_reopening, EVERY_MINUTE) \
            and self._go_through("_remind", get_reminding, EVERY_MINUTE)

    @api.model
    def _cron_close_and_archive(self):
        """Every hour: announce what will close by itself, close what was announced, archive what is long closed."""
        steps = (("_announce_closing", self._get_announce_domain()), ("_time_out", self._get_timeout_domain()),
                 ("_archive_old", self._get_archive_domain()))
        return all(self._go_through(method, lambda domain=domain: domain, EVERY_HOUR) for method, domain in steps)

    @api.model
    def _go_through(self, method, get_due, jobs):
        """Hand every ticket that is due once to ``method``; one that fails is passed over until tomorrow.

        :return: False where the time of the job was up before the end
        """
        queue = Queue(f"tickets: {method}", method, jobs, batch=BATCH, once=True, pauses=(DAY,))
        return self.with_context(servicedesk_unattended=UNATTENDED)._work_off(queue, get_due)

    def _wake(self):
        self.write({"state": "open", "unread": True})
        self._tell_responsible(lambda ticket, env: env._("It has reopened, as planned."))

    def _remind(self):
        def words(ticket, env):
            states = dict(self.with_env(env)._fields["remind_state"]._description_selection(env))
            planned = env._("To be set to “%s”", states[ticket.remind_state]) if ticket.remind_state else False
            return ": ".join(filter(None, (planned, ticket.remind_note)))

        self._tell_responsible(words, lambda ticket: ticket.remind_user_id)
        self.env["servicedesk.event"]._log_fact("reminded", [(ticket, ticket.remind_note or "") for ticket in self])
        self.write({"remind_at": False, "remind_state": False, "remind_note": False, "remind_user_id": False,
                    "unread": True})

    def _tell_responsible(self, words, whom=None):
        """Tell the owners, or where there is none the department, each in their language.

        :param words: function of a ticket and an environment that returns the text in its language
        :param whom: function of a ticket that returns the users to prefer
        """
        groups = {}
        for ticket in self:
            users = whom(ticket) if whom else self.env["res.users"]
            users = users.filtered("active") or ticket.owner_id.filtered("active") or ticket.candidate_ids
            for lang, speakers in users.grouped("lang").items():
                text = words(ticket, self.with_context(lang=lang).env)
                groups.setdefault(text, []).append((ticket, speakers))
        for text, pairs in groups.items():
            self.env["servicedesk.notice"]._notify_many(pairs, "reminder", text=text)

    def _get_announce_domain(self):
        """Return the domain of what will close by itself soon and whose requester has not been told."""
        departments = self._get_closing_departments().filtered("notice_days")
        return self._get_waiting_domain(departments, lambda department, days: max(days - department.notice_days, 0)) \
            & Domain("closing_announced_at", "=", False)

    def _get_timeout_domain(self):
        """Return the domain of what has waited long enough, and long enough since it was announced."""
        found, now = [Domain.FALSE], fields.Datetime.now()
        for department in self._get_closing_departments():
            domain = self._get_waiting_domain(department, lambda _department, days: days)
            if department.notice_days:
                domain &= Domain("closing_announced_at", "<=", now - timedelta(days=department.notice_days))
            found.append(domain)
        return Domain.OR(found)

    def _get_closing_departments(self):
        return self.env["servicedesk.department"].with_context(active_test=False).search(
            Domain("acceptance_days", ">", 0) | Domain("waiting_days", ">", 0))

    def _get_waiting_domain(self, departments, after):
        """Return the domain of tickets that have waited for the requester, by their departments' days.

        :param after: function of department and its days until closing that returns the days to look at
        """
        now, found = fields.Datetime.now(), [Domain.FALSE]
        for department in departments:
            for reason, days in (("acceptance", department.acceptance_days), ("customer", department.waiting_days)):
                if days:
                    since = now - timedelta(days=after(department, days))
                    found.append(Domain("department_id", "=", department.id) & Domain("waiting_for", "=", reason)
                                 & Domain("state_since", "<=", since))
        return Domain("state", "=", "waiting") & Domain.OR(found)

    def _get_archive_domain(self):
        """Return the domain of what was closed long ago; what has a date to reopen on is not done with."""
        now, found = fields.Datetime.now(), [Domain.FALSE]
        for department in self.env["servicedesk.department"].with_context(active_test=False).search(
                Domain("archive_days", ">", 0)):
            found.append(Domain("department_id", "=", department.id) & Domain(
                "closed_at", "<=", now - timedelta(days=department.archive_days)))
        return Domain("state", "=", "closed") & Domain("reopen_at", "=", False) & Domain.OR(found)

    def _announce_closing(self):
        """Tell the requesters; who has no address is done with, who is over the cap waits for the next hour."""
        told = self.env["servicedesk.item"]._announce_closing(self)
        unreachable = self.filtered(lambda ticket: not ticket._get_closing_recipient())
        (told | unreachable).write({"closing_announced_at": fields.Datetime.now()})

    def _get_closing_recipient(self):
        """Return the address of the requester who is told before the ticket closes, or False."""
        self.ensure_one()
        return self.contact_email if self.department_id._get_sender() else False

    def _time_out(self):
        refused = self._get_state_refusals({"state": "closed"})
        self.filtered(lambda ticket: ticket not in refused).write({"state": "closed"})

    def _archive_old(self):
        self.write({"state": "archived"})
