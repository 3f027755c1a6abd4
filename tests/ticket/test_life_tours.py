from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase

URL = "/odoo/tickets"


@tagged("post_install", "-at_install")
class TestLifeTours(ServicedeskCase, HttpCase):
    """Waiting, closing and merging in a real browser, by one who has no rights but those of an agent."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.ticket = self._ticket_with("VPN falls", "<p>The VPN falls every ten minutes.</p>")

    def _ticket_with(self, subject, body, **vals):
        ticket = self.new_ticket(subject=subject, owner_id=self.agent.id, **vals)
        self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received",
            "author_partner_id": self.jana.id, "email_from": self.jana.email, "body": body})
        return ticket

    def test_wait_until_a_date(self):
        self.start_tour(URL, "servicedesk_wait_until", login="agent")
        events = self.ticket.event_ids.filtered(lambda event: event.kind == "reopen_at").sorted("id")
        self.assertIn("2036-12-24", events[0].new_value)

    def test_reopen_on_a_date(self):
        self.ticket.action_close()
        self.start_tour(f"{URL}/{self.ticket.id}", "servicedesk_reopen_on", login="agent")
        self.assertEqual(self.ticket.state, "closed")
        self.assertEqual(str(self.ticket.reopen_at)[:10], "2036-12-24")

    def test_close_with_a_demanded_status(self):
        status = self.env["servicedesk.status"].create({"name": "Solved remotely", "state": "closed"})
        category = self.env["servicedesk.category"].create(
            {"name": "Printers", "status_ids": [(6, 0, status.ids)], "status_required": True})
        ticket = self._ticket_with("Printer jams", "<p>Paper</p>", category_id=category.id)
        self.start_tour(URL, "servicedesk_close_with_status", login="agent")
        self.assertRecordValues(ticket, [{"state": "closed", "status_id": status.id}])

    def test_merge_and_undo(self):
        other = self._ticket_with("VPN again", "<p>It happens again</p>")
        self.start_tour(URL, "servicedesk_merge", login="agent")
        self.assertRecordValues(other, [{"state": "open", "merged_into_id": False}])
        self.assertEqual(other.item_ids.mapped("preview"), ["It happens again"], "its words have come back")
        merge = self.env["servicedesk.merge"].search([("source_ids", "in", (other | self.ticket).ids)])
        self.assertRecordValues(merge, [{"state": "undone", "user_id": self.agent.id}])
        self.assertEqual(len(other.item_ids), 1)
        self.assertLessEqual({"merged", "merge_undone"}, set(self.ticket.event_ids.mapped("kind")))

    def test_a_dragged_card_asks(self):
        self.start_tour(URL, "servicedesk_kanban_asks", login="agent")
        self.assertRecordValues(self.ticket, [{"state": "waiting", "waiting_for": "third_party"}])
