from odoo.exceptions import ValidationError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
SUPPORT = "support@severka.example"


class TestAcknowledgement(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("cs_CZ")
        cls.template, cls.czech = cls.env["servicedesk.template"].create([
            {"name": "Got it", "subject": "We have your request {{ticket.number}}",
             "body": "<p>Hello {{contact.name}}, about {{ticket.subject}}.</p>"},
            {"name": "Přijato", "lang": "cs_CZ", "subject": "Přijali jsme {{ticket.number}}",
             "body": "<p>Dobrý den</p>"},
        ])
        cls.support.write({"acknowledge": True, "acknowledgement_ids": [(6, 0, (cls.template | cls.czech).ids)]})

    def acknowledgement(self, message):
        row = self.arrive(message)
        return row.ticket_id.item_ids.filtered("automatic")

    def test_new_request_is_confirmed_once_with_its_number(self):
        message = build_mail(JANA, SUPPORT, "A <b>bold</b> question", Message_Id="<q@x>")
        item = self.acknowledgement(message)
        ticket = item.ticket_id
        self.assertEqual((item.state, item.email_to), ("queued", "jana.novotna@stavbyvltava.example"))
        self.assertEqual(item.body, "<p>Hello Jana Novotná, about A &lt;b&gt;bold&lt;/b&gt; question.</p>")
        self.assertEqual(ticket.state, "open", "it is no answer")
        self.assertEqual(ticket.last_item_direction, "in")
        [(mail, _from, recipients)] = self.send_queued(item)
        self.assertEqual(recipients, ["jana.novotna@stavbyvltava.example"])
        self.assertEqual(mail["Subject"], f"We have your request {ticket.number} [{ticket.number}]")
        self.assertEqual((mail["Auto-Submitted"], mail["In-Reply-To"]), ("auto-replied", "<q@x>"))
        self.arrive(build_mail(JANA, SUPPORT, "Re", "more", In_Reply_To=item.message_id))
        self.assertEqual(len(ticket.item_ids.filtered("automatic")), 1, "a reply is not confirmed")

    def test_language_of_the_contact(self):
        self.jana.lang = "cs_CZ"
        self.assertIn("Přijali jsme", self.acknowledgement(build_mail(JANA, SUPPORT)).subject)

    def test_standard_text_until_there_is_a_template(self):
        self.support.acknowledgement_ids = False
        item = self.acknowledgement(build_mail(JANA, SUPPORT, "A <b>bold</b> question"))
        self.assertIn(item.ticket_id.number, item.subject)
        self.assertIn("A &lt;b&gt;bold&lt;/b&gt; question", item.body)

    def test_robots_get_no_answer(self):
        for headers in ({"Auto_Submitted": "auto-generated"}, {"Auto_Submitted": "auto-replied"},
                        {"Precedence": "bulk"}, {"List_Id": "<news.example>"}, {"X_Autoreply": "yes"},
                        {"Return_Path": "<>"}, {"Authentication_Results": "mx; spf=fail; dkim=none"}):
            self.assertFalse(self.acknowledgement(build_mail(JANA, SUPPORT, str(headers), **headers)), headers)
        self.assertFalse(self.acknowledgement(build_mail(JANA, SUPPORT, "Automatická odpověď: jsem pryč")))
        self.assertFalse(self.acknowledgement(build_mail(JANA, SUPPORT, "You won", X_Spam_Flag="YES")), "spam")

    def test_two_robots_in_disguise_stop_soon(self):
        items = [self.acknowledgement(build_mail(JANA, SUPPORT, f"Hello {n}")) for n in range(8)]
        self.assertEqual(sum(map(len, items)), 5)

    def test_unknown_variable_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ticket.secret"):
            self.template.body = "<p>{{ticket.secret}}</p>"
