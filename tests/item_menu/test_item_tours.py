from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
MAKER = "servis@vyrobce.example"


@tagged("post_install", "-at_install")
class TestItemTours(ServicedeskCase, HttpCase):
    """What an agent does with an item, in a real browser."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"
        mail = build_mail(JANA, "support@severka.example", "VPN falls", "The VPN falls every ten minutes.")
        mail.add_attachment(b"log", "text", "plain", filename="log.txt")
        mail.add_attachment(b"lamp", "image", "png", filename="lamp.png")
        self.question = self.arrive(mail).item_id
        self.ticket = self.question.ticket_id
        self.ticket.owner_id = self.agent
        self.url = f"/odoo/tickets/{self.ticket.id}"

    def items(self, **values):
        return self.ticket.item_ids.filtered(lambda item: all(item[name] == value for name, value in values.items()))

    def test_discussion_with_a_mention_that_its_user_opens(self):
        colleague = self._new_agent("colleague", self.support, "specialist")
        colleague.password = "colleague"
        self.start_tour(self.url, "servicedesk_discuss", login="agent")
        note = self.items(kind="note")
        self.assertEqual(note.parent_item_id, self.question)
        notice = self.env["servicedesk.notice"].search([("user_id", "=", colleague.id), ("kind", "=", "mention")])
        self.assertEqual(notice.item_id, note)
        self.start_tour(f"{self.url}?item={note.id}", "servicedesk_mentioned", login="colleague")

    def test_split(self):
        self.start_tour(self.url, "servicedesk_split", login="agent")
        self.assertEqual(self.question.ticket_id.subject, "Old gateway")
        self.assertFalse(self.ticket.item_ids)

    def test_forward_and_the_answer_of_the_third_party(self):
        self.start_tour(self.url, "servicedesk_forward", login="agent")
        forward = self.items(direction="out")
        self.assertEqual((forward.email_to, forward.third_party), (MAKER, True))
        self.assertEqual(forward.attachment_ids.mapped("name"), ["log.txt"])
        self.assertEqual((self.ticket.state, self.ticket.waiting_for), ("waiting", "third_party"))
        sent = self.send_queued(forward)[0][0]
        answer = self.arrive(build_mail(MAKER, "support@severka.example", f"Re: {sent['Subject']}", "Change the fuse.",
                                        In_Reply_To=sent["Message-Id"])).item_id
        self.assertEqual((answer.ticket_id, answer.third_party, self.ticket.state), (self.ticket, True, "open"))
        self.assertEqual(self.ticket._get_customer_items(), self.question)

    def test_forward_while_an_answer_is_open(self):
        self.start_tour(self.url, "servicedesk_forward_beside", login="agent")
        draft = self.items(direction="out")
        self.assertEqual((draft.state, draft.third_party), ("draft", False))
        self.assertIn("Half a sentence", draft.body)

    def test_print(self):
        self.question.with_user(self.agent).add_discussion("<p>They never pay</p>")
        self.question.create(self.question._prepare_note_vals(self.ticket, "<p>Old gateway</p>", self.agent))
        self.start_tour(self.url, "servicedesk_print", login="agent")

    def test_note_on_the_client(self):
        self.start_tour(self.url, "servicedesk_client_note", login="agent")
        self.assertIn("Call after nine", str(self.client.servicedesk_note))
