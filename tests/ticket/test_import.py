from unittest.mock import patch

from odoo.exceptions import AccessError, ConcurrencyError, UserError, ValidationError
from odoo.tools import mute_logger

from ..common import ServicedeskCase


class TestImport(ServicedeskCase):
    """An import takes what it is given, or says what it does not take."""

    def setUp(self):
        super().setUp()
        self.admin = self.env.ref("base.user_admin")
        self.admin.group_ids += self.env.ref("servicedesk.group_admin")
        self.Ticket = self.env["servicedesk.ticket"].with_user(self.admin)
        self.Item = self.env["servicedesk.item"].with_user(self.admin)

    def load(self, rows, *columns):
        return self.Ticket.load(["subject", "department_id", *columns], rows)

    @mute_logger("odoo.sql_db")
    def test_one_bad_row_of_1000_does_not_stand_for_all(self):
        rows = [[f"t{number}", "Support", "1"] for number in range(1000)]
        rows[500][2] = "dringend"
        result = self.load(rows, "priority")
        self.assertFalse(result["ids"])
        (message,) = result["messages"]
        self.assertEqual((message["rows"]["from"], message["field"]), (500, "priority"))
        self.assertIn("dringend", message["message"])
        result = self.load(rows[:500] + rows[501:], "priority")
        self.assertFalse(result["messages"])
        numbers = self.Ticket.browse(result["ids"]).mapped("number")
        self.assertEqual(len(set(numbers)), 999)

    @mute_logger("odoo.sql_db")
    def test_a_row_that_creation_refuses_is_the_one_that_is_named(self):
        taken = self.new_ticket(external_ref="S-7")
        rows = [[f"t{number}", "Support", f"S-{number}"] for number in range(20)]
        result = self.load(rows, "external_ref")
        self.assertFalse(result["ids"])
        self.assertEqual({message["rows"]["from"] for message in result["messages"]} - {0}, {7})
        for message in result["messages"]:
            self.assertIn(taken.number, message["message"], "never a false reason")
        del rows[7]
        self.assertEqual(len(self.load(rows, "external_ref")["ids"]), 19)

    def test_the_caller_s_values_stay_the_caller_s(self):
        vals_list = [{"subject": f"t{number}", "department_id": self.support.id} for number in range(3)]
        kept = [dict(vals) for vals in vals_list]
        self.Ticket.create(vals_list)
        self.Ticket.create(vals_list)
        self.assertEqual(vals_list, kept)

    def test_history_of_tickets_is_refused_in_words(self):
        for name in ("create_date", "write_uid", "requester", "closed_at", "last_item_at", "number"):
            result = self.load([["t", "Support", "2019-01-01 00:00:00" if name != "write_uid" else "agent"]],
                               f"{name}/.id" if name == "write_uid" else name)
            self.assertFalse(result["ids"], name)
            self.assertIn(name, repr(result["messages"]), name)
        with self.assertRaises(UserError):
            self.new_ticket().with_user(self.agent).write({"create_date": "2019-01-01"})

    def test_a_second_description_is_refused(self):
        ticket = self.new_ticket(description="<p>first</p>").with_user(self.agent)
        with self.assertRaises(UserError):
            ticket.description = "<p>second</p>"

    def test_messages_are_not_imported(self):
        ticket = self.new_ticket()
        before = self.Item.search_count([])
        columns, row = ["ticket_id/.id", "kind", "direction", "state", "date", "body"], [
            str(ticket.id), "email", "in", "received", "2019-01-01 10:00:00", "<p>old</p>"]
        for user in (self.admin, self.agent):
            with self.assertRaisesRegex(UserError, "cannot be imported"):
                self.Item.with_user(user).load(columns, [row])
        for values in ({"direction": "in"}, {"state": "received"}, {"state": "sent"}, {"date": "2019-01-01 10:00:00"},
                       {"email_from": "a@b.example"}, {"author_user_id": self.clerk.id}, {"create_date": "2019-01-01"}):
            with self.assertRaisesRegex(UserError, next(iter(values))):
                self.Item.create({"ticket_id": ticket.id, "kind": "email", "body": "x", **values})
            with self.assertRaises(UserError):
                self.new_ticket().with_user(self.admin).write(
                    {"item_ids": [(0, 0, {"kind": "email", "body": "x", **values})]})
        self.assertEqual(self.Item.search_count([]), before)
        draft = self.Item.create({"ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft",
                                  "body": "x", "third_party": False})
        self.assertEqual(draft.state, "draft")

    def test_a_draft_says_what_it_does_not_have(self):
        ticket = self.new_ticket()
        for values in ({"boddy": "x"}, {"state": "sent"}, {"date": "2019-01-01"}, {"email_too": "a@b.example"}):
            with self.assertRaisesRegex(UserError, next(iter(values))):
                self.Item.save_draft(ticket.id, "email", {"body": "x", **values})
        for kind in ("email", "note", "sms", "call", "meeting", "forward"):
            start = self.Item.prepare_draft(ticket.id, kind)
            self.assertTrue(self.Item.save_draft(ticket.id, kind, {
                name: value for name, value in start.items() if name not in ("started_at", "running_since")}), kind)


