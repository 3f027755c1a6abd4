from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from ..common import ServicedeskCase

MONDAY_TEN, SUNDAY = "2026-11-16 09:00:00", "2026-11-15 09:00:00"  # UTC; 10:00 in Prague


class TestAssignment(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.second = self._new_agent("second", self.support, "specialist")
        self.third = self._new_agent("third", self.support, "own")
        self.junior.servicedesk_membership_ids.takes_part = False
        self.calendar = self.env["resource.calendar"].create({"name": "Week", "tz": "Europe/Prague"})
        self.support.calendar_id = self.calendar
        self.people = self.agent | self.second | self.third

    def tickets(self, count, **vals):
        return self.env["servicedesk.ticket"].create([{
            "subject": str(number), "department_id": self.support.id, "partner_id": self.client.id, **vals}
            for number in range(count)])

    def assign(self, tickets, at=MONDAY_TEN):
        with freeze_time(at):
            tickets.filtered("assignment_due")._assign()
        return [ticket.owner_id for ticket in tickets.sorted("id")]

    def test_nobody_by_default(self):
        self.assertFalse(self.tickets(1).assignment_due)

    def test_in_turn_over_several_rounds(self):
        self.support.assignment = "round_robin"
        first = self.assign(self.tickets(4))
        self.assertEqual(set(first[:3]), set(self.people))
        self.assertEqual(first[3], first[0])
        self.assertEqual(self.assign(self.tickets(2), "2026-11-16 09:05:00"), [first[1], first[2]])

    def test_least_load(self):
        self.support.assignment = "least_load"
        self.tickets(3, owner_id=self.agent.id)
        self.tickets(1, owner_id=self.second.id)
        owners = self.assign(self.tickets(4))
        self.assertEqual([owner.login for owner in owners].count("agent"), 0)
        self.assertEqual([owner.login for owner in owners].count("second"), 2)

    def test_outside_working_hours_tickets_wait(self):
        self.support.assignment = "round_robin"
        tickets = self.tickets(2)
        self.assertFalse(any(self.assign(tickets, SUNDAY)))
        self.assertTrue(all(tickets.mapped("assignment_due")))
        self.assertTrue(all(self.assign(tickets)))
        self.assertFalse(any(tickets.mapped("assignment_due")))

    def test_who_is_on_leave_or_substituted_gets_nothing(self):
        self.support.assignment = "round_robin"
        resource = self.env["resource.resource"].create({
            "name": "Second", "user_id": self.second.id, "calendar_id": self.calendar.id,
            "company_id": self.support.company_id.id})
        self.env["resource.calendar.leaves"].create({
            "name": "Leave", "resource_id": resource.id, "calendar_id": self.calendar.id,
            "date_from": datetime(2026, 11, 16), "date_to": datetime(2026, 11, 17)})
        self.env["servicedesk.substitution"].create({
            "absent_id": self.third.id, "substitute_id": self.agent.id, "starts_at": "2026-11-16 00:00:00",
            "ends_at": "2027-11-17 00:00:00"})
        self.assertEqual(set(self.assign(self.tickets(4))), {self.agent})

    def test_category_rule_beats_the_department(self):
        self.support.assignment = "round_robin"
        category = self.env["servicedesk.category"].create(
            {"name": "Network", "owner_rule": "member", "owner_id": self.second.id})
        self.assertEqual(self.assign(self.tickets(2, category_id=category.id)), [self.second] * 2)

    def test_queries_do_not_grow_with_tickets(self):
        self.support.assignment = "round_robin"

        def count(tickets):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.assign(tickets)
            self.env.flush_all()
            return self.env.cr.sql_log_count - start

        count(self.tickets(3))
        few, many = count(self.tickets(6)), count(self.tickets(120))
        self.assertLessEqual(many, few + 6)

    def test_dispatcher_is_told_and_others_cannot_take(self):
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.second.ids)]})
        ticket = self.tickets(1)
        self.assertEqual(self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id)]).mapped("user_id"),
                         self.second)
        with self.assertRaisesRegex(UserError, "dispatcher"):
            ticket.with_user(self.agent).action_take()
        ticket.with_user(self.second).action_take()
        self.assertEqual(ticket.owner_id, self.second)

    def hand_over(self, ticket, user, **vals):
        return self.env["servicedesk.hand.over"].with_user(user).create({
            "ticket_ids": [(6, 0, ticket.ids)], "department_id": self.support.id, "reason": "Knows the router", **vals,
        }).action_apply()

    def test_handing_over_says_why_and_tells(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.hand_over(ticket, self.agent, user_id=self.second.id)
        self.assertEqual(ticket.owner_id, self.second)
        self.assertIn(("handed_over", "Knows the router"),
                      [(event.kind, event.new_value) for event in ticket.event_ids])
        notice = self.env["servicedesk.notice"].search([("user_id", "=", self.second.id)])
        self.assertEqual((notice.kind, notice.text), ("assigned", "Knows the router"))

    def test_to_a_group_whose_members_are_told(self):
        team = self.env["servicedesk.team"].create({
            "name": "Network", "department_id": self.support.id,
            "member_ids": [(6, 0, (self.second | self.third).ids)]})
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.env["servicedesk.notice"].search([]).unlink()
        self.hand_over(ticket, self.agent, team_id=team.id)
        self.assertEqual((ticket.owner_id.id, ticket.team_id), (False, team))
        self.assertEqual(self.env["servicedesk.notice"].search([("kind", "=", "assigned")]).user_id,
                         self.second | self.third)
        ticket.with_user(self.third).action_take()
        self.assertEqual((ticket.owner_id, ticket.team_id), (self.third, team))

    def test_to_another_department_out_of_sight(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.hand_over(ticket, self.agent, department_id=self.billing.id)
        self.assertEqual((ticket.department_id, ticket.owner_id.id), (self.billing, False))
        self.assertFalse(ticket.with_user(self.agent)._filtered_access("read"))

    def test_nobody_hands_over_what_is_out_of_sight(self):
        ticket = self.new_ticket(department_id=self.billing.id)
        with self.assertRaises(AccessError):
            self.hand_over(ticket, self.agent, user_id=self.second.id)


class TestPresence(ServicedeskCase):
    """Who is there: by the own calendar or the department's, in its time zone, without holidays and leaves."""

    def setUp(self):
        super().setUp()
        self.day = self.env["resource.calendar"].create({"name": "Week", "tz": "Europe/Prague"})
        self.support.calendar_id = self.day
        self.boss = self._new_agent("boss", self.support, "supervisor")
        self.support.manager_id = self.boss

    def works_at_night(self, user):
        night = self.env["resource.calendar"].create({
            "name": "Night", "tz": "Europe/Prague", "attendance_ids": [(5, 0, 0)] + [
                (0, 0, {"name": "Night", "dayofweek": str(day), "hour_from": 0, "hour_to": 6, "day_period": "morning"})
                for day in range(7)]})
        return self.has_calendar(user, night)

    def has_calendar(self, user, calendar):
        return self.env["resource.resource"].create({
            "name": user.name, "user_id": user.id, "calendar_id": calendar.id, "company_id": self.support.company_id.id,
            "tz": calendar.tz})

    def leave(self, resource=None, calendar=None):
        self.env["resource.calendar.leaves"].create({
            "name": "Away", "resource_id": resource and resource.id,
            "calendar_id": (calendar or resource.calendar_id).id, "date_from": datetime(2026, 11, 15, 23),
            "date_to": datetime(2026, 11, 16, 22)})

    def present(self, at):
        with freeze_time(at):
            return self.support._get_present(self.agent | self.junior)

    def test_everybody_by_the_own_calendar(self):
        self.works_at_night(self.junior)
        self.assertEqual(self.present(MONDAY_TEN), self.agent)
        self.assertEqual(self.present("2026-11-16 03:00:00"), self.junior, "four in the morning in Prague")
        self.assertFalse(self.present("2026-11-16 20:00:00"))

    def test_a_calendar_counts_in_its_time_zone(self):
        self.has_calendar(self.junior, self.env["resource.calendar"].create({"name": "Tokyo", "tz": "Asia/Tokyo"}))
        self.assertEqual(self.present("2026-11-16 01:00:00"), self.junior, "ten in Tokyo")
        self.assertEqual(self.present("2026-11-16 14:00:00"), self.agent, "three in the afternoon in Prague")

    def test_a_public_holiday_sends_all_home(self):
        self.leave(calendar=self.day)
        self.assertFalse(self.present(MONDAY_TEN))
        self.support.write({"assignment": "round_robin"})
        ticket = self.new_ticket()
        with freeze_time(MONDAY_TEN):
            ticket._assign()
        self.assertFalse(ticket.owner_id)
        with freeze_time("2026-11-18 09:00:00"):  # the 17th is over too
            ticket._assign()
        self.assertTrue(ticket.owner_id)

    def told(self):
        self.env.invalidate_all()
        with freeze_time("2026-11-16 03:00:00"):
            ticket = self.new_ticket(priority="3")
        return self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id), ("kind", "=", "urgent")]).user_id

    def test_on_duty_is_on_duty_at_night(self):
        self.support.on_duty_ids = self.agent | self.junior
        self.assertFalse(self.present("2026-11-16 03:30:00"))
        self.assertEqual(self.told(), self.agent | self.junior)

    def test_who_is_on_leave_is_not_on_duty(self):
        self.support.on_duty_ids = self.agent | self.junior
        self.leave(self.has_calendar(self.junior, self.day))
        self.assertEqual(self.told(), self.agent)
        self.leave(self.has_calendar(self.agent, self.day))
        self.assertEqual(self.told(), self.boss, "all of them away: the manager")
        self.support.manager_id = False
        self.assertEqual(self.told(), self.agent | self.junior, "better those than nobody")

    def test_who_is_substituted_is_not_on_duty(self):
        self.support.on_duty_ids = self.agent | self.junior
        self.env["servicedesk.substitution"].create({
            "absent_id": self.junior.id, "substitute_id": self.clerk.id, "starts_at": "2026-11-16 00:00:00",
            "ends_at": "2027-11-17 00:00:00"})
        self.assertEqual(self.told(), self.agent)
