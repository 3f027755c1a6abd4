from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase

URL = "/odoo/tickets"


@tagged("post_install", "-at_install")
class TestChannelTours(ServicedeskCase, HttpCase):
    """SMS, calls and meetings in a real browser, by an agent."""

    def setUp(self):
        super().setUp()
        self.env.company.country_id = self.env.ref("base.cz")
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.jana.phone = "777 123 456"
        self.ticket = self.new_ticket(subject="VPN falls", owner_id=self.agent.id)
        self.url = f"{URL}/{self.ticket.id}"

    def _newest(self, ticket=None):
        return self.env["servicedesk.item"].sudo().search(
            [("ticket_id", "=", (ticket or self.ticket).id), ("kind", "!=", "note")], order="id desc", limit=1)

    def test_call_with_a_timer_that_survives(self):
        self.start_tour(self.url, "servicedesk_call_start", login="agent")
        draft = self._newest()
        self.assertEqual((draft.kind, draft.state, bool(draft.running_since)), ("call", "draft", True))
        self.start_tour(self.url, "servicedesk_call_finish", login="agent")
        self.assertRecordValues(self._newest(), [{
            "id": draft.id, "state": "done", "direction": "in", "call_result": "reached", "person_id": self.jana.id,
            "phone_number": "+420777123456", "running_since": False}])
        self.assertGreater(draft.duration, 0)

    def test_log_a_call_from_anywhere(self):
        self.start_tour("/odoo/contacts", "servicedesk_call_log", login="agent")
        self.assertRecordValues(self._newest(), [{
            "state": "done", "direction": "in", "call_result": "message", "person_id": self.jana.id}])

    def test_log_a_call_of_a_stranger(self):
        self.start_tour("/odoo/contacts", "servicedesk_call_log_new", login="agent")
        ticket = self.env["servicedesk.ticket"].search([("subject", "=", "Wants an offer")])
        self.assertEqual((ticket.department_id, self._newest(ticket).phone_number), (self.support, "602 999 888"))
        self.assertEqual((ticket.contact_phone, ticket.requester), ("+420602999888", "+420602999888"))

    def test_meeting(self):
        self.start_tour(self.url, "servicedesk_meeting", login="agent")
        self.assertRecordValues(self._newest(), [{
            "state": "done", "duration": 2100, "location": "Prague", "participants": "p. Vlk",
            "participant_ids": (self.agent.partner_id | self.jana).ids,
            "date": self._newest().started_at}])
        self.assertEqual(fields.Date.to_date(self._newest().started_at).isoformat(), "2025-11-20")

    def _open_sms(self):
        gateway = self.env["servicedesk.sms.gateway"].create(
            {"name": "Gateway", "provider": "generic", "url": "http://127.0.0.1:9/send"})
        self.support.write({"sms_enabled": True, "sms_gateway_id": gateway.id, "sms_number": "910 000 001"})

    def test_sms_undo(self):
        self._open_sms()
        self.support.undo_seconds = 60
        self.start_tour(self.url, "servicedesk_sms_undo", login="agent")
        self.assertRecordValues(self._newest(), [{
            "state": "draft", "sms_text": "We come at ten.", "phone_to": "+420777123456 (Jana Novotná)",
            "send_at": False, "sms_ids": []}])
        self.assertEqual(self.ticket.state, "open")

    def test_sms_schedule_edit_and_cancel(self):
        self._open_sms()
        self.start_tour(self.url, "servicedesk_sms_schedule", login="agent")
        self.assertRecordValues(self._newest(), [{
            "state": "draft", "sms_text": "We come at ten. Or eleven.", "send_at": False, "sms_ids": []}])

    def test_sms_scheduled_and_sent_now(self):
        self._open_sms()
        self.start_tour(self.url, "servicedesk_sms_now", login="agent")
        sms = self._newest()
        self.assertEqual((sms.state, sms.send_at <= fields.Datetime.now()), ("scheduled", True))
        self.assertEqual(self.env["servicedesk.sms"].search(self.env["servicedesk.sms"]._get_queue_domain()),
                         sms.sms_ids)

    def test_sms_template(self):
        self._open_sms()
        self.env["servicedesk.template"].create([
            {"name": "Hello", "department_id": self.support.id, "shortcut": "hel", "body":
             '<p>Good day <b>{{contact.name}}</b>,</p><p>we come: <a href="https://severka.example">'
             'https://severka.example</a></p>'},
            {"name": "Visit", "department_id": self.support.id, "body": "<p>Call us: {{agent.phone}}</p>"},
        ])
        self.start_tour(self.url, "servicedesk_sms_template", login="agent")
        self.assertRecordValues(self._newest(), [{"state": "queued", "sms_text": (
            "Good day Jana Novotná,\nwe come: https://severka.example\nCall us: 222 333 444")}])

    def test_sms(self):
        self._open_sms()
        self.start_tour(self.url, "servicedesk_sms", login="agent")
        sms = self._newest()
        self.assertRecordValues(sms, [{
            "state": "queued", "phone_to": "+420777123456 (Jana Novotná)", "segment_count": 1,
            "sms_text": "Zitra prijedeme v deset hodin dopoledne, pripravte prosim klice od serverovny."}])
        self.assertEqual(sms.sms_ids.mapped("number"), ["+420777123456"])

    def test_channels_that_are_off_are_not_offered(self):
        self.support.channel_call = False
        self.start_tour(self.url, "servicedesk_no_sms", login="agent")
