from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
NUMBER = "+420777123456"


@tagged("post_install", "-at_install")
class TestPortalChannels(ServicedeskCase, HttpCase):
    """What customers see of each channel, by the department's switches: a record never has a word of its content."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cz")
        cls.jana.phone = "777 123 456"
        cls.customer = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id, name=cls.jana.name,
                                     email=cls.jana.email)

    def setUp(self):
        super().setUp()
        message = build_mail(JANA, "support@severka.example", "VPN", "MAILWORDS of Jana")
        message.add_attachment(b"MAILFILE", maintype="text", subtype="plain", filename="mailfile.txt")
        self.ticket = self.arrive(message).ticket_id
        self.mail = self.ticket.item_ids
        self.sms = self._say(kind="sms", direction="out", state="delivered", phone_to=f"{NUMBER} (Jana)",
                             sms_text="SMSWORDS", body="<p>SMSWORDS</p>")
        self._say(kind="sms", direction="in", state="received", phone_from=NUMBER, body="<p>SMSANSWER</p>")
        self.call = self._say(kind="call", direction="out", state="done", person_id=self.jana.id, duration=361,
                              phone_number=NUMBER, call_result="reached", body="<p>CALLWORDS</p>")
        self.meeting = self._say(kind="meeting", direction="out", state="done", duration=2100, location="PLACEWORDS",
                                 participant_ids=[(6, 0, (self.jana | self.agent.partner_id).ids)],
                                 participants="OTHERWORDS", body="<p>MEETINGWORDS</p>")
        self.file = self.env["ir.attachment"].create(
            {"name": "callfile.txt", "raw": b"CALLFILE", "res_model": "servicedesk.item", "res_id": self.call.id})
        self._say(kind="note", direction="internal", state="done", body="<p>NOTEWORDS</p>")
        # with others: a supplier's call, a colleague's visit there, an SMS to a stranger, what is not finished
        self._say(kind="call", direction="out", state="done", person_name="Supplier", phone_number="+420602000000",
                  duration=4440, body="<p>SUPPLIERWORDS</p>")
        self._say(kind="meeting", direction="out", state="done", duration=5940, participants="Supplier",
                  participant_ids=[(6, 0, self.agent.partner_id.ids)], body="<p>SUPPLIERMEETING</p>")
        self._say(kind="sms", direction="out", state="sent", phone_to="+420602000000", body="<p>SUPPLIERSMS</p>")
        self._say(kind="call", direction="out", state="draft", person_id=self.jana.id, duration=7140,
                  body="<p>DRAFTWORDS</p>")
        self.authenticate("jana", "jana")

    def _say(self, **vals):
        return self.env["servicedesk.item"].create(
            {"ticket_id": self.ticket.id, "author_user_id": self.agent.id, **vals})

    def _page(self):
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        for never in ("CALLWORDS", "MEETINGWORDS", "PLACEWORDS", "OTHERWORDS", "NOTEWORDS", "SUPPLIERWORDS",
                      "SUPPLIERMEETING", "SUPPLIERSMS", "DRAFTWORDS", "callfile.txt", "74 min", "99 min", "119 min",
                      "Answered", "+420602000000"):
            self.assertNotIn(never, page)
        return page

    def _status(self, attachment):
        return self.url_open(f"/my/requests/{self.ticket.id}/file/{attachment.id}").status_code

    def test_as_it_comes(self):
        page = self._page()
        for shown in ("MAILWORDS", "mailfile.txt", "SMSWORDS", "SMSANSWER"):
            self.assertIn(shown, page)
        self.assertRegex(page, r"Phone call(?s:.{0,120}?)>6\s+min")
        self.assertRegex(page, r"Meeting(?s:.{0,120}?)>35\s+min")
        self.assertEqual(self._status(self.file), 404, "a call's file is its content")
        self.assertEqual(self._status(self.mail.attachment_ids), 200)

    def test_mail_and_sms_as_records(self):
        self.support.write({"portal_email": "record", "portal_sms": "record"})
        page = self._page()
        for hidden in ("MAILWORDS", "mailfile.txt", "SMSWORDS", "SMSANSWER"):
            self.assertNotIn(hidden, page)
        for shown in ("E-mail from you", "SMS to you", "SMS from you"):
            self.assertIn(shown, page)
        self.assertEqual(self._status(self.mail.attachment_ids), 404)
        own = self.env["servicedesk.ticket"].with_user(self.customer)._customer_tickets()
        own._customer_answer("What I wrote here")
        self.assertIn("What I wrote here", self._page(), "the portal's own words are always there")

    def test_calls_and_meetings_not_at_all(self):
        self.support.write({"portal_call": False, "portal_meeting": False})
        page = self._page()
        self.assertNotIn("Phone call", page)
        self.assertNotIn("Meeting", page)
        self.assertNotRegex(page, r"\b(6|35)\s+min")

    def test_a_call_known_by_its_number_alone(self):
        self.call.person_id = False
        self.assertIn("Phone call", self._page())
        self.call.phone_number = "+420602000000"
        self.assertNotIn("Phone call", self.url_open(f"/my/requests/{self.ticket.id}").text)

    def test_the_serializer_itself_has_no_content(self):
        """What never reaches the template cannot leak from it."""
        self.support.write({"portal_email": "record", "portal_sms": "record"})
        ticket = self.env["servicedesk.ticket"].with_user(self.customer)._customer_tickets()
        text = repr(ticket._serialize_for_customer(details=True)["items"])
        for word in ("MAILWORDS", "SMSWORDS", "SMSANSWER", "CALLWORDS", "MEETINGWORDS", "NOTEWORDS", NUMBER, "Agent"):
            self.assertNotIn(word, text)
