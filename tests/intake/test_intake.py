from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
SUPPORT = "support@severka.example"


class TestIntake(ServicedeskCase):
    def test_new_mail_becomes_a_ticket_of_its_client(self):
        message = build_mail(JANA, SUPPORT, "VPN padá", "Od rána nám padá VPN.\n\n> starší text")
        message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="protokol žádost.pdf")
        row = self.arrive(message)
        self.assertEqual((row.state, row.outcome), ("done", "new"))
        ticket, item = row.ticket_id, row.item_id
        self.assertRegex(ticket.number, r"^SD-\d{5}$")
        self.assertEqual((ticket.subject, ticket.state, ticket.department_id), ("VPN padá", "open", self.support))
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.client, self.jana))
        self.assertTrue(ticket.unread)
        self.assertEqual(ticket.last_item_preview, "Od rána nám padá VPN.")
        self.assertEqual((item.kind, item.direction, item.state), ("email", "in", "received"))
        self.assertIn("starší text", item.body, "quoted history is kept")
        self.assertEqual(item.attachment_ids.name, "protokol žádost.pdf")
        self.assertEqual(item.attachment_ids.raw, b"%PDF-1.4")
        self.assertEqual(row._get_raw(), message.as_bytes())

    def test_the_original_is_shown_by_the_form(self):
        row = self.arrive(build_mail(JANA, SUPPORT, "VPN", "It falls."))
        [shown] = row.with_context(bin_size=True).web_read({"raw_text": {}})
        self.assertIn("Subject: VPN", shown["raw_text"])

    def test_stranger_of_a_known_company_domain(self):
        row = self.arrive(build_mail("novy@stavbyvltava.example", SUPPORT))
        self.assertEqual(row.ticket_id.partner_id, self.client)
        self.assertFalse(row.ticket_id.contact_id)
        self.assertEqual(row.ticket_id.contact_email, "novy@stavbyvltava.example")

    def test_clients_of_another_company_are_not_ours(self):
        other = self.env["res.company"].create({"name": "Other"})
        (self.client | self.jana).company_id = other
        self.assertFalse(self.arrive(build_mail(JANA, SUPPORT)).ticket_id.partner_id)

    def test_freemail_domain_is_nobodys_company(self):
        self.env["res.partner"].create({"name": "Malá firma", "is_company": True, "email": "mala.firma@gmail.com"})
        row = self.arrive(build_mail("nekdo.jiny@gmail.com", SUPPORT))
        self.assertFalse(row.ticket_id.partner_id)

    def test_the_same_mail_again_is_known(self):
        message = build_mail(JANA, SUPPORT, Message_Id="<one@x>")
        first = self.arrive(message)
        again = self.arrive(message)
        self.assertEqual((again.state, again.outcome), ("done", "duplicate"))
        self.assertEqual(again.item_id, first.item_id)
        other = self.arrive(build_mail(JANA, SUPPORT, text="Something else", Message_Id="<one@x>"))
        self.assertEqual(other.outcome, "new", "the same Message-Id with another body is another mail")

    def test_one_mail_to_two_departments_is_filed_in_both(self):
        message = build_mail(JANA, f"{SUPPORT}, billing@severka.example")
        self.arrive(message, self.support)
        row = self.arrive(message, self.billing)
        self.assertEqual(row.outcome, "new")
        self.assertEqual(row.ticket_id.department_id, self.billing)

    def test_own_mail_opens_nothing(self):
        row = self.arrive(build_mail(SUPPORT, SUPPORT))
        self.assertEqual((row.state, row.outcome), ("refused", "own"))
        self.assertFalse(row.item_id)

    def test_failure_stays_in_the_ledger_with_its_reason(self):
        def fail(*args, **kwargs):
            raise ValueError("no such thing")

        self.patch(self.env.registry["servicedesk.intake"], "_create_item", fail)
        row = self.env["servicedesk.intake"]._store(build_mail(JANA, SUPPORT, "Broken").as_bytes(), self.support)
        with self.assertLogs("odoo.addons.servicedesk.models.queue.queue", "WARNING"):
            self.run_job("cron_intake_1")
        self.assertEqual((row.state, row.attempts, row.reason), ("new", 1, "no such thing"))
        self.assertTrue(row.next_attempt_at)
        self.assertIn("ValueError", row.traceback)
        self.assertFalse(self.env["servicedesk.ticket"].search([("subject", "=", "Broken")]), "nothing half-made")

    def test_gateway_hands_over_what_a_department_is_addressed_in(self):
        raw = build_mail(JANA, SUPPORT, "Through the gateway").as_string()
        self.env["mail.thread"].message_process("res.partner", raw)
        row = self.env["servicedesk.intake"].search([("subject", "=", "Through the gateway")])
        self.assertEqual((row.state, row.department_id), ("new", self.support))
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Through the gateway")]))

    def test_alias_is_an_address_of_the_department(self):
        domain = self.env["mail.alias.domain"].create({"name": "desk.example"})
        self.env.company.alias_domain_id = domain
        self.billing.write({"alias_name": "invoices", "alias_domain_id": domain.id})
        self.env["mail.thread"].message_process(False, build_mail(JANA, "invoices@desk.example", "Alias").as_string())
        row = self.env["servicedesk.intake"].search([("subject", "=", "Alias")])
        self.assertEqual(row.department_id, self.billing)

    def test_a_strangers_page_cannot_run_as_ours(self):
        message = build_mail(JANA, SUPPORT)
        for subtype in ("html", "xml"):
            message.add_attachment(b"<script>alert(1)</script>", "text", subtype, filename=f"page.{subtype}")
        message.add_attachment(b"<svg/>", "image", "svg+xml", filename="picture.svg")
        types = set(self.arrive(message).item_id.attachment_ids.mapped("mimetype"))
        self.assertEqual(types, {"text/plain"})

    def test_inline_picture_is_shown_from_the_item(self):
        message = build_mail(JANA, SUPPORT)
        message.add_alternative('<p>Look <img src="cid:pic1"></p>', subtype="html")
        message.get_payload()[1].add_related(b"\x89PNG", "image", "png", cid="<pic1>", filename="a.png")
        item = self.arrive(message).item_id
        attachment = item.attachment_ids
        self.assertIn(f"/web/image/{attachment.id}", item.body)
        self.assertEqual((attachment.res_model, attachment.res_id), ("servicedesk.item", item.id))