class TestExternalRef(ServicedeskCase):
    """What another system sends twice is one ticket."""

    def setUp(self):
        super().setUp()
        self.Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        self.vals = {"subject": "Disk full", "department_id": self.support.id, "external_ref": "mon-1"}

    def test_once(self):
        first = self.Ticket.create_once(self.vals)
        again = self.Ticket.create_once({**self.vals, "subject": "Disk is full", "external_ref": " mon-1 "})
        self.assertEqual((first["created"], again["created"], first["id"]), (True, False, again["id"]))
        self.assertEqual(self.Ticket.browse(first["id"]).subject, "Disk full")
        self.assertTrue(self.Ticket.create_once({**self.vals, "external_ref": "mon-2"})["created"])
        with self.assertRaises(UserError):
            self.Ticket.create_once({**self.vals, "external_ref": ""})

    def test_create_names_the_ticket(self):
        first = self.Ticket.create(self.vals)
        with self.assertRaisesRegex(ValidationError, first.number):
            self.Ticket.create(self.vals)
        with self.assertRaises(ValidationError):
            self.Ticket.create({**self.vals, "external_ref": "x" * 201})
        self.assertTrue(self.Ticket.create([{**self.vals, "external_ref": ""}, {**self.vals, "external_ref": False}]))

    def test_nothing_is_told_of_what_is_out_of_sight(self):
        hidden = self.env["servicedesk.ticket"].create({
            "subject": "Tajenka", "department_id": self.billing.id, "external_ref": "mon-1"})
        with self.assertRaises(AccessError) as refusal:
            self.Ticket.create_once(self.vals)
        self.assertNotIn("Tajenka", str(refusal.exception))
        with self.assertRaises(ValidationError) as refusal:
            self.Ticket.create(self.vals)
        self.assertNotIn(hidden.number, str(refusal.exception))

    def test_each_company_has_its_own(self):
        company = self.env["res.company"].create({"name": "Jih"})
        south = self.env["servicedesk.department"].create({"name": "Jih", "company_id": company.id})
        self.env["servicedesk.membership"].create(
            {"user_id": self.agent.id, "department_id": south.id, "level": "specialist"})
        self.agent.company_ids += company
        self.Ticket.create_once(self.vals)
        self.assertTrue(self.Ticket.create_once({**self.vals, "department_id": south.id})["created"])

    def test_of_a_merged_ticket_it_is_the_survivor(self):
        first, other = self.Ticket.create(self.vals), self.new_ticket()
        self.env.cr.execute("UPDATE servicedesk_ticket SET merged_into_id = %s WHERE id = %s", [other.id, first.id])
        self.env.invalidate_all()
        self.assertEqual(self.Ticket.create_once(self.vals)["id"], other.id)

    def test_two_at_the_same_time(self):
        self.Ticket.create(self.vals)
        self.env.flush_all()
        # The other call's ticket is there and not yet seen: this transaction began before.
        nothing = self.Ticket.browse()
        with patch.object(type(self.Ticket), "_find_by_external_ref", lambda *args: nothing), \
                self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
            self.Ticket.create_once(self.vals)
