from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase
from ..ticket.test_tours import URL


@tagged("post_install", "-at_install")
class TestComposerTours(ServicedeskCase, HttpCase):
    """Writing in a real browser: having a mail back, sending it later, drafts that colleagues take over."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.ticket = self.new_ticket(subject="VPN falls", owner_id=self.agent.id)
        self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "author_partner_id": self.jana.id, "author_name": "Jana Novotná",
            "email_from": "Jana Novotná <jana.novotna@stavbyvltava.example>", "email_to": "support@severka.example",
            "body": "<p>The VPN falls every ten minutes.</p>"})
        self.url = f"{URL}/{self.ticket.id}"

    def _last(self):
        return self.env["servicedesk.item"].search([("ticket_id", "=", self.ticket.id)], order="id desc", limit=1)

    def test_undo(self):
        self.support.undo_seconds = 60
        self.start_tour(self.url, "servicedesk_undo", login="agent")
        draft = self._last()
        self.assertEqual((draft.state, draft.author_user_id), ("draft", self.agent))
        self.assertIn("Please restart the gateway.", draft.body)
        self.assertEqual(self.ticket.state, "open")

    def test_schedule_edit_and_cancel(self):
        self.start_tour(self.url, "servicedesk_schedule", login="agent")
        draft = self._last()
        self.assertEqual((draft.state, draft.send_at), ("draft", False))
        self.assertIn("And a second thought.", draft.body)

    def test_shared_draft_is_taken_over(self):
        self.start_tour(self.url, "servicedesk_share", login="agent")
        colleague = self._new_agent("colleague", self.support, "specialist")
        colleague.password = "colleague"
        self.start_tour(self.url, "servicedesk_take_over", login="colleague")
        draft = self._last()
        self.assertEqual((draft.state, draft.author_user_id, draft.shared), ("draft", colleague, False))

    def _write_templates(self):
        self.env["servicedesk.template"].create([
            {"name": "Hello", "department_id": self.support.id, "shortcut": "hel",
             "body": "<p>Good day {{contact.name}},</p><p>{{agent.signature}}</p>"},
            {"name": "Visit", "department_id": self.support.id, "use": "canned",
             "body": "<p>We come to {{client.name}}. Call us: {{agent.phone}}</p>"},
        ])

    def test_template_variable_picture_and_file(self):
        self._write_templates()
        self.start_tour(self.url, "servicedesk_template", login="agent")
        answer = self._last()
        self.assertEqual(answer.state, "queued")
        self.assertIn("We come to Stavby Vltava a.s.. Call us: ", answer.body)
        self.assertIn("/web/image/", answer.body)
        names = answer.attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        self.assertIn("vpn.log", names)
        self.assertEqual(self.env["servicedesk.template"].search([("use_count", ">", 0)]).name, "Visit")

    def test_shortcut(self):
        self._write_templates()
        self.start_tour(self.url, "servicedesk_shortcut", login="agent")
        self.assertEqual(self._last().body.count("o_sd_signature"), 1)

    def test_save_as_template(self):
        self.agent.servicedesk_membership_ids.level = "supervisor"
        self.start_tour(self.url, "servicedesk_save_as_template", login="agent")
        template = self.env["servicedesk.template"].search([("name", "=", "Falling VPN")])
        self.assertEqual((template.department_id, template.body),
                         (self.support, "<p>The VPN falls every ten minutes.</p>"))

    def test_emoji(self):
        self.support.signature = "<p>Support</p>"
        self.start_tour(self.url, "servicedesk_emoji", login="agent")
        self.assertIn("🚀", self._last().body)
        self.assertNotIn("o-we-hint", self._last().body)

    def test_upload_shows_how_far_it_is(self):
        self.start_tour(self.url, "servicedesk_upload", login="agent")
        answer = self._last()
        self.assertEqual((answer.state, answer.attachment_ids.mapped("name"), answer.attachment_ids.file_size),
                         ("queued", ["vpn.log"], 2000))