class TestThreading(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.first = self.arrive(build_mail(JANA, SUPPORT, "VPN", Message_Id="<first@customer>")).item_id
        self.ticket = self.first.ticket_id
        self.answer = self.write_answer(self.ticket, self.agent)

    def test_reply_by_our_message_id_reopens(self):
        self.assertEqual(self.ticket.state, "waiting")
        row = self.arrive(build_mail(JANA, SUPPORT, "AW: something else", In_Reply_To=self.answer.message_id))
        self.assertEqual((row.outcome, row.ticket_id, row.item_id.parent_item_id),
                         ("reply", self.ticket, self.answer))
        self.assertEqual(row.item_id.thread_reason, "in-reply-to")
        self.assertEqual(self.ticket.state, "open")
        self.assertTrue(self.ticket.unread)

    def test_reply_with_references_only(self):
        row = self.arrive(build_mail(JANA, SUPPORT, "Re", In_Reply_To="<rewritten@outlook>",
                                     References=f"<first@customer> {self.answer.message_id} <rewritten@outlook>"))
        self.assertEqual((row.ticket_id, row.item_id.parent_item_id), (self.ticket, self.answer))

    def test_reply_waits_for_the_mail_that_it_answers(self):
        store = self.env["servicedesk.intake"]._store
        first = store(build_mail(JANA, SUPPORT, "Two at once", Message_Id="<a@customer>").as_bytes(), self.support)
        second = store(build_mail(JANA, SUPPORT, "Re", "more", In_Reply_To="<a@customer>").as_bytes(), self.support)
        second._process()  # the other worker still has the first one
        self.assertEqual((second.state, second.attempts), ("new", 1))
        first._process()
        second._process()
        self.assertEqual(second.ticket_id, first.ticket_id)

    def test_number_in_subject_of_a_participant(self):
        row = self.arrive(build_mail(JANA, SUPPORT, f"FW: {self.ticket.number.lower()} again"))
        self.assertEqual((row.outcome, row.ticket_id), ("reply", self.ticket))

    def test_number_in_subject_of_a_stranger_opens_a_new_ticket(self):
        row = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, f"Re: [{self.ticket.number}]"))
        self.assertEqual(row.outcome, "new")
        self.assertNotEqual(row.ticket_id, self.ticket)
        self.assertEqual(row.item_id.thread_reason, f"stranger:{self.ticket.number}")

    def test_forwarded_thread_of_a_stranger_is_third_party(self):
        row = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, "x", In_Reply_To=self.answer.message_id))
        self.assertEqual(row.ticket_id, self.ticket)
        self.assertTrue(row.item_id.third_party)
        self.assertEqual(self.ticket.state, "waiting", "it does not reopen")
        self.assertEqual(self.ticket.contact_id, self.jana)
        eve = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, f"[{self.ticket.number}]", "two"))
        self.assertEqual(eve.outcome, "new", "an unreleased third party has no part in the ticket")

    def test_colleague_of_the_client_belongs_to_the_ticket_and_does_not_change_it(self):
        row = self.arrive(build_mail("Alena <alena.hajkova@stavbyvltava.example>", SUPPORT,
                                     f"Re: [{self.ticket.number}]"))
        self.assertEqual(row.ticket_id, self.ticket)
        self.assertFalse(row.item_id.third_party)
        self.assertEqual((self.ticket.contact_id, self.ticket.partner_id), (self.jana, self.client))
        self.assertEqual(row.item_id.author_partner_id, self.alena)

    def test_answer_to_an_archived_ticket_opens_a_new_one(self):
        self.ticket.action_close()
        self.ticket.action_archive_ticket()
        row = self.arrive(build_mail(JANA, SUPPORT, "Re", In_Reply_To=self.answer.message_id))
        self.assertEqual(row.outcome, "new")
        self.assertNotEqual(row.ticket_id, self.ticket)
        self.assertEqual((self.ticket.state, row.item_id.thread_reason),
                         ("archived", f"archived:{self.ticket.number}"))

    def test_other_company_is_never_joined(self):
        other = self.env["res.company"].create({"name": "Other"})
        department = self.env["servicedesk.department"].create(
            {"name": "Other", "email": "desk@other.example", "company_id": other.id})
        row = self.arrive(build_mail(JANA, "desk@other.example", "x", In_Reply_To=self.answer.message_id), department)
        self.assertEqual(row.ticket_id.company_id, other)
        self.assertNotEqual(row.ticket_id, self.ticket)
