from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..queue.queue import Queue
from .clock import RUNNING

BATCH = 500
RECOUNTING = Queue("SLA recount", "_recount_next_clocks", ("cron_sla_1", "cron_sla_2"))


class ServicedeskDepartment(models.Model):
    """Which departments have clocks that go by hours or promises of yesterday."""

    _name = "servicedesk.department"
    _inherit = ["servicedesk.department", "servicedesk.queue"]

    calendar_id = fields.Many2one(
        "resource.calendar", "Working hours", default=lambda self: self.env.company.resource_calendar_id,
        domain="[('company_id', 'in', (company_id, False))]",
        help="SLA targets count only these hours, in their time zone and without public holidays. Leave empty to "
             "count day and night.")
    sla_policy_id = fields.Many2one("servicedesk.sla.policy", "Default SLA", check_company=True, ondelete="set null",
                                    help="For tickets for which no policy by service, customer or category applies.")
    sla_warning_percent = fields.Integer("Warn at (%)", default=75, help="Share of the SLA target that is used.")
    sla_warning_minutes = fields.Integer("Warn before (minutes)",
                                         help="Working minutes before the deadline; replaces the percentage.")
    step_ids = fields.One2many("servicedesk.escalation.step", "department_id", "Escalation", copy=True,
                               help="For SLA targets whose policy has no steps of its own.")
    sla_recount_from = fields.Integer(
        readonly=True, copy=False, export_string_translation=False,
        help="SLA timers with this ID and above still have to be recalculated; 0: none.")

    @api.constrains("sla_warning_percent", "sla_warning_minutes")
    def _check_sla_warning(self):
        if any(not 0 < department.sla_warning_percent <= 100 or department.sla_warning_minutes < 0
               for department in self):
            raise ValidationError(self.env._("Warn between 1 and 100 % of the SLA target, or minutes before."))

    def _get_sla_work_time(self):
        """Return the :class:`WorkTime` in which this department's promises count."""
        self.ensure_one()
        department = self.sudo()  # sudo: hours of the department, for whoever files its tickets
        return department.calendar_id._get_servicedesk_work_time(department.company_id)

    def _get_sla_warning(self, target):
        """Return after how many used seconds of ``target`` a warning is due."""
        department = self.sudo()  # sudo: see above
        if department.sla_warning_minutes:
            return max(0, target - department.sla_warning_minutes * 60)
        return target * department.sla_warning_percent // 100

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
