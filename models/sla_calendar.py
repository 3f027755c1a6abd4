from datetime import timezone

from odoo import api, fields, models, tools

from ..tools import sla_clock

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
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class ResourceCalendarLeaves(models.Model):
    """Only what closes the whole house counts; a person's absence changes no promise."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._forget_servicedesk_hours()
        return leaves

    def write(self, vals):
        self._forget_servicedesk_hours()
        result = super().write(vals)
        self._forget_servicedesk_hours()
        return result

    def unlink(self):
        self._forget_servicedesk_hours()
        return super().unlink()

    def _forget_servicedesk_hours(self):
        if any(not leave.resource_id for leave in self):
            self.env.registry.clear_cache()
