from datetime import timezone

from odoo import api, fields, models, tools

from ...tools import sla_clock

# What decides about working hours; changes of anything else leave what is cached alone.
HOURS = {"attendance_ids", "tz", "two_weeks_calendar", "flexible_hours", "hours_per_day", "full_time_required_hours",
         "global_leave_ids", "leave_ids", "company_id"}


class ResourceCalendar(models.Model):
    """Working time as promises count it: Odoo's own intervals, read once per calendar and year."""

    _inherit = "resource.calendar"

    def _get_servicedesk_work_time(self, company):
        """Return the :class:`WorkTime` of this calendar, without one of work that never stops.

        :param company: whose public holidays count
        """
        if not self:
            return sla_clock.WorkTime()
        return sla_clock.WorkTime(lambda year: self._load_servicedesk_hours(self.id, company.id, year))

    @api.model
    @tools.ormcache("calendar_id", "company_id", "year")
    def _load_servicedesk_hours(self, calendar_id, company_id, year):
        # The answer is cached for all, so nothing of one caller may shape it.
        # sudo: the hours count for all
        calendar = self.with_context(employee_timezone=False).sudo().browse(calendar_id)
        start, end = (fields.Datetime.to_datetime(f"{number}-01-01").replace(tzinfo=timezone.utc)
                      for number in (year, year + 1))
        # Without a resource Odoo asks for no company: another company's holidays are none here.
        leaves = [("time_type", "=", "leave"), ("company_id", "in", [company_id, False])]
        intervals = calendar._work_intervals_batch(start, end, domain=leaves)[False]
        first, last = sla_clock.bounds(year)
        return sla_clock.Hours(first, last, sla_clock.join(
            (round(begin.timestamp()), round(stop.timestamp())) for begin, stop, _meta in intervals))

    @api.model
    @tools.ormcache("calendar_id")
    def _get_servicedesk_day(self, calendar_id):
        """Return how many seconds a working day of a calendar has, for words like "2 days"."""
        if not calendar_id:
            return 24 * 3600
        # sudo: see above
        return round((self.sudo().browse(calendar_id).hours_per_day or 8) * 3600)

    def write(self, vals):
        result = super().write(vals)
        if HOURS & vals.keys():
            self._recount_servicedesk()
        return result

    def unlink(self):
        self._recount_servicedesk()
        return super().unlink()

    def _recount_servicedesk(self):
        """Forget the hours that were read, and let the clocks that run by them be counted anew."""
        self.env.registry.clear_cache()
        # sudo: promises follow the hours, whoever changes these
        Department = self.env["servicedesk.department"].sudo().with_context(active_test=False)
        Department.search([("calendar_id", "in", self.ids)])._await_recount()


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        attendances = super().create(vals_list)
        attendances.calendar_id._recount_servicedesk()
        return attendances

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._recount_servicedesk()
        return result

    def unlink(self):
        self.calendar_id._recount_servicedesk()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    """Only what closes the whole house counts; a person's absence changes no promise."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._recount_servicedesk()
        return leaves

    def write(self, vals):
        self._recount_servicedesk()
        result = super().write(vals)
        self._recount_servicedesk()
        return result

    def unlink(self):
        self._recount_servicedesk()
        return super().unlink()

    def _recount_servicedesk(self):
        closing = self.filtered(lambda leave: not leave.resource_id)
        if not closing:
            return
        calendars = closing.calendar_id
        if any(not leave.calendar_id for leave in closing):
            # sudo: a holiday of the house counts for every department
            departments = self.env["servicedesk.department"].sudo().with_context(active_test=False)
            calendars |= departments.search([("calendar_id", "!=", False)]).calendar_id
        calendars._recount_servicedesk()
