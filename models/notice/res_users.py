from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    servicedesk_quiet_from = fields.Float("Do not disturb from", default=22.0)
    servicedesk_quiet_to = fields.Float("Do not disturb until", default=6.0, help=(
        "Service Desk sends no SMS in these hours; it waits until they are over. Set equal hours to switch this "
        "off. Agents on call are notified at any time."))
    servicedesk_away = fields.Boolean(compute="_compute_servicedesk_away", compute_sudo=True,
                                      groups="base.group_system", export_string_translation=False)

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["servicedesk_quiet_from", "servicedesk_quiet_to"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["servicedesk_quiet_from", "servicedesk_quiet_to"]

    def _get_quiet_end(self, now):
        """Return when the user's quiet hours that hold at ``now`` (naive UTC) are over, or None."""
        self.ensure_one()
        # To the minute: hours are compared with a time that has no fraction of it.
        start, end = (round(hour * 60) / 60 % 24 for hour in (self.servicedesk_quiet_from, self.servicedesk_quiet_to))
        if start == end:
            return None
        zone = pytz.timezone(self.tz or "UTC")
        local = pytz.utc.localize(now).astimezone(zone)
        hour = local.hour + local.minute / 60 + local.second / 3600
        quiet = start <= hour < end if start < end else hour >= start or hour < end
        if not quiet:
            return None
        day = local.date() + timedelta(days=1 if hour >= end else 0)
        over = zone.localize(datetime.combine(day, time(int(end), round(end % 1 * 60) % 60)))
        return over.astimezone(pytz.utc).replace(tzinfo=None)

    def _compute_servicedesk_away(self):
        """Who is on leave at this moment, or whose work a colleague does; a field, so that it is asked once for all."""
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].search([
            ("resource_id.user_id", "in", self.ids), ("date_from", "<=", now), ("date_to", ">", now),
            ("time_type", "=", "leave")])
        away = set(leaves.resource_id.user_id.ids) | set(
            self.env["servicedesk.substitution"]._get_substitutes(set(self.ids)))
        for user in self:
            user.servicedesk_away = user.id in away
