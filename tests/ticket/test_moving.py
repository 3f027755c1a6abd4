from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import ServicedeskCase


class TestMoving(ServicedeskCase):
    """Many tickets go to another department in one go, with what has no place there named before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent.servicedesk_membership_ids.can_assign = True
        cls.both = cls._new_agent("both", cls.support, "specialist")
        cls.env["servicedesk.membership"].create(
            {"user_id": cls.both.id, "department_id": cls.billing.id, "level": "specialist"})
        cls.printers = cls.env["servicedesk.category"].create({"name": "Printers", "department_id": cls.support.id})
        cls.general = cls.env["servicedesk.category"].create({"name": "General"})

    def ask(self, tickets, user=None, **vals):
        return self.env["servicedesk.change.tickets"].with_user(user or self.agent).create(
            {"ticket_ids": [(6, 0, tickets.ids)], "department_id": self.billing.id, **vals})

    def changes(self, ticket):
        authors = {event.kind: event.user_id.login for event in ticket.event_ids}
        return {kind: (old, new, authors[kind]) for kind, old, new in self.history(ticket)}

    def test_the_department_changes_and_history_says_so(self):
        tickets = self.new_ticket() | self.new_ticket()
        wizard = self.ask(tickets)
        self.assertIn("Tickets that change: 2", wizard.preview)
        self.assertNotIn(tickets[0].number, wizard.preview)
        wizard.action_apply()
        self.assertEqual(tickets.department_id, self.billing)
        self.assertEqual(self.changes(tickets[0])["department_id"], ("Support", "Billing", "agent"))
        self.assertFalse(self.env["servicedesk.ticket"].with_user(self.agent).search([("id", "in", tickets.ids)]),
                         "out of one's own sight, as by handing over")

    def test_who_has_no_part_there_is_taken_off(self):
        stays, goes = self.new_ticket(owner_id=self.both.id), self.new_ticket(
            owner_id=self.agent.id, remind_user_id=self.agent.id, remind_at=fields.Datetime.now() + timedelta(days=1))
        wizard = self.ask(stays | goes)
        self.assertIn(f"{goes.number}: becomes unassigned, because Agent is not a member", wizard.preview)
        self.assertNotIn(stays.number, wizard.preview)
        wizard.action_apply()
        self.assertRecordValues(stays | goes, [
            {"owner_id": self.both.id, "remind_user_id": False}, {"owner_id": False, "remind_user_id": False}])
        self.assertEqual(self.changes(goes)["owner_id"], ("Agent", "", "agent"))

    def test_a_new_owner_is_one_of_the_new_department(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        wizard = self.ask(ticket, owner_id=self.clerk.id)
        self.assertNotIn("loses", wizard.preview or "")
        wizard.action_apply()
        self.assertEqual(ticket.owner_id, self.clerk)
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id), ("kind", "=", "assigned")])
        self.assertIn(self.clerk, notices.user_id)
        other = self.new_ticket(owner_id=self.agent.id)
        wizard = self.ask(other, owner_id=self.junior.id)
        self.assertIn("becomes unassigned", wizard.preview)
        wizard.action_apply()
        self.assertFalse(other.owner_id, "who has no part in the department does not get it")

    def test_categories_of_another_department(self):
        self.printers.form_definition = [{"name": "serial", "string": "Serial number", "type": "char"}]
        bound, filled, general = (self.new_ticket(category_id=category.id) for category in (
            self.printers, self.printers, self.general))
        filled.properties = {"serial": "ABC"}
        wizard = self.ask(bound | filled | general)
        self.assertIn(f"{bound.number}: loses the category “Printers”, which belongs to Support", wizard.preview)
        self.assertNotIn(filled.number, wizard.preview)
        wizard.action_apply()
        self.assertEqual((bound.category_id, filled.category_id, general.category_id),
                         (self.env["servicedesk.category"], self.printers, self.general))
        self.assertEqual(dict(filled.properties), {"serial": "ABC"}, "nothing that was filled in is lost")

    def test_a_chosen_category_does_not_send_it_elsewhere(self):
        ticket = self.new_ticket()
        self.ask(ticket, category_id=self.printers.id).action_apply()
        self.assertEqual((ticket.department_id, ticket.category_id), (self.billing, self.printers))

    def test_one_change_with_state_and_tags(self):
        tag = self.env["servicedesk.tag"].create({"name": "Moved"})
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.ask(ticket, state="closed", add_tag_ids=[(6, 0, tag.ids)], priority="2").action_apply()
        self.assertRecordValues(ticket, [{
            "department_id": self.billing.id, "state": "closed", "priority": "2", "tag_ids": tag.ids,
            "owner_id": False}])

    def test_rights(self):
        foreign = self.new_ticket(department_id=self.billing.id)
        with self.assertRaises(AccessError):
            self.ask(foreign, department_id=self.support.id).action_apply()
        wizard = self.ask(self.new_ticket())
        wizard.sudo().ticket_ids = foreign
        with self.assertRaisesRegex(UserError, "you may not change it"):
            wizard.action_apply()
        self.assertEqual(foreign.department_id, self.billing)

    def test_closing_children_by_the_way_asks_for_the_right_to(self):
        self.billing.child_rule = "cascade"
        parent = self.new_ticket()
        child = self.new_ticket(parent_id=parent.id, department_id=self.billing.id)
        with self.assertRaises(AccessError):
            self.ask(parent, state="closed").action_apply()
        self.assertEqual((parent.state, child.state), ("open", "open"))
        self.ask(parent, user=self.both, state="closed").action_apply()
        self.assertEqual((parent.state, child.state), ("closed", "closed"))

    def test_what_stays(self):
        merged, other = self.new_ticket(), self.new_ticket()
        self.env["servicedesk.merge"].with_user(self.agent)._merge(merged | other, other)
        wizard = self.ask(merged)
        with self.assertRaisesRegex(UserError, "has been merged"):
            wizard.action_apply()
        company = self.env["res.company"].create({"name": "Other"})
        abroad = self.env["servicedesk.department"].create({"name": "Abroad", "company_id": company.id})
        wizard = self.env["servicedesk.change.tickets"].create(
            {"ticket_ids": [(6, 0, other.ids)], "department_id": abroad.id})
        with self.assertRaisesRegex(UserError, "another company"):
            wizard.action_apply()

    def test_promises_are_counted_anew(self):
        policy = self.env["servicedesk.sla.policy"].create(
            {"name": "Slow", "resolution_hours": 100, "department_ids": self.billing.ids})
        quick = self.env["servicedesk.sla.policy"].create(
            {"name": "Quick", "resolution_hours": 1, "department_ids": self.support.ids})
        (self.support | self.billing).calendar_id = False
        ticket = self.new_ticket()
        self.assertEqual(ticket.sla_clock_ids.policy_id, quick)
        self.ask(ticket).action_apply()
        self.assertEqual(ticket.sla_clock_ids.policy_id, policy)
        self.assertEqual(ticket.resolution_deadline, ticket.create_date.replace(microsecond=0) + timedelta(hours=100))
        self.assertIn("resolution", self.changes(ticket))

    def test_handing_over_takes_the_reminder_along(self):
        ticket = self.new_ticket(remind_user_id=self.agent.id, remind_at=fields.Datetime.now() + timedelta(days=1))
        self.env["servicedesk.hand.over"].with_user(self.agent).create({
            "ticket_ids": [(6, 0, ticket.ids)], "department_id": self.billing.id, "reason": "Yours"}).action_apply()
        self.assertRecordValues(ticket, [{"department_id": self.billing.id, "remind_user_id": False}])
        self.assertTrue(ticket.remind_at, "whoever takes it is reminded")

    def test_queries_do_not_grow_with_the_selection(self):
        self.env["servicedesk.sla.policy"].create({"name": "All", "resolution_hours": 8})
        counts = {}
        for number in (10, 10, 500):
            tickets = self.env["servicedesk.ticket"].create([
                {"subject": f"x{index}", "department_id": self.support.id, "category_id": self.printers.id,
                 "owner_id": self.agent.id} for index in range(number)])
            wizard = self.ask(tickets)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_apply()
            self.env.flush_all()
            counts[number] = self.env.cr.sql_log_count - before
        self.assertEqual(tickets.department_id, self.billing)
        # History, tickets and clocks are written a hundred at a time.
        self.assertLessEqual(counts[500], counts[10] + 5 * (3 + 1 + 1))
