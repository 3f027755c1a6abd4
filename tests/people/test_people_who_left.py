from datetime import timedelta

from odoo import fields

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
LONG_AGO = fields.Datetime.to_datetime("2026-01-05 10:00:00")


class TestPeopleWhoLeft(ServicedeskCase):
    """An archived user gets no work and is not the only one who is told."""

    def setUp(self):
        super().setUp()
        self.support.manager_id = self.clerk

    def leave(self, user):
        user.active = False

    def test_category_and_turn_pass_them_over(self):
        category = self.env["servicedesk.category"].create({
            "name": "Network", "owner_rule": "member", "owner_id": self.agent.id})
        self.support.write({"assignment": "round_robin", "assign_present": False})
        self.leave(self.agent)
        by_category = self.new_ticket(category_id=category.id)
        self.assertFalse(by_category.owner_id)
        tickets = self.new_ticket() | self.new_ticket()
        tickets._assign()
        self.assertEqual(tickets.owner_id, self.junior)

    def test_escalations_and_promises_reach_somebody(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        step = self.env["servicedesk.escalation.step"].create({"department_id": self.support.id, "recipient": "owner"})
        self.assertEqual(step._get_told(ticket), self.agent)
        self.leave(self.agent)
        self.assertEqual(step._get_told(ticket), self.clerk)
        self.leave(self.clerk)
        self.assertEqual(step._get_told(ticket), self.junior)

    def test_a_customers_answer_reaches_somebody(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.leave(self.agent)
        told = self.answer_told(ticket)
        self.assertEqual(told, self.junior | self.clerk, "those of the department and who is responsible for it")
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.junior.ids)]})
        self.assertEqual(self.answer_told(ticket), self.junior)
        self.leave(self.junior)
        self.assertEqual(self.answer_told(ticket), self.clerk)

    def answer_told(self, ticket):
        item = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received", "body": "<p>And?</p>"})
        notices = self.env["servicedesk.notice"].search([("item_id", "=", item.id), ("kind", "=", "answer")])
        return notices.user_id

    def test_whoever_opens_their_ticket_takes_the_bold_off(self):
        ticket = self.new_ticket(owner_id=self.agent.id, unread=True)
        second = self._new_agent("second", self.support, "specialist")
        ticket.with_user(second).mark_read()
        self.assertTrue(ticket.unread, "it is its owner's to read")
        self.leave(self.agent)
        ticket.with_user(second).mark_read()
        self.assertFalse(ticket.unread)

    def test_reminders_go_to_the_department(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.leave(self.agent)
        ticket.write({"remind_at": LONG_AGO, "remind_note": "Call Jana"})
        ticket._remind()
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id), ("kind", "=", "reminder")])
        self.assertIn(self.junior, notices.user_id)

    def test_a_scheduled_mail_of_theirs_becomes_the_draft_of_who_stops_it(self):
        ticket = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        Item = self.env["servicedesk.item"].with_user(self.agent)
        draft = Item.browse(Item.save_draft(ticket.id, "email", {
            **Item.prepare_draft(ticket.id, "email"), "body": "<p>Tomorrow</p>"}))
        draft.action_schedule(fields.Datetime.now() + timedelta(days=1))
        self.leave(self.agent)
        self.support.membership_ids.create({"department_id": self.support.id, "user_id": self.clerk.id})
        draft.with_user(self.clerk).action_cancel_schedule()
        self.assertEqual((draft.sudo().state, draft.sudo().author_user_id), ("draft", self.clerk))
