from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..common import ServicedeskCase


class CategoryCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        Status, Category = self.env["servicedesk.status"], self.env["servicedesk.category"]
        self.remote, self.on_site, self.supplier = Status.create([
            {"name": "Solved remotely", "state": "closed"}, {"name": "Solved on site", "state": "closed"},
            {"name": "With the supplier", "state": "waiting"}])
        self.printers = Category.create({
            "name": "Printers", "status_required": True, "priority": "2",
            "status_ids": [(6, 0, (self.remote | self.on_site | self.supplier).ids)]})
        self.labels = Category.create({"name": "Labels", "parent_id": self.printers.id, "status_required": True})
        self.invoices = Category.create({"name": "Invoices", "department_id": self.billing.id, "priority": "0"})


class TestStatus(CategoryCase):
    def test_demanded_before_closing(self):
        ticket = self.new_ticket(category_id=self.labels.id).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Printers / Labels.*requires a detailed status"):
            ticket.action_close()
        with self.assertRaisesRegex(UserError, "requires a detailed status"):
            ticket.web_save({"state": "closed"}, {})
        ticket.status_id = self.remote
        self.assertEqual(ticket.allowed_status_ids, self.env["servicedesk.status"], "none of them goes with Open")
        ticket.action_close()
        self.assertRecordValues(ticket, [{"state": "closed", "status_id": self.remote.id}])
        ticket.action_archive_ticket()
        self.assertEqual(ticket.status_id, self.remote)
        ticket.action_reopen()
        self.assertFalse(ticket.status_id, "what it was closed with does not go with an open ticket")

    def test_the_dialog_asks(self):
        ticket = self.new_ticket(category_id=self.printers.id).with_user(self.agent)
        action = ticket.action_ask_close()
        wizard = self.env[action["res_model"]].with_user(self.agent).with_context(**action["context"]).create({})
        self.assertTrue(wizard.status_demanded)
        self.assertEqual(wizard.allowed_status_ids, self.remote | self.on_site)
        with self.assertRaises(UserError):
            wizard.action_apply()
        wizard.status_id = self.on_site
        wizard.action_apply()
        self.assertRecordValues(ticket, [{"state": "closed", "status_id": self.on_site.id}])
        other = self.new_ticket().with_user(self.agent)
        self.assertFalse(other.action_ask_close(), "nothing to ask: it is closed at once")
        self.assertEqual(other.state, "closed")

    def test_bulk_says_what_stays_and_why(self):
        plain, demanding, foreign = self.new_ticket(), self.new_ticket(category_id=self.printers.id), self.new_ticket(
            department_id=self.billing.id)
        wizard = self.env["servicedesk.change.tickets"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, (plain | demanding).ids)], "state": "closed", "owner_id": self.clerk.id})
        self.assertIn(demanding.number, wizard.preview)
        self.assertIn("requires a detailed status", wizard.preview)
        self.assertIn("Clerk", wizard.preview)
        wizard.action_apply()
        self.assertEqual((plain.state, demanding.state, foreign.state), ("closed", "open", "open"))
        self.assertFalse(plain.owner_id)

    def test_bulk_tags_and_category(self):
        vip, old = self.env["servicedesk.tag"].create([{"name": "VIP"}, {"name": "Old"}])
        tickets = self.new_ticket(tag_ids=[(4, old.id)]) | self.new_ticket()
        self.env["servicedesk.change.tickets"].with_user(self.agent).create({
            "ticket_ids": [(6, 0, tickets.ids)], "add_tag_ids": [(4, vip.id)], "remove_tag_ids": [(4, old.id)],
            "category_id": self.printers.id, "owner_id": self.agent.id}).action_apply()
        self.assertEqual(tickets.tag_ids, vip)
        self.assertEqual((tickets.category_id, tickets.owner_id), (self.printers, self.agent))

    def test_a_category_cannot_demand_what_it_has_not(self):
        with self.assertRaises(ValidationError):
            self.env["servicedesk.category"].create({"name": "Empty", "status_required": True})

    def test_another_category_takes_the_status_away(self):
        ticket = self.new_ticket(category_id=self.printers.id, state="waiting", waiting_for="customer",
                                 status_id=self.supplier.id)
        ticket.with_user(self.agent).category_id = self.labels
        self.assertEqual(ticket.status_id, self.supplier, "the subcategory has those of its parent")
        ticket.with_user(self.agent).category_id = self.env["servicedesk.category"].create({"name": "Other"})
        self.assertFalse(ticket.status_id)


