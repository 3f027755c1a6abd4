from odoo.exceptions import UserError
from odoo.tests import Form

from ..common import ServicedeskCase


class TestTicket(ServicedeskCase):
    def test_numbers_are_given_in_one_go_and_per_company(self):
        tickets = self.env["servicedesk.ticket"].create(
            [{"subject": str(n), "department_id": self.support.id} for n in range(5)])
        numbers = [int(ticket.number.removeprefix("SD-")) for ticket in tickets]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))
        other = self.env["res.company"].create({"name": "Other"})
        self.env["ir.sequence"].create({"name": "Other", "code": "servicedesk.ticket", "prefix": "OT-", "padding": 4,
                                        "company_id": other.id})
        department = self.env["servicedesk.department"].create({"name": "O", "company_id": other.id})
        ticket = self.env["servicedesk.ticket"].create({"subject": "x", "department_id": department.id})
        self.assertEqual(ticket.number, "OT-0001")

    def test_by_hand_in_the_form(self):
        with Form(self.env["servicedesk.ticket"].with_user(self.agent)) as form:
            form.subject = "Called about the printer"
            form.contact_id = self.jana
            form.description = "<p>The printer is on fire.</p>"
        ticket = form.record
        self.assertEqual((ticket.department_id, ticket.partner_id), (self.support, self.client))
        self.assertEqual(ticket.contact_email, self.jana.email_normalized)
        item = ticket.item_ids
        self.assertEqual((item.kind, item.direction, item.author_user_id), ("note", "internal", self.agent))
        self.assertEqual(ticket.last_item_preview, "The printer is on fire.")

    def test_take_only_what_is_free(self):
        ticket = self.new_ticket()
        ticket.with_user(self.agent).action_take()
        self.assertEqual(ticket.owner_id, self.agent)
        with self.assertRaisesRegex(UserError, "Agent"):
            ticket.with_user(self._new_agent("second", self.support, "specialist")).action_take()

    def test_states_and_their_traces(self):
        ticket = self.new_ticket().with_user(self.agent)
        with self.assertRaises(UserError):
            ticket.action_archive_ticket()
        ticket.action_wait()
        self.assertEqual((ticket.state, ticket.waiting_for), ("waiting", "customer"))
        ticket.action_close()
        self.assertTrue(ticket.closed_at)
        self.assertFalse(ticket.waiting_for)
        ticket.state = "open"
        self.assertFalse(ticket.closed_at, "a plain write, as by a kanban move, goes the same way")
        events = ticket.event_ids.sorted("id")
        self.assertEqual([(event.kind, event.old_value, event.new_value) for event in events], [
            ("created", False, ""), ("state", "open", "waiting"), ("state", "waiting", "closed"),
            ("state", "closed", "open")])
        self.assertEqual(events[1:].user_id, self.agent)

    def test_changes_are_read_by_name(self):
        ticket = self.new_ticket()
        tag = self.env["servicedesk.tag"].create({"name": "VIP"})
        ticket.with_user(self.agent).write({"owner_id": self.agent.id, "tag_ids": [(4, tag.id)], "priority": "3"})
        changes = {kind: (old, new) for kind, old, new in self.history(ticket)}
        self.assertEqual(changes["owner_id"], ("", "Agent"))
        self.assertEqual(changes["tag_ids"], ("", "VIP"))
        self.assertEqual(changes["priority"], ("1", "3"))

    def test_bold_until_the_owner_has_opened_it(self):
        ticket = self.new_ticket(unread=True, owner_id=self.agent.id)
        self.assertFalse(ticket.with_user(self._new_agent("second", self.support, "specialist")).mark_read())
        self.assertTrue(ticket.unread)
        self.assertTrue(ticket.with_user(self.agent).mark_read())
        self.assertFalse(ticket.unread)

    def test_client_card_counts_in_one_query_per_kind(self):
        self.new_ticket()
        self.new_ticket(state="closed")
        self.new_ticket(contact_id=self.alena.id)
        others = self.env["res.partner"].create([{"name": f"c{n}", "is_company": True} for n in range(20)])
        partners = (self.client | others).with_user(self.agent)
        self.env.invalidate_all()
        partners.mapped("commercial_partner_id")
        self.agent.has_group("servicedesk.group_user")
        self.env["res.company"]._get_servicedesk_all_ids()
        with self.assertQueryCount(5):
            partners.mapped("servicedesk_open_count")
        self.assertEqual((self.client.servicedesk_ticket_count, self.client.servicedesk_open_count), (3, 2))
        self.assertEqual(self.jana.servicedesk_ticket_count, 2)

    def test_department_counts(self):
        self.new_ticket(unread=True)
        self.new_ticket(owner_id=self.agent.id)
        self.new_ticket(state="closed")
        department = self.support.with_user(self.agent)
        self.assertEqual(
            (department.open_count, department.unassigned_count, department.unread_count), (2, 1, 1))
        self.assertEqual(self.billing.open_count, 0)
        rows = self.env["servicedesk.department"].with_user(self.agent).web_search_read([], {"open_count": {}})
        self.assertGreater(rows["length"], 1)

    def test_timeline_pages_hold_every_entry_once(self):
        ticket = self.new_ticket()
        self.env["servicedesk.item"].create([{
            "ticket_id": ticket.id, "kind": "note", "direction": "internal", "state": "done", "body": f"<p>{n}</p>",
            "date": f"2026-01-01 10:{n // 3:02}:00"} for n in range(70)])
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)
        keys, cursor, pages = [], None, 0
        while cursor or not pages:
            page = Timeline.get_page(ticket.id, cursor)
            keys = [entry["key"] for entry in page["entries"]] + keys
            cursor, pages = page["cursor"], pages + 1
        self.assertEqual(len(keys), 71)
        self.assertEqual(len(set(keys)), 71)
        self.assertEqual(pages, 3)
