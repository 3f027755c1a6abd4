from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class DepartureCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.first = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).item_id
        self.ticket = self.first.ticket_id
        self.Item = self.env["servicedesk.item"]

    def write_draft(self, user=None, body="<p>Hello Jana</p>", **vals):
        Item = self.Item.with_user(user or self.agent)
        start = Item.prepare_draft(self.ticket.id, "email")
        return Item.browse(Item.save_draft(self.ticket.id, "email", {**start, "body": body, **vals}))

    def due(self):
        return self.Item.search(self.Item._get_due_domain()).filtered(lambda item: item.ticket_id == self.ticket)

    def pass_time(self, item, **delta):
        item.sudo().send_at -= timedelta(**delta)


class TestUndo(DepartureCase):
    def test_a_mail_waits_for_its_seconds(self):
        self.support.undo_seconds = 10
        item = self.write_draft()
        item.action_send()
        self.assertEqual(item.state, "queued")
        self.assertFalse(self.due(), "workers leave it alone")
        self.pass_time(item, seconds=11)
        self.assertEqual(self.due(), item)

    def test_no_seconds_no_waiting(self):
        self.support.undo_seconds = 0
        item = self.write_draft()
        item.action_send()
        self.assertEqual(self.due(), item)

    def test_taken_back_exactly_as_it_was(self):
        draft = self.write_draft(email_cc="alena.hajkova@stavbyvltava.example")
        attachment = self.env["ir.attachment"].with_user(self.agent).create(
            {"name": "a.txt", "raw": b"x", "res_model": "servicedesk.item", "res_id": draft.id})
        names = ["subject", "email_to", "email_cc", "email_bcc", "body", "parent_item_id", "author_user_id", "state",
                 "message_id", "references", "email_from"]
        before = draft.read(names)[0]
        preview = self.ticket.last_item_preview
        draft.action_send()
        self.assertEqual((self.ticket.state, self.ticket.last_item_preview), ("waiting", "Hello Jana"))
        draft.action_take_back()
        self.assertEqual(draft.read(names)[0], before)
        self.assertEqual(draft.attachment_ids, attachment)
        attachment.with_user(self.agent).unlink()  # a file of a draft again
        self.assertEqual((self.ticket.state, self.ticket.last_item_preview), ("open", preview))
        self.assertFalse(self.due())

    def test_too_late(self):
        item = self.write_draft()
        item.action_send()
        for state in ("sending", "sent"):
            item.sudo().state = state
            with self.assertRaisesRegex(UserError, "too late"):
                item.action_take_back()

    def test_only_the_author_takes_it_back(self):
        item = self.write_draft()
        item.action_send()
        colleague = self._new_agent("colleague", self.support, "specialist")
        for method, args in (("action_take_back", []), ("action_hold", [60])):
            with self.assertRaises(AccessError):
                getattr(item.with_user(colleague), method)(*args)
        with self.assertRaises(AccessError):
            item.with_user(self.clerk).action_send_now()

    def test_another_draft_is_not_overwritten(self):
        item = self.write_draft()
        item.action_send()
        self.write_draft(body="<p>Another</p>")
        with self.assertRaisesRegex(UserError, "your draft"):
            item.action_take_back()
        self.assertEqual(item.state, "queued")

    def test_countdown_is_held_and_goes_on(self):
        item = self.write_draft()
        item.action_send()
        item.action_hold(60)
        self.pass_time(item, seconds=30)
        self.assertFalse(self.due())
        item.action_hold(100000)
        self.assertLess(item.send_at, fields.Datetime.now() + timedelta(seconds=121))
        item.action_send_now()
        self.assertEqual(self.due(), item)

    def test_time_line_says_how_long(self):
        item = self.write_draft()
        item.action_send()
        Timeline = self.env["servicedesk.timeline"]
        [entry] = [entry for entry in Timeline.with_user(self.agent).get_page(self.ticket.id)["entries"]
                   if entry["type"] == "item" and entry["id"] == item.id]
        self.assertTrue(0 < entry["remaining"] <= 10)
        colleague = self._new_agent("colleague", self.support, "specialist")
        [entry] = [entry for entry in Timeline.with_user(colleague).get_page(self.ticket.id)["entries"]
                   if entry["type"] == "item" and entry["id"] == item.id]
        self.assertEqual(entry["remaining"], 0)


