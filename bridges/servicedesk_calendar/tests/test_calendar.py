from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.servicedesk.tests.common import ServicedeskCase


@tagged("post_install", "-at_install")
class TestCalendar(ServicedeskCase, HttpCase):
    """Meetings of tickets in Odoo's calendar."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.ticket = self.new_ticket(subject="VPN falls", owner_id=self.agent.id)
        self.url = f"/odoo/tickets/{self.ticket.id}"
        self.Item = self.env["servicedesk.item"].with_user(self.agent)

    def _new_event(self, **vals):
        return self.env["calendar.event"].with_context(no_mail_to_attendees=True).create({
            "name": "Inspection of racks", "start": "2025-11-20 12:00:00", "stop": "2025-11-20 13:30:00",
            "location": "Brno", "user_id": self.agent.id, "partner_ids": [(6, 0, self.agent.partner_id.ids)], **vals})

    def _record(self, event):
        """The agent's record of a meeting that is tied to an event."""
        item = self.Item.browse(self.Item.save_draft(self.ticket.id, "meeting", {
            "started_at": "2025-11-20 12:00:00", "duration": 5400, "participants": "p. Vlk", "text": "Said.",
            "calendar_event_id": event.id}))
        item.action_send()
        return item

    def _show(self, user):
        [entry] = [entry for entry in self.env["servicedesk.timeline"].with_user(user).get_page(
            self.ticket.id)["entries"] if entry.get("kind") == "meeting"]
        return entry.get("event")

    def test_a_new_event_from_the_form(self):
        self.start_tour(self.url, "servicedesk_calendar_add", login="agent")
        item = self.Item.search([("ticket_id", "=", self.ticket.id), ("kind", "=", "meeting")])
        event = item.calendar_event_id
        self.assertRecordValues(event, [{
            "name": f"{self.ticket.number} · VPN falls", "start": item.started_at, "duration": 0.5,
            "location": "Prague", "user_id": self.agent.id}])
        self.assertEqual(event.partner_ids, self.agent.partner_id | self.jana)
        self.assertNotIn("router", event.description or "", "what was said is not the attendees' to read")

    def test_an_event_that_is_there(self):
        event = self._new_event()
        self.start_tour(self.url, "servicedesk_calendar_choose", login="agent")
        item = self.Item.search([("ticket_id", "=", self.ticket.id), ("kind", "=", "meeting")])
        self.assertRecordValues(item, [{
            "state": "done", "calendar_event_id": event.id, "started_at": event.start, "duration": 5400,
            "location": "Brno"}])

    def test_a_private_event_keeps_its_name(self):
        event = self._new_event(name="Wages", privacy="private")
        self._record(event)
        self.assertEqual(self._show(self.agent), {"id": event.id, "name": "Wages"})
        colleague = self._new_agent("colleague", self.support, "specialist")
        self.assertNotIn("Wages", str(self._show(colleague)))

    def test_who_may_not_see_the_event_sees_the_meeting_without_it(self):
        event = self._new_event()
        item = self._record(event)
        self.env["ir.rule"].create({
            "name": "Nobody else's", "model_id": self.env["ir.model"]._get_id("calendar.event"),
            "domain_force": "[('user_id', '=', user.id)]"})
        colleague = self._new_agent("colleague", self.support, "specialist")
        self.assertEqual(self._show(self.agent)["id"], event.id)
        self.assertIsNone(self._show(colleague))
        with self.assertRaises(AccessError):
            self.Item.with_user(colleague).read_calendar_event(event.id)
        Theirs = self.Item.with_user(colleague)
        draft = Theirs.browse(Theirs.save_draft(self.ticket.id, "meeting", {
            "started_at": "2025-11-20 12:00:00", "participants": "p. Vlk", "calendar_event_id": event.id}))
        with self.assertRaises(AccessError):
            draft.action_send()
        event.unlink()
        self.assertFalse(item.calendar_event_id)

    def test_the_event_of_a_form_without_a_time_lasts_an_hour(self):
        context = self.Item.prepare_calendar_event(self.ticket.id, {})
        self.assertEqual((context["default_duration"], context["default_partner_ids"][0][2]),
                         (1, self.agent.partner_id.ids))
        with self.assertRaises(AccessError):
            self.Item.with_user(self.clerk).prepare_calendar_event(self.ticket.id, {})
