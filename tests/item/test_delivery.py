import smtplib

from odoo.exceptions import AccessError, UserError, ValidationError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestDelivery(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.first = self.arrive(build_mail(
            JANA, "support@severka.example, alena.hajkova@stavbyvltava.example", "VPN padá",
            Message_Id="<first@customer>", References="<older@customer>")).item_id
        self.ticket = self.first.ticket_id

    def test_answer_starts_from_the_customers_mail(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        start = Item.prepare_draft(self.ticket.id, "email")
        self.assertEqual((start["id"], start["email_to"], start["email_cc"]), (False, JANA, ""))
        self.assertEqual((start["subject"], start["email_from"]), ("Re: VPN padá", "support@severka.example"))
        self.assertIn("Severka support", start["body"])
        everyone = Item.prepare_draft(self.ticket.id, "email", self.first.id, True)
        self.assertEqual(everyone["email_cc"], "alena.hajkova@stavbyvltava.example")

    def test_answer_leaves_with_right_headers(self):
        item = self.write_answer(self.ticket, self.agent, email_cc="Alena <alena.hajkova@stavbyvltava.example>")
        self.assertEqual((item.state, self.ticket.state, self.ticket.waiting_for), ("queued", "waiting", "customer"))
        [(message, _smtp_from, recipients)] = self.send_queued(item)
        self.assertEqual(item.state, "sent")
        self.assertEqual(sorted(recipients), ["alena.hajkova@stavbyvltava.example",
                                              "jana.novotna@stavbyvltava.example"])
        self.assertIn("support@severka.example", message["From"])
        self.assertIn("support@severka.example", message["Reply-To"])
        self.assertEqual(message["Subject"], f"Re: VPN padá [{self.ticket.number}]")
        self.assertEqual(message["In-Reply-To"], "<first@customer>")
        self.assertEqual(message["References"], "<older@customer> <first@customer>")
        self.assertRegex(message["Message-Id"], rf"^<sd\.{self.ticket.id}\.[0-9a-f]{{24}}@severka\.example>$")
        self.assertEqual(message["Message-Id"], item.message_id)
        self.assertFalse(self.env["mail.mail"].search([("message_id", "=", item.message_id)]), "no second copy stays")

    def test_blind_copy_has_an_envelope_of_its_own(self):
        item = self.write_answer(self.ticket, self.agent, email_bcc="archive@severka.example")
        sent = self.send_queued(item)
        self.assertEqual([recipients for _message, _from, recipients in sent],
                         [["jana.novotna@stavbyvltava.example"], ["archive@severka.example"]])
        self.assertNotIn("archive@severka.example", sent[0][0].as_string())

    def test_what_has_left_is_not_sent_again(self):
        item = self.write_answer(self.ticket, self.agent, email_bcc="archive@severka.example")
        item.write({"state": "failed", "sent_envelopes": "to"})
        item.with_user(self.agent).action_retry()
        self.assertEqual([recipients for _m, _f, recipients in self.send_queued(item)], [["archive@severka.example"]])

    def test_cut_off_item_becomes_unknown_and_is_not_sent(self):
        item = self.write_answer(self.ticket, self.agent)
        item.write({"state": "sending", "claimed_by": 1})
        self.patch(self.env.cr, "commit", lambda: None)
        self.env["servicedesk.item"]._mark_interrupted_unknown(2)
        self.assertEqual(item.state, "sending", "another worker may still be at it")
        self.env["servicedesk.item"]._mark_interrupted_unknown(1)
        self.assertEqual(item.state, "unknown")
        item.with_user(self.agent).action_mark_sent()
        self.assertEqual(item.state, "sent")

    def test_nothing_incomplete_is_sent(self):
        for values, text in (({"body": "<p><br></p>"}, "nothing to send"), ({"email_to": ""}, "Whom"),
                             ({"email_to": "jana@"}, "not an e-mail")):
            with self.assertRaisesRegex(UserError, text):
                self.write_answer(self.ticket, self.agent, **values)
        draft = self.env["servicedesk.item"].with_user(self.agent).search(
            [("ticket_id", "=", self.ticket.id), ("state", "=", "draft")])
        self.assertTrue(draft, "what was typed stays")

    def test_note_never_leaves_the_house(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        note = Item.browse(Item.save_draft(self.ticket.id, "note", {"body": "<p>Bad payer</p>"}))
        note.action_send()
        self.assertEqual((note.state, note.direction), ("done", "internal"))
        self.assertEqual(self.ticket.state, "open")
        self.assertFalse(self.env["mail.mail"].search([("body_html", "ilike", "Bad payer")]))
        self.assertFalse(self.env["mail.message"].search([("body", "ilike", "Bad payer")]))

    def test_agents_cannot_forge_or_change_what_was_said(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        own = {"ticket_id": self.ticket.id, "kind": "email", "body": "<p>I accept</p>"}
        for vals in ({"direction": "in"}, {"state": "received"}, {"author_user_id": self.junior.id}):
            with self.assertRaises(UserError):
                Item.create(own | vals)
        forged = Item.create(own)
        self.assertEqual((forged.direction, forged.state, forged.author_user_id), ("out", "draft", self.agent))
        with self.assertRaises(UserError):
            self.first.with_user(self.agent).body = "<p>Changed</p>"
        with self.assertRaises(AccessError):
            forged.with_user(self.agent).state = "sent"
        with self.assertRaises(AccessError):
            self.first.with_user(self.agent).unlink()

    def test_draft_is_its_authors_alone(self):
        Item = self.env["servicedesk.item"]
        draft = Item.browse(Item.with_user(self.agent).save_draft(self.ticket.id, "email", {"body": "<p>Hm</p>"}))
        self.assertFalse(Item.with_user(self.junior).search([("id", "=", draft.id)]))
        with self.assertRaises(AccessError):
            draft.with_user(self.junior).read(["body"])
        with self.assertRaises(AccessError):
            draft.with_user(self.junior).action_send()

    def test_a_person_typed_with_a_name_becomes_a_contact(self):
        self.write_answer(self.ticket, self.agent, email_to="vlk@stavbyvltava.example (Tomáš Vlk), info@x.example")
        vlk = self.env["res.partner"].search([("email_normalized", "=", "vlk@stavbyvltava.example")])
        self.assertEqual((vlk.name, vlk.parent_id), ("Tomáš Vlk", self.client))
        self.assertFalse(self.env["res.partner"].search([("email_normalized", "=", "info@x.example")]))
        stray = self.env["servicedesk.ticket"].create({"subject": "No client", "department_id": self.support.id})
        self.write_answer(stray, self.agent, email_to="eva@nobody.example (Eva)")
        self.assertEqual((stray.contact_name, stray.contact_email), ("Eva", "eva@nobody.example"))
        self.assertFalse(stray.partner_id)

    def test_third_party_counts_once_released(self):
        answer = self.write_answer(self.ticket, self.agent)
        item = self.arrive(build_mail("eve@elsewhere.example", "support@severka.example", "x",
                                      In_Reply_To=answer.message_id)).item_id
        self.assertEqual((item.third_party, self.ticket.state), (True, "waiting"))
        item.with_user(self.agent).action_release_third_party()
        self.assertEqual((item.third_party, self.ticket.state), (False, "open"))
        row = self.arrive(build_mail("eve@elsewhere.example", "support@severka.example", "again",
                                     In_Reply_To=answer.message_id))
        self.assertFalse(row.item_id.third_party)

    def test_pasted_picture_travels_in_the_mail_and_no_token_leaves(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        draft = Item.browse(Item.save_draft(self.ticket.id, "email", {"email_to": JANA}))
        picture = self.env["ir.attachment"].create({
            "name": "screen.png", "raw": b"\x89PNG picture", "mimetype": "image/png", "res_model": draft._name,
            "res_id": draft.id})
        foreign = self.env["ir.attachment"].create({"name": "secret.png", "raw": b"\x89PNG secret"})
        picture.generate_access_token()
        token = picture.access_token
        draft.body = (f'<p>Look: <img src="/web/image/{picture.id}-abc/screen.png?access_token={token}">'
                      f'<img src="/web/image/{foreign.id}"></p>')
        draft.action_send()
        self.assertNotIn(token, draft.body)
        self.assertFalse(picture.access_token)
        [(message, _from, _to)] = self.send_queued(draft.sudo())
        self.assertNotIn(token, message.as_string())
        self.assertIn(f'src="cid:sd-{picture.id}"', message.get_body(("html",)).get_content())
        parts = [part for part in message.walk() if part.get_content_type() == "image/png"]
        self.assertEqual([part["Content-ID"] for part in parts], [f"<sd-{picture.id}>"])
        self.assertEqual(parts[0].get_payload(decode=True), b"\x89PNG picture")

    def test_files_of_what_was_said_stay(self):
        message = build_mail(JANA, "support@severka.example", "With a file")
        message.add_attachment(b"proof", "text", "plain", filename="proof.txt")
        file = self.arrive(message).item_id.attachment_ids.with_user(self.agent)
        item = file.env["servicedesk.item"].browse(file.res_id)
        for change in (file.unlink, lambda: file.write({"name": "x"}), lambda: file.create(
                {"name": "forged.txt", "raw": b"x", "res_model": item._name, "res_id": item.id})):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()
        self.assertEqual(item.attachment_ids.mapped("name"), ["proof.txt"])
        draft = item.browse(item.save_draft(item.ticket_id.id, "email", {"body": "<p>x</p>"}))
        own = file.create({"name": "own.txt", "raw": b"x", "res_model": item._name, "res_id": draft.id})
        own.unlink()

    def test_what_the_system_keeps_is_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).number = "SD-1"
        other = self.new_ticket()
        with self.assertRaises(ValidationError):
            self.env["servicedesk.item"].with_user(self.agent).save_draft(
                other.id, "email", {"parent_item_id": self.first.id})

    def test_failed_mail_can_be_mended(self):
        item = self.write_answer(self.ticket, self.agent, email_to="jana@stavbyvlatva.example")
        item.write({"state": "failed", "failure_reason": "no such domain"})
        second = self._new_agent("second", self.support, "specialist")
        item.with_user(second).action_edit()
        self.assertEqual((item.state, item.author_user_id), ("draft", second))
        with self.assertRaises(UserError):
            item.with_user(second).action_edit()
        Item = self.env["servicedesk.item"].with_user(second)
        self.assertEqual(Item.prepare_draft(self.ticket.id, "email")["id"], item.id)
        Item.save_draft(self.ticket.id, "email", {"email_to": JANA})
        item.with_user(second).action_send()
        [(_message, _from, recipients)] = self.send_queued(item)
        self.assertEqual(recipients, ["jana.novotna@stavbyvltava.example"])
        item.write({"state": "failed", "sent_envelopes": "to"})
        with self.assertRaisesRegex(UserError, "reached nobody"):
            item.with_user(second).action_edit()

    def test_server_that_breaks_off_leaves_it_open_whether_the_mail_left(self):
        item = self.write_answer(self.ticket, self.agent)

        def break_off(*args, **kwargs):
            raise smtplib.SMTPServerDisconnected("gone")

        with self.assertLogs("odoo.addons.servicedesk.models.item.delivery", "WARNING"), \
                self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self.send_queued(item, break_off)
        self.assertEqual(item.state, "unknown")
        self.assertIn("may have left", item.failure_reason)

    def test_a_customers_file_shown_in_an_answer_stays_in_the_list(self):
        message = build_mail(JANA, "support@severka.example", "Picture")
        message.add_attachment(b"\x89PNG", "image", "png", filename="error.png")
        theirs = self.arrive(message).item_id.attachment_ids
        ticket = self.env["servicedesk.item"].browse(theirs.res_id).ticket_id
        self.write_answer(ticket, self.agent, f'<p>This: <img src="/web/image/{theirs.id}"></p>')
        self.assertFalse(theirs.description)
