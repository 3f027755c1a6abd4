import base64

from odoo.exceptions import UserError
from odoo.tools.safe_eval import safe_eval

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
MAKER = "Servis výrobce <servis@vyrobce.example>"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


class TestForward(ServicedeskCase):
    """The client's words go to somebody outside, the answer comes back, and the client knows of neither."""

    def setUp(self):
        super().setUp()
        mail = build_mail(JANA, "support@severka.example", "Error 809", "The lamp is red.")
        mail.add_attachment(b"log", "text", "plain", filename="log.txt")
        mail.add_attachment(PIXEL, "image", "png", filename="lamp.png")
        self.question = self.arrive(mail).item_id
        self.ticket = self.question.ticket_id

    def files(self, *names):
        return self.question.attachment_ids.filtered(lambda file: file.name in names).ids

    def forward(self, to=MAKER, files=()):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        draft = Item.browse(self.question.with_user(self.agent).prepare_forward(files))
        draft.email_to = to
        draft.action_send()
        return draft.sudo()

    def answer_of(self, sender, forward, **headers):
        sent = self.send_queued(forward)[0][0]
        mail = build_mail(
            sender, "support@severka.example", f"RE: {sent['Subject']}", "A new fuse, 300 CZK.", **headers)
        if "In_Reply_To" not in headers:
            mail["In-Reply-To"] = sent["Message-Id"]
        return self.arrive(mail).item_id

    def portal_items(self):
        return self.ticket._get_customer_items()

    def test_draft_quotes_the_original_and_takes_the_chosen_files_along(self):
        self.question.body = str(self.question.body) + '<p><img src="https://spy.example/1.gif"/></p>'
        forward = self.forward(files=self.files("log.txt"))
        self.assertEqual(forward.subject, f"Fwd: Error 809 [{self.ticket.number}]")
        self.assertEqual(forward.attachment_ids.mapped("name"), ["log.txt"])
        for words in ("Jana Novotná", "jana.novotna@stavbyvltava.example", "Error 809", "The lamp is red."):
            self.assertIn(words, str(forward.body))
        self.assertNotIn("spy.example", str(forward.body))
        self.assertEqual(set(self.question.attachment_ids.mapped("name")), {"log.txt", "lamp.png"})
        message, _from, recipients = self.send_queued(forward)[0]
        self.assertEqual(recipients, ["servis@vyrobce.example"])
        self.assertEqual([part.get_filename() for part in message.iter_attachments()], ["log.txt"])

    def test_it_is_no_answer_to_the_client(self):
        forward = self.forward()
        self.assertEqual((self.ticket.state, forward.third_party), ("open", True))
        self.assertEqual(self.portal_items(), self.question)
        self.assertNotIn("servis@vyrobce.example", self.ticket._get_participants()[self.ticket.id])

    def test_the_answer_comes_back_beside_the_conversation(self):
        forward = self.forward()
        self.ticket.action_wait()
        self.ticket.unread = False
        answer = self.answer_of(MAKER, forward)
        self.assertEqual((answer.ticket_id, answer.parent_item_id, answer.third_party), (self.ticket, forward, True))
        self.assertEqual((self.ticket.state, self.ticket.unread), ("waiting", True))
        self.assertEqual(self.portal_items(), self.question)
        start = answer.with_user(self.agent).prepare_draft(self.ticket.id, "email")
        self.assertIn("jana.novotna@stavbyvltava.example", start["email_to"])
        self.assertNotIn("fuse", start["body"])
        answer.with_user(self.agent).action_release_third_party()
        self.assertFalse(answer.third_party)
        self.assertTrue(forward.third_party)

    def test_who_was_waited_for_wakes_the_ticket(self):
        forward = self.forward()
        self.ticket.with_context(waiting_for="third_party").action_wait()
        self.answer_of(MAKER, forward)
        self.assertEqual(self.ticket.state, "open")

    def test_the_client_answers_a_copy_as_the_client(self):
        forward = self.forward(to=f"{MAKER}, {JANA}")
        self.assertFalse(self.answer_of(JANA, forward).third_party)

    def test_writing_on_to_the_third_party_stays_aside(self):
        answer = self.answer_of(MAKER, self.forward())
        Item = self.env["servicedesk.item"].with_user(self.agent)
        start = Item.prepare_draft(self.ticket.id, "email", reply_to_id=answer.id)
        self.assertIn("servis@vyrobce.example", start["email_to"])
        more = Item.browse(Item.save_draft(self.ticket.id, "email", {**start, "body": "<p>Thanks</p>"}))
        more.action_send()
        self.assertTrue(more.third_party)
        self.assertEqual(self.ticket.state, "open")
        self.assertTrue(self.answer_of(MAKER, more.sudo()).third_party)
        self.assertEqual(self.portal_items(), self.question)

    def test_a_program_without_threading_is_known_by_number_and_address(self):
        answer = self.answer_of(MAKER, self.forward(), In_Reply_To="")
        self.assertEqual((answer.ticket_id, answer.third_party), (self.ticket, True))
        stranger = self.answer_of("x@y.example", self.forward(), In_Reply_To="", Message_Id="<other@y.example>")
        self.assertNotEqual(stranger.ticket_id, self.ticket)

    def test_nothing_internal_is_forwarded(self):
        note = self.question.browse(self.question.with_user(self.agent).add_discussion("<p>They never pay</p>"))
        with self.assertRaises(UserError):
            note.with_user(self.agent).prepare_forward()
        self.assertNotIn("never pay", str(self.forward().body))

    def test_a_forward_has_a_draft_of_its_own_beside_the_answer(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        answer = Item.browse(Item.save_draft(self.ticket.id, "email", {"body": "<p>Half a sentence</p>"}))
        forward = Item.browse(self.question.with_user(self.agent).prepare_forward())
        page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(self.ticket.id)
        self.assertEqual(set(page["drafts"]), {"email", "forward"})
        self.assertEqual([Item.prepare_draft(self.ticket.id, kind)["id"] for kind in ("email", "forward")],
                         [answer.id, forward.id])
        Item.save_draft(self.ticket.id, "forward", {"body": "<p>Please look</p>", "email_to": MAKER})
        Item.prepare_draft(self.ticket.id, "email", reply_to_id=self.question.id)
        self.assertEqual((answer.body, answer.email_to, forward.body, forward.email_to), (
            "<p>Half a sentence</p>", JANA, "<p>Please look</p>", MAKER))
        self.assertEqual([item.action_open_on_ticket()["context"]["servicedesk_compose"] for item in answer | forward],
                         ["email", "forward"])
        mine = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_item_action_drafts")["domain"]
        self.assertEqual(Item.search(safe_eval(mine)), answer | forward)
        with self.assertRaisesRegex(UserError, "forwarding already"):
            self.question.with_user(self.agent).prepare_forward()
        (answer | forward).action_send()
        self.assertEqual(((answer | forward).mapped("state"), (answer | forward).mapped("third_party")),
                         (["queued"] * 2, [False, True]))
        self.send_queued(answer.sudo())
        self.send_queued(forward.sudo())
        self.assertEqual(self.portal_items(), self.question | answer.sudo())

    def test_a_forward_is_taken_back_beside_an_answer(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        forward = self.forward().with_user(self.agent)
        answer = Item.browse(Item.save_draft(self.ticket.id, "email", {"body": "<p>Half a sentence</p>"}))
        forward.action_take_back()
        self.assertEqual([Item.prepare_draft(self.ticket.id, kind)["id"] for kind in ("email", "forward")],
                         [answer.id, forward.id])
        forward.discard_draft()
        again = Item.browse(Item.save_draft(self.ticket.id, "forward", {"body": "<p>Please look</p>"}))
        self.assertEqual((again.kind, again.third_party, again.author_user_id), ("email", True, self.agent))

    def test_an_answer_to_a_third_party_leaves_beside_a_forward(self):
        question = self.answer_of(MAKER, self.forward()).with_user(self.agent)
        self.question.with_user(self.agent).prepare_forward()
        Item = self.env["servicedesk.item"].with_user(self.agent)
        start = Item.prepare_draft(self.ticket.id, "email", reply_to_id=question.id)
        answer = Item.browse(Item.save_draft(self.ticket.id, "email", start | {"body": "<p>Yes, please.</p>"}))
        self.assertFalse(answer.third_party)
        answer.action_send()
        self.assertTrue(answer.third_party)
        self.assertEqual(self.portal_items(), self.question)
