from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from ..common import ServicedeskCase


class TestCall(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cz")
        cls.jana.phone = "777 123 456"
        cls.ticket = cls.new_ticket(cls, owner_id=cls.agent.id)
        cls.Item = cls.env["servicedesk.item"].with_user(cls.agent)

    def save_call(self, user=None, **values):
        Item = self.Item.with_user(user or self.agent)
        start = Item.prepare_draft(self.ticket.id, "call")
        call = Item.browse(Item.save_draft(self.ticket.id, "call", start | {
            "person_id": start["person"]["id"] if start["person"] else False, "call_result": "reached"} | values))
        call.action_send()
        return call

    def test_record_of_a_call(self):
        start = self.Item.prepare_draft(self.ticket.id, "call")
        self.assertEqual((start["phone_number"], start["person"]["id"], start["id"]),
                         (self.jana.phone, self.jana.id, False))
        call = self.save_call(duration=277, text="Účtárna jede.\n\nNotebook ověří <b>sama</b>.")
        self.assertRecordValues(call, [{
            "state": "done", "direction": "out", "phone_number": "+420777123456", "duration": 277,
            "person_id": self.jana.id, "author_user_id": self.agent.id, "running_since": False}])
        self.assertEqual(call.body, "<p>Účtárna jede.</p><p>Notebook ověří &lt;b&gt;sama&lt;/b&gt;.</p>")
        self.assertAlmostEqual(call.started_at, fields.Datetime.now() - timedelta(seconds=277),
                               delta=timedelta(seconds=5))
        self.assertEqual((self.ticket.last_item_kind, self.ticket.last_item_direction), ("call", "out"))
        [entry] = [entry for entry in self.env["servicedesk.timeline"].with_user(self.agent).get_page(
            self.ticket.id)["entries"] if entry["type"] == "item"]
        self.assertEqual(
            {name: entry["conversation"][name] for name in ("number", "result_name", "duration", "person")},
            {"number": "+420 777 123 456", "result_name": "Answered", "duration": 277, "person": "Jana Novotná"})

    def test_draft_comes_back_as_it_was(self):
        values = {"direction": "in", "phone_number": "777 123 456", "text": "a\nb\n\n> quoted\n> too\n\nc",
                  "started_at": "2026-11-20 10:00:00", "running_since": "2026-11-20 10:00:05", "duration": 5}
        self.Item.save_draft(self.ticket.id, "call", values)
        again = self.Item.prepare_draft(self.ticket.id, "call")
        self.assertEqual({name: again[name] for name in values}, values)

    def test_a_running_timer_ends_with_the_record(self):
        since = fields.Datetime.now() - timedelta(minutes=3)
        call = self.save_call(running_since=str(since), started_at=str(since), duration=60)
        self.assertAlmostEqual(call.duration, 240, delta=5)
        self.assertEqual(call.date, since)
        forgotten = self.save_call(running_since="2020-01-01 10:00:00")
        self.assertEqual(forgotten.duration, 24 * 3600)

    def test_incoming_call_of_a_colleague_is_news_to_the_owner(self):
        self.ticket.unread = False
        self.save_call(direction="in")
        self.assertFalse(self.ticket.unread, "one's own record is no news")
        boss = self._new_agent("boss", self.support, "specialist")
        self.save_call(user=boss, direction="in", text="She waits")
        self.assertRecordValues(self.ticket, [{
            "unread": True, "last_item_direction": "in", "last_item_preview": "She waits"}])

    def test_without_words_the_preview_says_what_it_was(self):
        self.assertEqual(self.save_call(call_result="missed").preview, "Outgoing call, Jana Novotná, No answer")

    def test_a_call_recorded_late_is_not_the_newest_word(self):
        self.save_call(text="newer")
        late = self.save_call(text="older", started_at=str(fields.Datetime.now() - timedelta(hours=3)))
        self.assertEqual(self.ticket.last_item_preview, "newer")
        self.assertLess(late.date, self.ticket.last_item_at)

    def test_what_is_refused(self):
        with self.assertRaisesRegex(UserError, "result"):
            self.save_call(call_result=False)
        self.Item._find_own_draft(self.ticket, "call").discard_draft()
        with self.assertRaisesRegex(UserError, "future"):
            self.save_call(started_at=str(fields.Datetime.now() + timedelta(hours=1)))
        self.Item._find_own_draft(self.ticket, "call").discard_draft()
        with self.assertRaises(UserError):
            self.save_call(direction="internal")
        with self.assertRaises(UserError):
            self.save_call(duration=-5)
        with self.assertRaises(AccessError):
            self.save_call(user=self.clerk)
        saved = self.save_call()
        with self.assertRaises(UserError):
            saved.write({"duration": 1})
        with self.assertRaises(AccessError):  # the direction of a mail is the server's
            self.Item.browse(self.Item.save_draft(self.ticket.id, "email", {"body": "x"})).write({"direction": "in"})

    def test_switched_off_it_cannot_be_chosen(self):
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)
        self.assertEqual(Timeline.get_page(self.ticket.id)["channels"]["kinds"], ["email", "call", "meeting", "note"])
        self.support.channel_call = False
        self.assertEqual(Timeline.get_page(self.ticket.id)["channels"]["kinds"], ["email", "meeting", "note"])
        with self.assertRaisesRegex(UserError, "switched off"):
            self.save_call()


