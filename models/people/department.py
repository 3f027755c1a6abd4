from datetime import timedelta

import pytz

from odoo import fields, models, tools

from ...tools import choices


class ServicedeskDepartment(models.Model):
    """Who gets new tickets: nobody, the members in turn, the least loaded, or whom a dispatcher chooses."""

    _inherit = "servicedesk.department"

    assignment = fields.Selection(
        [("none", "Manual (no automatic assignment)"), *choices.TURNS, ("dispatcher", "The dispatcher chooses")],
        "New tickets", default="none", required=True, help="A category can have a rule of its own.")
    assign_present = fields.Boolean(
        "Only available agents", default=True,
        help="Working hours, leaves and substitutions are respected. While nobody is available, tickets wait.")
    dispatcher_ids = fields.Many2many(
        "res.users", "servicedesk_department_dispatcher_rel", string="Dispatchers", domain=[("share", "=", False)],
        help="They are notified of new tickets; the others cannot take tickets themselves.")
    team_ids = fields.One2many("servicedesk.team", "department_id", "Teams")

    @tools.ormcache("self.id")
    def _get_assignment(self):
        """Return the rule that chooses owners, without a query: it is asked whenever a ticket is opened."""
        return self.sudo().assignment  # sudo: the rule counts for whoever creates the ticket

    def _get_present(self, users):
        """Return those of ``users`` who work at this moment: by their calendar, without leave, not substituted."""
        self.ensure_one()
        now = fields.Datetime.now()
        away = self.env["servicedesk.substitution"]._get_substitutes(set(users.ids), self)
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

    def _get_superiors(self):
        """Return the managers of the department and of those above it, the nearest first."""
        managers = self.env["res.users"]
        department = self.sudo()  # sudo: who leads is no secret among agents
        while department:
            managers |= department.manager_id
            department = department.parent_id
        return managers