class TestCategory(CategoryCase):
    def test_brings_department_and_priority(self):
        ticket = self.new_ticket().with_user(self.agent)
        ticket.category_id = self.invoices
        ticket = ticket.sudo()
        self.assertEqual((ticket.department_id, ticket.priority), (self.billing, "0"))
        self.assertLessEqual({"category_id", "department_id", "priority"}, set(ticket.event_ids.mapped("kind")))

    def test_never_over_what_somebody_chose(self):
        ticket = self.new_ticket(priority="3")
        ticket.with_user(self.agent).category_id = self.printers
        self.assertEqual(ticket.priority, "3")
        other = self.new_ticket()
        other.with_user(self.agent).write({"category_id": self.invoices.id, "department_id": self.support.id})
        self.assertEqual(other.department_id, self.support)
        other.with_user(self.agent).category_id = self.printers
        self.assertEqual(other.priority, "2", "that of the former category counts as untouched")

    def test_new_tickets_and_the_form(self):
        ticket = self.env["servicedesk.ticket"].create({"subject": "x", "category_id": self.invoices.id})
        self.assertEqual((ticket.department_id, ticket.priority), (self.billing, "0"))
        with Form(self.env["servicedesk.ticket"].with_user(self.agent)) as form:
            form.subject = "Printer"
            form.category_id = self.printers
            self.assertEqual(form.priority, "2", "shown before saving")

    def test_a_certain_person(self):
        self.printers.write({"owner_rule": "member", "owner_id": self.agent.id})
        ticket = self.new_ticket(category_id=self.printers.id)
        self.assertEqual(ticket.owner_id, self.agent)
        foreign = self.new_ticket(department_id=self.billing.id, category_id=self.printers.id)
        self.assertFalse(foreign.owner_id, "who has no part in the department does not get its tickets")

    def test_departments_of_other_companies_are_not_for_us(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.invoices.department_id = self.env["servicedesk.department"].create({"name": "O", "company_id": other.id})
        ticket = self.new_ticket()
        ticket.category_id = self.invoices
        self.assertEqual(ticket.department_id, self.support)


class TestForm(CategoryCase):
    def setUp(self):
        super().setUp()
        self.printers.status_required = False
        self.labels.status_required = False
        self.printers.form_definition = [
            {"name": "serial", "string": "Serial number", "type": "char", "required": True, "customer": True},
            {"name": "floor", "string": "Floor", "type": "integer", "default": 2}]

    def test_subcategories_have_the_form_of_their_parent(self):
        ticket = self.new_ticket(category_id=self.labels.id)
        self.assertEqual(ticket.form_category_id, self.printers)
        self.assertEqual(dict(ticket.properties), {"floor": 2}, "with its default")
        self.labels.own_form = True
        self.assertEqual(ticket.form_category_id, self.labels)

    def test_required_before_closing(self):
        ticket = self.new_ticket(category_id=self.printers.id).with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Serial number"):
            ticket.action_close()
        ticket.properties = {"serial": "ABC"}
        ticket.action_close()
        self.assertEqual(ticket.state, "closed")

    def test_agents_fill_forms_but_do_not_change_them(self):
        ticket = self.new_ticket(category_id=self.printers.id).with_user(self.agent)
        with self.assertRaises(AccessError):
            ticket.properties = [{"name": "evil", "string": "x", "type": "char", "definition_changed": True}]
        self.assertEqual(len(self.printers.form_definition), 2)

    def test_marks_are_yes_or_no(self):
        with self.assertRaises(ValidationError):
            self.printers.form_definition = [{"name": "a", "string": "a", "type": "char", "required": "yes"}]


class TestFamilyRules(CategoryCase):
    def setUp(self):
        super().setUp()
        self.parent = self.new_ticket()
        self.child = self.new_ticket(parent_id=self.parent.id)

    def test_free(self):
        self.parent.with_user(self.agent).action_close()
        self.assertEqual(self.child.state, "open")

    def test_block(self):
        self.support.child_rule = "block"
        with self.assertRaisesRegex(UserError, self.child.number):
            self.parent.with_user(self.agent).action_close()
        self.child.action_close()
        self.parent.with_user(self.agent).action_close()
        self.assertEqual(self.parent.state, "closed")

    def test_cascade(self):
        self.support.child_rule = "cascade"
        grandchild = self.new_ticket(parent_id=self.child.id)
        self.parent.with_user(self.agent).action_close()
        self.assertEqual((self.child | grandchild).mapped("state"), ["closed", "closed"])

    def test_cascade_asks_for_the_right_to_close_the_child(self):
        self.support.child_rule = "cascade"
        self.child.department_id = self.billing
        with self.assertRaises(AccessError):
            self.parent.with_user(self.agent).action_close()

    def test_cascade_stops_at_what_a_child_demands(self):
        self.support.child_rule = "cascade"
        self.child.category_id = self.printers
        with self.assertRaisesRegex(UserError, f"{self.child.number}.*requires"):
            self.parent.with_user(self.agent).action_close()

    def test_related_both_ways(self):
        other = self.new_ticket()
        self.parent.with_user(self.agent).write({"related_ids": [(4, other.id)]})
        self.assertEqual(other.related_ids, self.parent)
        self.assertIn("related", other.event_ids.mapped("kind"))
        other.with_user(self.agent).write({"related_ids": [(3, self.parent.id)]})
        self.assertFalse(self.parent.related_ids)
        self.assertIn("unrelated", self.parent.event_ids.mapped("kind"))
        foreign = self.new_ticket(department_id=self.billing.id)
        with self.assertRaises(AccessError):
            self.parent.with_user(self.agent).write({"related_ids": [(4, foreign.id)]})
