from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.base.models.ir_cron import IrCron

from .test_sla import WEDNESDAY, SlaCase

THURSDAY = WEDNESDAY + timedelta(days=1)


class TestRecount(SlaCase):
    """What runs follows changed hours, holidays, promises and warnings by the worker, without anybody touching it."""

    def setUp(self):
        super().setUp()
        # Jobs commit after each batch; a test has one transaction.
        self.startPatcher(patch.object(IrCron, "_commit_progress", lambda *args, **kwargs: 60.0))
        self.policy.first_response_hours = 0
        self.work_off()

    def work_off(self):
        self.env.flush_all()
        self.env["servicedesk.sla.clock"]._cron_alarm()
        self.env.flush_all()

    def lines(self, ticket):
        return ticket.event_ids.filtered(lambda event: event.kind == "resolution").mapped("new_value")

    def test_each_change_moves_what_runs(self):
        """Every row: what somebody does, and the deadline of a ticket of Wednesday at eight; none is left as it was."""
        holiday = self.env["resource.calendar.leaves"].create(
            {"name": "Old holiday", "calendar_id": self.hours.id, "date_from": "2026-01-20", "date_to": "2026-01-21"})
        other = self.hours.copy({"name": "Half days"})
        other.attendance_ids.hour_to = 12
        closing = {"name": "Closed", "date_from": "2026-01-14 12:00:00", "date_to": "2026-01-14 23:00:00"}
        Leaves = self.env["resource.calendar.leaves"]
        for what, change, deadline in (
            ("longer days", lambda: self.hours.attendance_ids.write({"hour_to": 18}), None),
            ("later days", lambda: self.hours.attendance_ids.write({"hour_from": 12}), THURSDAY + timedelta(hours=8)),
            ("a day less", lambda: self.hours.attendance_ids[2].unlink(), THURSDAY + timedelta(hours=8)),
            ("a time zone", lambda: self.hours.write({"tz": "Europe/Prague"}), THURSDAY),
            ("a holiday", lambda: Leaves.create(closing | {"calendar_id": self.hours.id}),
             THURSDAY + timedelta(hours=4)),
            ("a holiday of the house", lambda: Leaves.create(closing), THURSDAY + timedelta(hours=4)),
            ("a holiday put earlier", lambda: holiday.write(
                {"date_from": closing["date_from"], "date_to": closing["date_to"]}), THURSDAY + timedelta(hours=4)),
            ("another calendar", lambda: self.support.write({"calendar_id": other.id}), THURSDAY + timedelta(hours=4)),
            ("day and night", lambda: self.support.write({"calendar_id": False}), None),
            ("a stricter promise", lambda: self.policy.write({"resolution_hours": 3}),
             WEDNESDAY + timedelta(hours=3)),
            ("no promise", lambda: self.policy.write({"first_response_hours": 1, "resolution_hours": 0}), False),
        ):
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                ticket = self.new_ticket()
                eight = WEDNESDAY + timedelta(hours=8)
                self.assertEqual(ticket.resolution_deadline, eight)
                if what == "a time zone":
                    eight -= timedelta(hours=1)  # the day ends at 15:00 UTC then: the last hour is tomorrow's first
                change()
                self.assertEqual(ticket.resolution_deadline, WEDNESDAY + timedelta(hours=8), "the worker's")
                self.work_off()
                expected = WEDNESDAY + timedelta(hours=8) if deadline is None else deadline
                if what == "a time zone":
                    expected = THURSDAY
                self.assertEqual(ticket.resolution_deadline, expected)
                self.assertEqual(ticket.sla_deadline, expected)
                self.assertEqual(len(self.lines(ticket)), deadline is not None, "a line only for what moved")
                self.assertFalse(self.support.sla_recount_from, "nothing is left to do")
                savepoint.rollback()
                self.env.invalidate_all()
                self.env.registry.clear_cache()

    def test_history_says_why(self):
        ticket = self.new_ticket()
        self.policy.resolution_hours = 4
        self.work_off()
        self.assertEqual(self.lines(ticket), ["2026-01-14 12:00:00 working hours or SLA changed"])
        entries = self.env["servicedesk.timeline"].with_user(self.agent).get_page(ticket.id)["entries"]
        line = next(entry for entry in entries if entry["kind"] == "resolution")
        self.assertIn("(working hours or SLA changed)", line["new"])
        self.assertIn("1:00", line["new"], "12:00 UTC as the agent in Prague reads it")

    def test_a_person_s_absence_moves_nothing(self):
        self.new_ticket()
        resource = self.env["resource.resource"].create({"name": "Somebody", "calendar_id": self.hours.id})
        self.work_off()
        self.env["resource.calendar.leaves"].create({
            "resource_id": resource.id, "date_from": "2026-01-14 12:00:00", "date_to": "2026-01-14 23:00:00"})
        self.assertFalse(self.support.sla_recount_from)

    def test_what_was_late_is_in_time_again_and_told_again(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(hours=9)
        self.work_off()
        self.assertEqual(ticket.sla_state, "late")
        self.policy.resolution_hours = 16
        self.work_off()
        self.assertRecordValues(ticket, [{"sla_state": "soon", "resolution_deadline": THURSDAY + timedelta(hours=8)}])
        self.assertFalse(self.clock(ticket).breached_at)
        self.later(days=1)
        self.work_off()
        self.assertEqual(ticket.sla_state, "late")
        breaches = ticket.event_ids.filtered(lambda event: event.kind == "sla_breach")
        self.assertEqual(len(breaches), 2, "two deadlines passed")

    def test_a_holiday_of_the_last_minute_saves_from_a_breach(self):
        """An alarm that is due finds the new hours, whichever worker is first."""
        ticket = self.new_ticket()
        self.later(hours=8)
        self.env["resource.calendar.leaves"].create({
            "calendar_id": self.hours.id, "date_from": "2026-01-14 10:00:00", "date_to": "2026-01-14 23:00:00"})
        self.env.flush_all()
        Clock = self.env["servicedesk.sla.clock"]
        Clock.search(Clock._get_due_domain())._process_due_alarms()
        self.assertFalse(self.clock(ticket).breached_at)
        self.assertRecordValues(ticket, [{
            "sla_state": "running", "resolution_deadline": THURSDAY + timedelta(hours=6)}])
        self.assertEqual(self.clock(ticket).alarm_at, THURSDAY + timedelta(hours=2), "at half of it")

    def test_a_warning_that_lies_ahead_again(self):
        ticket = self.new_ticket()
        self.later(hours=5)
        self.work_off()
        self.assertEqual(ticket.sla_state, "soon")
        self.support.sla_warning_minutes = 60
        self.work_off()
        self.assertEqual(ticket.sla_state, "running")
        self.assertEqual(self.clock(ticket).alarm_at, WEDNESDAY + timedelta(hours=7))
        self.assertFalse(self.lines(ticket))

    def test_another_ladder_another_alarm(self):
        ticket = self.new_ticket()
        self.env["servicedesk.escalation.step"].create({
            "policy_id": self.policy.id, "trigger": "percent", "percent": 25, "recipient": "members"})
        self.work_off()
        self.assertEqual(self.clock(ticket).alarm_at, WEDNESDAY + timedelta(hours=2))

    def test_what_waits_keeps_what_is_left(self):
        ticket = self.new_ticket()
        self.later(hours=3)
        ticket.action_wait()
        self.policy.resolution_hours = 6
        self.work_off()
        self.assertRecordValues(ticket, [{"sla_state": "paused", "sla_remaining": 3 * 3600, "sla_deadline": False}])
        self.assertFalse(self.lines(ticket))

    def test_done_and_by_hand_stay(self):
        done, by_hand = self.new_ticket(), self.new_ticket(manual_deadline=THURSDAY)
        done.action_close()
        before = self.clock(done).read()
        self.support.calendar_id = False
        self.policy.resolution_hours = 1
        self.work_off()
        self.assertEqual(self.clock(done).read(), before)
        self.assertEqual(by_hand.resolution_deadline, THURSDAY)
        self.assertFalse(self.lines(by_hand))

    def test_late_in_the_night_stays_as_it_was(self):
        """Counting anew the same hours moves nothing, also beyond the deadline and outside of working hours."""
        ticket = self.new_ticket()
        self.later(hours=13)
        self.work_off()
        category = self.env["servicedesk.category"].create({"name": "Network"})
        ticket.category_id = category
        self.hours.attendance_ids[0].write({"hour_to": 17})  # a Monday
        self.work_off()
        self.assertEqual(self.clock(ticket).deadline, WEDNESDAY + timedelta(hours=8))
        self.assertEqual(ticket.sla_state, "late")
        self.assertFalse(self.lines(ticket))

    def test_a_change_in_between_begins_again(self):
        """Half of a department has been counted when the hours change once more."""
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket() for _number in range(4)))
        clocks = tickets.sla_clock_ids.sorted("id")
        with patch("odoo.addons.servicedesk.models.sla.department.BATCH", 2):
            self.policy.resolution_hours = 6
            self.env.flush_all()
            self.support._recount_next_clocks()
            self.assertEqual(self.support.sla_recount_from, clocks[1].id + 1)
            self.policy.resolution_hours = 7
            self.work_off()
        self.assertEqual(set(tickets.mapped("resolution_deadline")), {WEDNESDAY + timedelta(hours=7)})

    def test_queries_for_a_thousand(self):
        """The queries for 1,000 tickets are those for a few: batches, not tickets, cost queries."""
        counts = {}
        for number in (20, 980):
            with patch.object(type(self.env["servicedesk.sla.clock"]), "_start", lambda *args, **kwargs: None):
                tickets = self.env["servicedesk.ticket"].create([
                    {"subject": f"x{index}", "department_id": self.support.id} for index in range(number)])
            self.env["servicedesk.sla.clock"]._start(tickets, self.now)
            self.policy.resolution_hours += 1
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.work_off()
            counts[number] = self.env.cr.sql_log_count - before
        self.assertEqual(len(tickets.filtered(lambda ticket: ticket.resolution_deadline == fields.Datetime.to_datetime(
            "2026-01-15 10:00:00"))), 980)
        self.assertLessEqual(counts[980], 2 * counts[20] + 15, "two batches instead of one, and what they write")
