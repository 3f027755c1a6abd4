from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestRequesterMessage(ServicedeskCase):
    """AUT-01: who asked is told what happens, where the department wants it; machines never are."""

    def switch_on(self, *events, **vals):
        return self.env["servicedesk.requester.message"].create(
            [{"department_id": self.support.id, "event": event, **vals} for event in events])

    def told(self, ticket):
        return [item.body for item in ticket.item_ids.sorted("id") if item.automatic and item.direction == "out"]

    def test_each_step_is_told_once(self):
        self.switch_on("started", "third_party", "resolved", "closed")
        ticket = self.arrive(build_mail(JANA, "support@severka.example")).ticket_id.with_user(self.agent)
        ticket.action_take()
        ticket.with_context(waiting_for="third_party").action_wait()
        ticket.action_reopen()
        ticket.action_close()
        bodies = self.told(ticket.sudo())
        self.assertEqual(len(bodies), 3)
        for body, words in zip(bodies, ("now working on", "from a supplier", "have closed"), strict=True):
            self.assertIn(words, body)

    def test_nothing_unless_switched_on(self):
        ticket = self.arrive(build_mail(JANA, "support@severka.example")).ticket_id
        ticket.with_user(self.agent).action_take()
        self.assertFalse(self.told(ticket))

    def test_in_the_requesters_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.jana.lang = "cs_CZ"
        czech, other = self.env["servicedesk.template"].create([
            {"name": "cs", "lang": "cs_CZ", "body": "<p>Pustili jsme se do toho.</p>"},
            {"name": "any", "body": "<p>We are on it.</p>"}])
        self.switch_on("started", template_ids=[(6, 0, (czech | other).ids)])
        ticket = self.arrive(build_mail(JANA, "support@severka.example")).ticket_id
        ticket.with_user(self.agent).action_take()
        self.assertIn("Pustili", self.told(ticket)[0])

    def test_a_language_that_is_not_installed_keeps_no_mail_from_being_filed(self):
        self.support.acknowledge = True
        self.switch_on("started")
        self.env.cr.execute("UPDATE res_partner SET lang = 'xx_XX' WHERE id = %s", [self.jana.id])
        self.env.invalidate_all()
        row = self.arrive(build_mail(JANA, "support@severka.example"))
        self.assertEqual(row.state, "done", row.reason)
        row.ticket_id.with_user(self.agent).action_take()
        self.assertEqual(len(self.told(row.ticket_id)), 2)

    def test_robots_are_told_nothing(self):
        self.switch_on("started", "closed")
        for sender, headers in ((JANA, {"Precedence": "bulk"}), (JANA, {"Auto_Submitted": "auto-generated"}),
                                ("no-reply@shop.example", {})):
            with self.subTest(sender=sender, headers=headers):
                ticket = self.arrive(build_mail(sender, "support@severka.example", str(headers), **headers)).ticket_id
                ticket.with_user(self.agent).action_take()
                ticket.with_user(self.agent).action_close()
                self.assertFalse(self.told(ticket))

    def test_capped_like_acknowledgements(self):
        self.switch_on("closed")
        for number in range(8):
            ticket = self.arrive(build_mail(JANA, "support@severka.example", f"Matter {'x' * number}")).ticket_id
            ticket.action_close()
        sent = self.env["servicedesk.item"].search_count([("automatic", "=", True), ("direction", "=", "out")])
        self.assertEqual(sent, 5)

    def test_hidden_from_the_portal_no_less_than_other_automatic_mail(self):
        self.switch_on("started")
        ticket = self.arrive(build_mail(JANA, "support@severka.example")).ticket_id
        ticket.with_user(self.agent).action_take()
        self.assertEqual(len(ticket._get_customer_items()), 1)