class TestCallLog(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cz")
        cls.jana.phone = "777 123 456"
        cls.ticket = cls.new_ticket(cls)
        cls.Log = cls.env["servicedesk.call.log"].with_user(cls.agent)

    def test_a_number_finds_client_and_tickets(self):
        hidden = self.new_ticket(department_id=self.billing.id)
        company = self.new_ticket(contact_id=self.alena.id, subject="Printer")
        closed = self.new_ticket(subject="Old")
        closed.action_close()
        found = self.Log.find("00420 777-123-456")
        self.assertEqual(found["number"], "+420 777 123 456")
        self.assertEqual(found["people"], [{"id": self.jana.id, "name": "Jana Novotná", "company": self.client.name}])
        self.assertEqual({ticket["id"] for ticket in found["tickets"]}, {self.ticket.id, company.id})
        self.assertNotIn(hidden.id, [ticket["id"] for ticket in found["tickets"]])
        (self.ticket | company).action_close()
        self.assertIn(closed.id, [ticket["id"] for ticket in self.Log.find("777123456")["tickets"]])
        self.assertEqual(self.Log.find("12")["tickets"], [])

    def test_a_stranger_who_called_before_is_found(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        call = Item.browse(Item.save_draft(self.ticket.id, "call", {
            "phone_number": "602 111 222", "person_name": "Neighbour", "call_result": "reached"}))
        call.action_send()
        self.assertEqual([ticket["id"] for ticket in self.Log.find("602111222")["tickets"]], [self.ticket.id])

    def test_start_on_a_ticket_and_on_a_new_one(self):
        self.assertEqual(self.Log.start("777123456", "in", self.ticket.id, self.jana.id), self.ticket.id)
        draft = self.env["servicedesk.item"].with_user(self.agent).prepare_draft(self.ticket.id, "call")
        self.assertEqual((draft["direction"], draft["phone_number"], draft["person"]["id"]),
                         ("in", "777123456", self.jana.id))
        new = self.env["servicedesk.ticket"].browse(
            self.Log.start("777123456", "out", False, self.jana.id, "Phone call: Jana"))
        self.assertRecordValues(new, [{
            "subject": "Phone call: Jana", "contact_id": self.jana.id, "partner_id": self.client.id,
            "department_id": self.support.id}])
        with self.assertRaises(UserError):
            self.Log.start("777123456")

    def test_only_agents_and_only_their_tickets(self):
        employee = new_test_user(self.env, "employee", "base.group_user")
        customer = new_test_user(self.env, "customer", "base.group_portal")
        for user in (employee, customer):
            with self.assertRaises(AccessError):
                self.Log.with_user(user).find("777123456")
            with self.assertRaises(AccessError):
                self.Log.with_user(user).start("777123456", subject="x")
        with self.assertRaises(AccessError):
            self.Log.with_user(self.clerk).start("777123456", "in", self.ticket.id)


class TestMeeting(ServicedeskCase):
    def test_record_of_a_meeting(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        Item = self.env["servicedesk.item"].with_user(self.agent)
        start = Item.prepare_draft(ticket.id, "meeting")
        self.assertEqual(start["participant_ids"], (self.agent.partner_id | self.jana).ids)
        values = {"started_at": "2026-11-20 12:00:00", "duration": 2100, "location": "Praha", "text": "Agreed",
                  "participant_ids": (self.agent.partner_id | self.alena).ids, "participants": "p. Vlk"}
        meeting = Item.browse(Item.save_draft(ticket.id, "meeting", values))
        again = Item.prepare_draft(ticket.id, "meeting")
        self.assertEqual({name: again[name] for name in values}, values)
        meeting.action_send()
        self.assertRecordValues(meeting, [{
            "state": "done", "date": fields.Datetime.to_datetime("2026-11-20 12:00:00"), "location": "Praha"}])
        [entry] = [entry for entry in self.env["servicedesk.timeline"].with_user(self.agent).get_page(
            ticket.id)["entries"] if entry["type"] == "item"]
        self.assertEqual(set(entry["conversation"]["participants"]), {"Agent", "Alena Hájková", "p. Vlk"})
        self.assertEqual(entry["conversation"]["duration"], 2100)

    def test_what_is_refused(self):
        ticket = self.new_ticket()
        Item = self.env["servicedesk.item"].with_user(self.agent)
        meeting = Item.browse(Item.save_draft(ticket.id, "meeting", {"participants": "p. Vlk"}))
        with self.assertRaisesRegex(UserError, "begin"):
            meeting.action_send()
        Item.save_draft(ticket.id, "meeting", {"started_at": "2026-11-20 12:00:00", "participants": ""})
        with self.assertRaisesRegex(UserError, "took part"):
            meeting.action_send()
