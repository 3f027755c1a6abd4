from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase

URL = "/odoo/tickets"


@tagged("post_install", "-at_install")
class TestTours(ServicedeskCase, HttpCase):
    """An agent's day in a real browser, by one who has no rights but those of an agent."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.ticket = self.new_ticket(subject="VPN falls", owner_id=self.agent.id)
        self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "author_partner_id": self.jana.id, "author_name": "Jana Novotná",
            "email_from": "Jana Novotná <jana.novotna@stavbyvltava.example>", "email_to": "support@severka.example",
            "body": "<p>The VPN falls every ten minutes.</p><blockquote><p>Is it better now?</p></blockquote>"})
        self.assertTrue(self.ticket.unread)

    def _items(self):
        return self.env["servicedesk.item"].search([("ticket_id", "=", self.ticket.id)], order="id").sudo()

    def test_reply(self):
        self.start_tour(URL, "servicedesk_reply", login="agent")
        answer = self._items()[-1]
        self.assertEqual((answer.state, answer.author_user_id, answer.email_to),
                         ("queued", self.agent, "Jana Novotná <jana.novotna@stavbyvltava.example>"))
        self.assertIn("Severka support", answer.body)
        self.assertRecordValues(self.ticket, [{"state": "waiting", "unread": False}])

    def test_note(self):
        self.start_tour(URL, "servicedesk_note", login="agent")
        note = self._items()[-1]
        self.assertEqual((note.kind, note.direction, note.state), ("note", "internal", "done"))
        self.assertFalse(note.email_to)
        self.assertEqual(self.ticket.state, "open")

    def test_draft_survives_another_browser(self):
        self.start_tour(URL, "servicedesk_draft_write", login="agent")
        draft = self._items().with_user(self.agent)[-1]
        self.assertEqual(draft.state, "draft")
        self.start_tour(f"{URL}/{self.ticket.id}", "servicedesk_draft_again", login="agent")
        self.assertFalse(draft.exists())
