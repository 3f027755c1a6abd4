from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase, build_mail

URL = "/odoo/tickets"


@tagged("post_install", "-at_install")
class TestPeopleTours(ServicedeskCase, HttpCase):
    """Who does what, who is told, what happens by itself: in a real browser, by those whom it concerns."""

    def setUp(self):
        super().setUp()
        for user in self.agent | self.junior | self.clerk:
            user.password = user.login  # start_tour signs in with the login as password
        self.ticket = self._ticket_with("VPN falls")

    def _ticket_with(self, subject, **vals):
        ticket = self.new_ticket(subject=subject, **vals)
        self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received", "subject": subject,
            "author_partner_id": self.jana.id, "email_from": self.jana.email,
            "body": "<p>The VPN falls every ten minutes.</p>"})
        return ticket

    def _new_admin(self):
        admin = new_test_user(self.env, "boss", "servicedesk.group_admin", name="Boss", email="boss@severka.example")
        admin.password = "boss"
        return admin

    def test_take_and_hand_over(self):
        self.start_tour(URL, "servicedesk_take_and_hand_over", login="agent")
        self.assertEqual(self.ticket.owner_id, self.junior)
        self.assertIn("handed_over", self.ticket.event_ids.mapped("kind"))
        self.start_tour(URL, "servicedesk_bell", login="junior")
        notice = self.env["servicedesk.notice"].search([("user_id", "=", self.junior.id), ("kind", "=", "assigned")])
        self.assertTrue(notice.read_at)

    def test_dispatcher_group_member(self):
        """A new ticket waits for the dispatcher, who gives it to a group; a member of the group takes it."""
        second = self._new_agent("second", self.support, "specialist")
        second.password = "second"
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, second.ids)]})
        self.env["servicedesk.team"].create({
            "name": "Network", "department_id": self.support.id, "member_ids": [(6, 0, self.junior.ids)]})
        self.ticket.unlink()
        self.ticket = self._ticket_with("VPN falls")
        self.start_tour(URL, "servicedesk_waits_for_dispatcher", login="agent")
        self.start_tour(URL, "servicedesk_dispatcher", login="second")
        self.assertEqual((self.ticket.team_id.name, self.ticket.owner_id.id), ("Network", False))
        self.start_tour(URL, "servicedesk_waits_for_dispatcher", login="agent")
        self.start_tour(URL, "servicedesk_group_member_takes", login="junior")
        self.assertEqual(self.ticket.owner_id, self.junior)

    def test_limited_edit(self):
        """A specialist works on a colleague's ticket, and is not offered what is not the specialist's to change."""
        self._ticket_with("Somebody else's", owner_id=self._new_agent("second", self.support, "own").id)
        self.start_tour(URL, "servicedesk_limited_edit", login="agent")

    def test_who_may_not_assign_is_not_offered_it_on_a_card(self):
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.junior.ids)]})
        self._ticket_with("Given out by the dispatcher")
        self.junior.password = "junior"
        self.start_tour(URL, "servicedesk_card_without_assigning", login="agent")
        self.start_tour(URL, "servicedesk_card_with_assigning", login="junior")

    def test_substitution(self):
        self._ticket_with("The clerk's matter", department_id=self.billing.id, owner_id=self.clerk.id)
        now = fields.Datetime.now()
        substitution = self.env["servicedesk.substitution"].with_user(self.clerk).create({
            "absent_id": self.clerk.id, "substitute_id": self.agent.id, "starts_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(days=1)})
        self.start_tour(URL, "servicedesk_substitute", login="agent")
        note = self.env["servicedesk.item"].search([("kind", "=", "note"), ("author_user_id", "=", self.agent.id)])
        self.assertEqual(note.for_user_id, self.clerk)
        substitution.ends_at = now
        self.start_tour(URL, "servicedesk_substitution_over", login="agent")

    def test_rule_with_preview(self):
        self._new_admin()
        self.env["servicedesk.tag"].create({"name": "Paper"})
        self._ticket_with("Tiskárna tiskne prázdné listy")
        self.start_tour("/odoo/action-servicedesk.servicedesk_rule_action", "servicedesk_rule_try", login="boss")
        rows = self.arrive(build_mail(self.jana.email, "support@severka.example", "New printer", "Which one?"))
        self.assertEqual(rows.item_id.ticket_id.tag_ids.mapped("name"), ["Paper"])
        self.start_tour("/odoo/action-servicedesk.servicedesk_rule_action", "servicedesk_rule_hits", login="boss")

    def test_macro_on_one_and_on_a_selection(self):
        others = self._ticket_with("VPN again") | self._ticket_with("VPN once more")
        self.env["servicedesk.macro"].create([
            {"name": "Hurry", "step_ids": [(0, 0, {"type": "priority", "priority": "2"})]},
            {"name": "Set aside", "step_ids": [
                (0, 0, {"sequence": 1, "type": "note", "body": "<p>Nothing to do today.</p>"}),
                (0, 0, {"sequence": 2, "type": "wait", "waiting_for": "third_party"})]}])
        self.start_tour(URL, "servicedesk_macro_selection", login="agent")
        self.assertEqual(set(others.mapped("waiting_for")), {"third_party"})
        self.start_tour(URL, "servicedesk_macro", login="agent")
        self.assertRecordValues(self.ticket, [{"priority": "2", "state": "waiting"}])

    def _claim(self):
        return self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "email_from": self.agent.email, "claimed_user_id": self.agent.id, "thread_reason": "claimed",
            "failure_reason": "The mail server did not vouch for the sender.", "body": "<p>Restart the router.</p>"})

    def test_a_claimed_mail_stays_internal(self):
        note = self._claim()
        self.start_tour(URL, "servicedesk_claimed_internal", login="agent")
        self.assertRecordValues(note, [{"claimed_user_id": False, "author_user_id": self.agent.id}])

    def test_a_claimed_mail_becomes_an_answer(self):
        self._claim()
        self.start_tour(URL, "servicedesk_claimed_answer", login="agent")
        draft = self.ticket.item_ids.filtered(lambda item: item.state == "draft")
        self.assertEqual((draft.kind, draft.author_user_id), ("email", self.agent))

    def test_what_one_is_told_of(self):
        self.start_tour("/odoo/action-servicedesk.servicedesk_notice_setting_action_open_mine",
                        "servicedesk_notice_settings", login="agent")
        setting = self.env["servicedesk.notice.setting"].search(
            [("user_id", "=", self.agent.id), ("kind", "=", "answer")])
        self.assertEqual((setting.inbox, setting.mail, setting.sms), (True, True, False))
