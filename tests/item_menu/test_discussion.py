from odoo.exceptions import AccessError, UserError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


def call(record):
    return f'<p><span data-oe-model="{record._name}" data-oe-id="{record.id}">@{record.name}</span> look</p>'


class TestDiscussion(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.colleague = self._new_agent("colleague", self.support, "specialist")
        self.question = self.arrive(build_mail(JANA, "support@severka.example", "VPN", "VPN falls")).item_id
        self.ticket = self.question.ticket_id
        self.ticket.owner_id = self.agent

    def discuss(self, body, item=None, user=None):
        item = item or self.question
        return item.browse(item.with_user(user or self.agent).add_discussion(body))

    def told(self):
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", self.ticket.id), ("kind", "=", "mention")])
        return notices.user_id

    def test_note_hangs_under_its_item_and_discussions_are_flat(self):
        first = self.discuss("<p>The driver again?</p>")
        second = self.discuss("<p>Yes</p>", item=first)
        self.assertRecordValues(first | second, [{
            "kind": "note", "direction": "internal", "state": "done", "author_user_id": self.agent.id,
            "parent_item_id": self.question.id, "ticket_id": self.ticket.id}] * 2)
        page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(self.ticket.id)
        parents = {entry["id"]: entry["parent_id"] for entry in page["entries"] if entry["type"] == "item"}
        self.assertEqual(parents[first.id], self.question.id)
        with self.assertRaises(UserError):
            self.discuss("<p><br></p>")
        with self.assertRaises(AccessError):
            self.discuss("<p>x</p>", user=self.clerk)

    def test_newer_notes_come_with_the_page_and_name_their_older_item(self):
        """A page need not hold the item under which a note stands; the note says where it belongs."""
        self.env["servicedesk.item"].create([
            self.question._prepare_note_vals(self.ticket, f"<p>{n}</p>", self.agent) for n in range(40)])
        note = self.discuss("<p>Late</p>")
        page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(self.ticket.id)
        ids = {entry["id"]: entry for entry in page["entries"] if entry["type"] == "item"}
        self.assertNotIn(self.question.id, ids)
        self.assertEqual(ids[note.id]["parent_id"], self.question.id)

    def test_people_and_departments_are_told_if_they_see_the_ticket(self):
        self.discuss(call(self.colleague) + call(self.agent))
        self.assertEqual(self.told(), self.colleague)
        self.env["servicedesk.notice"].search([]).unlink()
        self.discuss(call(self.support) + call(self.billing))
        self.assertEqual(self.told(), self.colleague)  # the junior sees own and free tickets only, the clerk none

    def test_a_mention_of_somebody_without_access_stays_silent(self):
        portal = self.env["res.users"].create({"name": "P", "login": "p", "group_ids": [
            (6, 0, self.env.ref("base.group_portal").ids)]})
        self.discuss(call(self.clerk) + call(self.junior) + call(portal)
                     + '<p><span data-oe-model="res.users" data-oe-id="999999">@x</span></p>')
        self.assertFalse(self.told())
        self.ticket.owner_id = False
        self.discuss(call(self.junior))
        self.assertEqual(self.told(), self.junior)

    def test_quoted_mentions_call_nobody(self):
        self.discuss(f"<p>See</p><blockquote>{call(self.colleague)}</blockquote>")
        self.assertFalse(self.told())

    def test_ordinary_notes_call_too(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        note = Item.browse(Item.save_draft(self.ticket.id, "note", {"body": call(self.colleague)}))
        self.assertFalse(self.told())
        note.action_send()
        self.assertEqual(self.told(), self.colleague)

    def test_candidates(self):
        found = self.env["servicedesk.item"].with_user(self.agent).get_mention_candidates(self.ticket.id)
        access = {(row["model"], row["name"]): row["access"] for row in found}
        self.assertTrue(access["res.users", "Colleague"])
        self.assertTrue(access["servicedesk.department", "Support"])
        self.assertFalse(access["res.users", "Junior"])
        self.assertFalse(access["res.users", "Clerk"])
        with self.assertRaises(AccessError):
            self.env["servicedesk.item"].with_user(self.clerk).get_mention_candidates(self.ticket.id)

    def test_nothing_of_it_reaches_the_client(self):
        note = self.discuss("<p>They never pay</p>")
        self.assertNotIn(note, self.ticket._get_customer_items())
        start = note.with_user(self.agent).prepare_draft(self.ticket.id, "email", reply_to_id=self.question.id)
        self.assertNotIn("never pay", start["body"])

    def test_comment_starts_from_a_summary_and_keeps_what_was_written(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        draft = Item.browse(self.question.with_user(self.agent).prepare_comment())
        for words in ("Jana Novotná", "VPN falls"):
            self.assertIn(words, str(draft.body))
        Item.save_draft(self.ticket.id, "note", {"body": "<p>My words</p>"})
        self.question.with_user(self.agent).prepare_comment()
        self.assertRegex(str(draft.body), "My words.*VPN falls")

    def test_child_and_task_start_from_the_item(self):
        item = self.question.with_user(self.agent)
        child = item.action_new_child()["context"]
        self.assertEqual((child["default_parent_id"], child["default_subject"]), (self.ticket.id, "VPN"))
        self.assertIn("VPN falls", child["default_description"])
        task = item.action_new_task()["context"]
        self.assertEqual(task["default_servicedesk_ticket_ids"], [(4, self.ticket.id)])
        self.assertIn("VPN falls", task["default_description"])
