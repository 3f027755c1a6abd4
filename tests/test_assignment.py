from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError

from .common import ServicedeskCase

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
