from datetime import timedelta

import pytz

from odoo import fields, models

from ..access.relations import RuledMany2many

LONGEST_REST = timedelta(days=31)  # what is closed for longer has no day to name


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    acknowledge = fields.Boolean("Auto-reply to new requests",
                                 help="Sends one reply with the number to every new request.")
    acknowledgement_ids = RuledMany2many(
        "servicedesk.template", "servicedesk_department_acknowledgement_rel", string="Auto-replies",
        help="One for each language; the one without a language serves all others. Leave empty to use a short "
             "default text.")
    requester_message_ids = fields.One2many("servicedesk.requester.message", "department_id",
                                            "Customer notifications")

    def _get_tz(self):
        """Return the name of the time zone in which the department lives, or None; a worker has none of its own."""
        self.ensure_one()
        department = self.sudo()  # sudo: settings that are no secret, whoever writes
        return department.calendar_id.tz or department.company_id.partner_id.tz or None

    def _is_at_work(self, moment=None):
        """Tell whether the department works (worked) at a moment; without working hours it always does."""
        self.ensure_one()
        calendar = self.sudo()._get_calendar()  # sudo: its hours, whoever writes
        if not calendar:
            return True
        start = pytz.utc.localize(moment or fields.Datetime.now())
        return bool(calendar._work_intervals_batch(start, start + timedelta(minutes=1))[False])

    def _get_next_opening(self):
        """Return when the department works again, in UTC; None while it does, or where no such time is near."""
        if self._is_at_work():
            return None
        start = pytz.utc.localize(fields.Datetime.now())
        # sudo: its hours, whoever writes
        intervals = self.sudo()._get_calendar()._work_intervals_batch(start, start + LONGEST_REST)[False]
        first = next(iter(intervals), None)
        return first and first[0].astimezone(pytz.utc).replace(tzinfo=None)
