from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from ..common import ServicedeskCase

NEAR_MIDNIGHT = "2026-01-14 23:30:00"  # UTC; in Prague the 15th has begun


class TestRequesterTime(ServicedeskCase):
    """Dates in what requesters get are theirs: their own time zone, else the department's, else the company's."""

    def setUp(self):
        super().setUp()
        self.env.user.tz = self.agent.tz = "America/New_York"
        self.calendar = self.env["resource.calendar"].create({"name": "Prague", "tz": "Europe/Prague"})
        self.support.calendar_id = self.calendar
        self.support.company_id.partner_id.tz = "Asia/Tokyo"
        self.jana.tz = False
        self.ticket = self.new_ticket()
        self.env.cr.execute("UPDATE servicedesk_ticket SET create_date = %s WHERE id = %s",
                            [NEAR_MIDNIGHT, self.ticket.id])
        self.ticket.invalidate_recordset(["create_date"])

    def zone(self):
        return self.env["servicedesk.item"].with_user(self.agent)._get_requester_tz(self.ticket.with_user(self.agent))

    def test_whose_time_zone(self):
        self.assertEqual(self.zone(), "Europe/Prague")
        self.support.calendar_id = False
        self.assertEqual(self.zone(), "Asia/Tokyo")
        self.jana.tz = "Europe/London"
        self.support.calendar_id = self.calendar
        self.assertEqual(self.zone(), "Europe/London")

    def test_days_in_templates(self):
        template = self.env["servicedesk.template"].create(
            {"name": "Days", "body": "<p>{{ticket.created}} {{today}}</p>"})
        for zone, day in ((False, "January 15, 2026"), ("Europe/London", "January 14, 2026")):
            self.jana.tz = zone
            with self.subTest(zone=zone), freeze_time(NEAR_MIDNIGHT):
                rendered = template.with_user(self.agent).render_for_ticket(template.id, self.ticket.id)
                self.assertEqual(rendered["html"], f"<p>{day} {day}</p>")

    def test_a_day_without_a_ticket_is_the_departments(self):
        template = self.env["servicedesk.template"].create({"name": "Rejected", "body": "<p>{{today}}</p>"})
        with freeze_time(NEAR_MIDNIGHT):
            self.assertEqual(template._render_for_department(self.support)[1], "<p>January 15, 2026</p>")

    def test_the_planned_time(self):
        self.env["servicedesk.requester.message"].create({"department_id": self.support.id, "event": "planned"})
        moment = fields.Datetime.to_datetime(NEAR_MIDNIGHT)
        self.ticket.with_user(self.agent).write(
            {"planned_start": moment, "planned_end": moment + timedelta(hours=1)})
        body = self.ticket.item_ids.filtered("automatic").body
        self.assertIn("January 15, 2026", body)
        self.assertIn("12:30", body)

    def test_the_day_of_closing(self):
        self.support.notice_days = 2
        self.ticket.with_user(self.agent).action_resolve()
        with freeze_time(NEAR_MIDNIGHT):
            self.env["servicedesk.item"]._announce_closing(self.ticket)
        self.assertIn("January 17, 2026", self.ticket.item_ids.filtered("automatic").body)

    def test_days_are_in_words_of_the_customers_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.env.ref("base.module_servicedesk")._update_translations(["cs_CZ"])
        self.jana.lang = "cs_CZ"
        self.support.notice_days = 2
        self.env["servicedesk.requester.message"].create({"department_id": self.support.id, "event": "resolved"})
        with freeze_time(NEAR_MIDNIGHT):
            self.ticket.with_user(self.agent).action_resolve()
            [resolved] = self.ticket.item_ids.filtered("automatic")
            self.env["servicedesk.item"]._announce_closing(self.ticket)
        closing = self.ticket.item_ids.filtered("automatic") - resolved
        for item, day in ((resolved, "22. ledna 2026"), (closing, "17. ledna 2026")):
            self.assertIn(day, item.body)
            self.assertIn(self.ticket.number, item.body)

    def test_without_a_day_of_closing_none_is_named(self):
        self.support.acceptance_days = 0
        self.env["servicedesk.requester.message"].create({"department_id": self.support.id, "event": "resolved"})
        self.ticket.with_user(self.agent).action_resolve()
        [resolved] = self.ticket.item_ids.filtered("automatic")
        self.assertIn("please reply to this e-mail", resolved.body)

    def test_the_day_on_which_the_department_opens(self):
        Item = self.env["servicedesk.item"]
        for moment, day in (("2026-01-16 20:00:00", "January 19, 2026"),  # Friday evening: on Monday
                            ("2026-01-16 05:00:00", "January 16, 2026"), ("2026-01-16 09:00:00", None)):
            with self.subTest(moment), freeze_time(moment):
                body = Item._get_standard_acknowledgement(self.ticket)[1]
                self.assertEqual("We are closed" in body, bool(day))
                self.assertIn(day or "", body)

    def test_a_department_without_hours_is_always_open(self):
        self.support.calendar_id = self.support.company_id.resource_calendar_id = False
        with freeze_time("2026-01-17 20:00:00"):
            self.assertFalse(self.support._get_next_opening())