class TestSchedule(DepartureCase):
    def schedule(self, **delta):
        item = self.write_draft()
        item.action_schedule(fields.Datetime.to_string(fields.Datetime.now() + timedelta(**delta)))
        return item

    def test_it_waits_for_its_minute_and_says_nothing_before(self):
        preview = self.ticket.last_item_preview
        item = self.schedule(hours=2)
        self.assertEqual((item.state, self.ticket.state, self.ticket.last_item_preview), ("scheduled", "open", preview))
        self.assertFalse(self.due())
        self.assertNotIn(item, self.ticket._get_customer_items())
        trigger = self.env["ir.cron.trigger"].search([
            ("cron_id", "=", self.env.ref("servicedesk.cron_send_1").id), ("call_at", "=", item.send_at)])
        self.assertTrue(trigger)

    def test_it_leaves_once_with_the_date_of_that_moment(self):
        item = self.schedule(hours=2).sudo()
        self.pass_time(item, hours=3)
        item.date -= timedelta(hours=3)
        self.patch(self.env.cr, "commit", lambda: None)
        item._begin_sending(1)
        self.assertEqual(item.state, "sending")
        self.assertGreater(item.date, fields.Datetime.now() - timedelta(minutes=1))
        self.assertEqual((self.ticket.state, self.ticket.last_item_direction), ("waiting", "out"))
        self.assertFalse(self.due(), "the second worker finds nothing")
        [(message, _from, _recipients)] = self.send_queued(item)
        self.assertEqual((item.state, message["Message-Id"]), ("sent", item.message_id))
        self.assertEqual(message["Subject"], f"Re: VPN [{self.ticket.number}]")

    def test_edit_cancel_and_send_now(self):
        item = self.schedule(hours=2)
        item.action_edit()
        self.assertEqual((item.state, item.send_at, item.subject), ("draft", False, "Re: VPN"))
        item.action_schedule(fields.Datetime.now() + timedelta(days=1))
        colleague = self._new_agent("colleague", self.support, "specialist")
        item.with_user(colleague).action_cancel_schedule()
        self.assertEqual((item.state, item.author_user_id), ("draft", self.agent))
        item.action_schedule(fields.Datetime.now() + timedelta(days=1))
        item.with_user(colleague).action_edit()
        self.assertEqual((item.state, item.sudo().author_user_id), ("draft", colleague))
        item.with_user(colleague).action_schedule(fields.Datetime.now() + timedelta(days=1))
        item.action_send_now()
        self.assertEqual(self.due(), item)

    def test_times_that_cannot_be(self):
        item = self.write_draft()
        for delta in (timedelta(minutes=-1), timedelta(days=400)):
            with self.assertRaises(UserError):
                item.action_schedule(fields.Datetime.now() + delta)
        self.assertEqual(item.state, "draft")

    def test_it_stands_last_on_the_time_line_whatever_its_age(self):
        item = self.schedule(days=30)
        item.sudo().date -= timedelta(days=30)
        self.Item.create([{
            "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "body": f"<p>{n}</p>", "author_user_id": self.agent.id} for n in range(40)])
        page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(self.ticket.id)
        self.assertEqual([entry["id"] for entry in page["unsettled"]], [item.id])

    def test_outsiders_change_nothing(self):
        item = self.schedule(hours=2)
        for method in ("action_edit", "action_cancel_schedule", "action_send_now"):
            with self.assertRaises(AccessError):
                getattr(item.with_user(self.clerk), method)()


class TestSharedDrafts(DepartureCase):
    def test_a_draft_is_seen_when_it_is_shared_and_only_then(self):
        draft = self.write_draft()
        colleague = self._new_agent("colleague", self.support, "specialist")
        theirs = self.Item.with_user(colleague)
        self.assertFalse(theirs.search([("id", "=", draft.id)]))
        draft.share_draft(True)
        self.assertEqual(theirs.search([("id", "=", draft.id)]), draft)
        page = self.env["servicedesk.timeline"].with_user(colleague).get_page(self.ticket.id)
        self.assertEqual([(entry["id"], entry["state"]) for entry in page["unsettled"]], [(draft.id, "draft")])
        self.assertEqual(page["drafts"], [], "it is not one's own")
        own_page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(self.ticket.id)
        self.assertEqual((own_page["drafts"], own_page["unsettled"]), (["email"], []))
        self.assertFalse(self.Item.with_user(self.clerk).search([("id", "=", draft.id)]), "another department")
        draft.share_draft(False)
        self.assertFalse(theirs.search([("id", "=", draft.id)]))

    def test_a_colleague_reads_but_does_not_write(self):
        draft = self.write_draft()
        attachment = self.env["ir.attachment"].with_user(self.agent).create(
            {"name": "a.txt", "raw": b"x", "res_model": "servicedesk.item", "res_id": draft.id})
        draft.share_draft(True)
        colleague = self._new_agent("colleague", self.support, "specialist")
        seen = draft.with_user(colleague)
        self.assertIn("Hello", seen.body)
        for change in (lambda: seen.write({"body": "<p>x</p>"}), seen.unlink, seen.discard_draft, seen.action_send,
                       lambda: seen.share_draft(False), attachment.with_user(colleague).unlink):
            with self.assertRaises(AccessError):
                change()
        self.assertNotIn(draft, self.ticket._get_customer_items())

    def test_taking_over(self):
        draft = self.write_draft()
        colleague = self._new_agent("colleague", self.support, "specialist")
        with self.assertRaises(AccessError):
            draft.with_user(colleague).action_take_over()
        draft.share_draft(True)
        draft.with_user(colleague).action_take_over()
        self.assertEqual((draft.sudo().author_user_id, draft.sudo().shared), (colleague, False))
        self.assertFalse(self.Item.with_user(self.agent).search([("id", "=", draft.id)]))
        draft.with_user(colleague).action_send()
        self.assertEqual(draft.sudo().state, "queued")

    def test_one_cannot_take_over_a_second_draft(self):
        self.write_draft().share_draft(True)
        draft = self.Item.with_user(self.agent).search([("ticket_id", "=", self.ticket.id), ("state", "=", "draft")])
        colleague = self._new_agent("colleague", self.support, "specialist")
        self.write_draft(colleague)
        with self.assertRaisesRegex(UserError, "your draft"):
            draft.with_user(colleague).action_take_over()


class TestMeanwhile(DepartureCase):
    def test_a_colleagues_answer_is_known_one_sends(self):
        since, known = fields.Datetime.to_string(self.first.date), self.first.ids
        Item = self.Item.with_user(self.agent)
        self.assertEqual(Item.find_answers_since(self.ticket.id, since, known), [])
        colleague = self._new_agent("colleague", self.support, "specialist")
        draft = self.write_draft(colleague)
        self.assertEqual(Item.find_answers_since(self.ticket.id, since, known), [], "a draft is no answer")
        draft.action_send()
        [answer] = Item.find_answers_since(self.ticket.id, since, known)
        self.assertEqual((answer["id"], answer["name"]), (draft.id, "Colleague"))
        self.assertEqual(Item.find_answers_since(self.ticket.id, since, [*known, draft.id]), [])
        self.assertEqual(self.Item.with_user(colleague).find_answers_since(self.ticket.id, since, known), [], "own")
        with self.assertRaises(AccessError):
            self.Item.with_user(self.clerk).find_answers_since(self.ticket.id, since, known)
