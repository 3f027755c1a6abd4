from datetime import datetime, timedelta

from odoo.tests import BaseCase, TransactionCase

from ...tools import sla_clock


def at(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


class TestArithmetic(TransactionCase):
    """Promises counted over the intervals of real calendars; instants are UTC, Prague is one or two hours ahead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        office = [(str(day), 8, 12) for day in range(5)] + [(str(day), 13, 17) for day in range(5)]
        night = [(str(day), 22, 24) for day in range(7)] + [(str(day), 0, 6) for day in range(7)]
        cls.office, cls.night, cls.empty = (cls._calendar(name, hours) for name, hours in (
            ("Office", office), ("Night", night), ("Empty", [])))
        cls.new_york = cls._calendar("New York", office, "America/New_York")
        cls.always = cls.env["resource.calendar"]

    @classmethod
    def _calendar(cls, name, hours, tz="Europe/Prague"):
        return cls.env["resource.calendar"].create({
            "name": name, "tz": tz, "attendance_ids": [(5, 0, 0)] + [(0, 0, {
                "name": f"{day} {start}", "dayofweek": day, "hour_from": start, "hour_to": end,
                "day_period": "morning"}) for day, start, end in hours]})

    def work(self, calendar):
        return calendar._get_servicedesk_work_time(self.env.company)

    def test_deadlines(self):
        """``start + hours = deadline``, and the same way back."""
        for name, calendar, start, hours, deadline in (
            ("within the morning", self.office, "2026-01-14 08:00", 2, "2026-01-14 10:00"),
            ("over lunch", self.office, "2026-01-14 10:00", 2, "2026-01-14 13:00"),
            ("ends when the house closes", self.office, "2026-01-14 12:00", 4, "2026-01-14 16:00"),
            ("one second later is tomorrow", self.office, "2026-01-14 12:01", 4, "2026-01-15 07:01"),
            ("over a weekend", self.office, "2026-01-16 15:00", 2, "2026-01-19 08:00"),
            ("asked on a Sunday", self.office, "2026-01-18 11:00", 1, "2026-01-19 08:00"),
            ("two weeks", self.office, "2026-01-14 07:00", 80, "2026-01-27 16:00"),
            ("over New Year's Eve", self.office, "2026-12-31 15:00", 2, "2027-01-01 08:00"),
            ("into the year after the next", self.office, "2026-12-31 15:00", 2090, "2028-01-03 08:00"),
            ("night shift over midnight", self.night, "2026-01-14 21:30", 2, "2026-01-14 23:30"),
            ("asked by day, served by night", self.night, "2026-01-14 12:00", 3, "2026-01-15 00:00"),
            ("night shift, next night", self.night, "2026-01-14 03:00", 3, "2026-01-14 22:00"),
            ("day and night", self.always, "2026-01-17 23:00", 30, "2026-01-19 05:00"),
            ("another time zone", self.new_york, "2026-01-14 07:00", 1, "2026-01-14 14:00"),
            # 29 March 2026, 02:00 CET → 03:00 CEST: the shift of that night has one hour less
            ("spring, over the gap", self.night, "2026-03-28 21:00", 7, "2026-03-29 04:00"),
            ("spring, the hour is missing", self.night, "2026-03-28 21:00", 8, "2026-03-29 21:00"),
            ("spring, office on Monday", self.office, "2026-03-27 15:00", 2, "2026-03-30 07:00"),
            # 25 October 2026, 03:00 CEST → 02:00 CET: the shift has one hour more
            ("autumn, the hour twice", self.night, "2026-10-24 20:00", 9, "2026-10-25 05:00"),
            ("autumn, one more is the next night", self.night, "2026-10-24 20:00", 10, "2026-10-25 22:00"),
            ("autumn, office on Monday", self.office, "2026-10-23 14:00", 2, "2026-10-26 08:00"),
        ):
            with self.subTest(name):
                work = self.work(calendar)
                self.assertEqual(work.add(at(start), hours * 3600), at(deadline))
                self.assertEqual(work.between(at(start), at(deadline)), hours * 3600)
                self.assertEqual(work.between(at(deadline), at(start)), -hours * 3600)

    def test_backwards(self):
        work = self.work(self.office)
        self.assertEqual(work.add(at("2026-01-19 08:00"), -2 * 3600), at("2026-01-16 15:00"))
        self.assertEqual(work.add(at("2026-01-18 08:00"), -3600), at("2026-01-16 15:00"))
        self.assertEqual(work.add(at("2027-01-01 08:00"), -2 * 3600), at("2026-12-31 15:00"))
        self.assertEqual(work.add(at("2026-01-14 10:00"), 0), at("2026-01-14 10:00"))

    def test_a_calendar_without_hours_has_no_deadline(self):
        self.assertIsNone(self.work(self.empty).add(at("2026-01-14 10:00"), 60))
        self.assertIsNone(self.work(self.empty).add(at("2026-01-14 10:00"), -60))
        self.assertEqual(self.work(self.empty).between(at("2026-01-14 10:00"), at("2027-01-14 10:00")), 0)

    def test_holidays_of_the_house_and_of_nobody_else(self):
        other = self.env["res.company"].create({"name": "Other"})
        person = self.env["resource.resource"].create({"name": "Petr", "calendar_id": self.office.id})
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-15 08:00"))
        leave = {"date_from": at("2026-01-14 23:00"), "date_to": at("2026-01-15 23:00"), "time_type": "leave"}
        Leave = self.env["resource.calendar.leaves"]
        Leave.create(leave | {"name": "Petr is away", "resource_id": person.id, "calendar_id": self.office.id})
        theirs = Leave.with_company(other).create(leave | {"name": "Theirs"})
        self.assertEqual((theirs.company_id, theirs.calendar_id.id), (other, False))
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-15 08:00"))
        holiday = Leave.create(leave | {"name": "Closed", "calendar_id": self.office.id})
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-16 08:00"),
                         "a holiday counts at once")
        holiday.date_to = at("2026-01-15 11:00")
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-15 13:00"))
        holiday.unlink()
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-15 08:00"))

    def test_hours_are_read_once(self):
        work = self.work(self.office)
        work.add(at("2026-01-14 08:00"), 3600)
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            for minute in range(100):
                self.work(self.office).add(at("2026-01-14 08:00") + timedelta(minutes=minute), 3600)

    def test_changed_hours_count_at_once(self):
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-15 08:00"))
        self.office.attendance_ids.filtered(lambda line: line.hour_to == 17).hour_to = 18
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-14 17:00"))
        self.office.tz = "Europe/London"
        self.assertEqual(self.work(self.office).add(at("2026-01-14 15:00"), 2 * 3600), at("2026-01-14 17:00"))
        self.assertEqual(self.work(self.office).add(at("2026-01-14 07:00"), 3600), at("2026-01-14 09:00"))

    def test_pauses(self):
        """Rows of ``go``/``stop`` at an instant; what is left and the deadline after each."""
        work = self.work(self.office)
        clock = sla_clock.Clock(4 * 3600)
        for action, instant, left, deadline in (
            ("go", "2026-01-14 07:00", 4, "2026-01-14 11:00"),
            ("go", "2026-01-14 08:00", 3, "2026-01-14 11:00"),  # goes already: nothing changes
            ("stop", "2026-01-14 09:00", 2, None),
            ("stop", "2026-01-14 13:00", 2, None),
            ("go", "2026-01-16 15:00", 2, "2026-01-19 08:00"),  # Friday's last hour, and Monday's first
            ("stop", "2026-01-17 12:00", 1, None),  # on a Saturday
            ("go", "2026-01-18 12:00", 1, "2026-01-19 08:00"),
            ("stop", "2026-01-19 10:00", -2, None),  # too late
            ("go", "2026-01-19 12:00", -2, "2026-01-19 09:00"),
        ):
            with self.subTest(f"{action} {instant}"):
                clock = clock.go(at(instant)) if action == "go" else clock.stop(at(instant), work)
                self.assertEqual(clock.remaining(at(instant), work), left * 3600)
                self.assertEqual(clock.deadline(work), deadline and at(deadline))

    def test_intervals_of_one_shift_are_one(self):
        self.assertEqual(sla_clock.join([(86400, 90000), (79200, 86399), (1, 1), (90000, 90001)]),
                         ((79200, 90001),))

    def test_periods_for_the_badge(self):
        found = self.work(self.office).periods(at("2026-01-16 13:00"), 2)
        self.assertEqual([[sla_clock.to_instant(second) for second in period] for period in found], [
            [at("2026-01-16 13:00"), at("2026-01-16 16:00")], [at("2026-01-19 07:00"), at("2026-01-19 11:00")]])


class TestAlarms(BaseCase):
    """What is still to come on a promise of ten hours, day and night, that began at midnight."""

    start = at("2026-01-14 00:00")
    work = sla_clock.WorkTime()

    def alarms(self, used=0, since=start, **values):
        clock = sla_clock.Clock(10 * 3600, used * 3600, since)
        values = {"deadline": clock.deadline(self.work), "warning": 8 * 3600} | values
        return sla_clock.Alarms(clock, **values)

    def step(self, trigger, delay=0, percent=0):
        return {"trigger": trigger, "delay": delay * 3600, "percent": percent}

    def test_what_is_to_come(self):
        steps = (self.step("warning", 1), self.step("breach", 3), self.step("not_started", 2),
                 self.step("percent", percent=50))
        all_steps = [(step["trigger"], at(when)) for step, when in zip(steps, (
            "2026-01-14 09:00", "2026-01-14 13:00", "2026-01-14 02:00", "2026-01-14 05:00"), strict=True)]
        breach, warning = ("breach", at("2026-01-14 10:00")), ("warning", at("2026-01-14 08:00"))
        by_hand = at("2026-01-14 06:00")
        for name, alarms, expected in (
            ("all of it", self.alarms(steps=steps), [breach, warning, *all_steps]),
            ("warned", self.alarms(warned=True), [breach]),
            ("breached: no warning after it", self.alarms(breached=True), []),
            ("breached, steps go on", self.alarms(breached=True, steps=steps[1:2]), all_steps[1:2]),
            ("standing still", self.alarms(since=None), []),
            ("ended", self.alarms(deadline=None), []),
            ("six hours used before", self.alarms(used=6, since=at("2026-01-15 00:00")), [
                ("breach", at("2026-01-15 04:00")), ("warning", at("2026-01-15 02:00"))]),
            ("by hand it does not wait", self.alarms(
                used=6, since=None, begun=self.start, deadline=by_hand), [
                ("breach", by_hand), ("warning", by_hand)]),
            ("nothing comes later than the deadline", self.alarms(deadline=by_hand, steps=steps[:1]), [
                ("breach", by_hand), ("warning", by_hand), ("warning", by_hand)]),
        ):
            with self.subTest(name):
                found = [(alarm if isinstance(alarm, str) else alarm["trigger"], moment)
                         for alarm, moment in alarms.upcoming(self.work)]
                self.assertEqual(found, expected)
                self.assertEqual(alarms.next(self.work), min((moment for _n, moment in expected), default=None))

    def test_what_is_told_again(self):
        for name, alarms, now, expected in (
            ("nothing was told", self.alarms(), "2026-01-14 01:00", ()),
            ("the warning lies ahead again", self.alarms(warned=True), "2026-01-14 07:00", ("warned",)),
            ("it does not", self.alarms(warned=True), "2026-01-14 08:00", ()),
            ("the breach too", self.alarms(warned=True, breached=True), "2026-01-14 09:00", ("warned", "breached")),
            ("the breach stays", self.alarms(warned=True, breached=True), "2026-01-14 10:00", ()),
            ("standing still nothing is ahead", self.alarms(warned=True, since=None), "2026-01-14 01:00", ()),
        ):
            with self.subTest(name):
                self.assertEqual(alarms.to_tell_again(at(now), self.work), expected)
