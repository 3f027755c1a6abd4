from datetime import timedelta

from lxml import etree

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ...models.access.membership import RIGHTS
from ...models.people.ticket import GUARDED
from ...models.ticket.ticket import SYSTEM_FIELDS
from ..common import ServicedeskCase
from .access_matrix import LIMITED, WORK
from .access_world import AccessWorld


@tagged("post_install", "-at_install")
class TestLimitedEdit(AccessWorld, TransactionCase):
    """Every kind of agent against every change that goes beyond working on a ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._new_agent("colleague", cls.support, "specialist")
        cls.team = cls.env["servicedesk.team"].create({"name": "Network", "department_id": cls.support.id})
        cls.category = cls.env["servicedesk.category"].create({"name": "Network"})
        cls.tag = cls.env["servicedesk.tag"].create({"name": "VPN"})
        cls.changes = {
            "owner_id": cls.colleague.id, "team_id": cls.team.id, "department_id": cls.billing.id,
            "manual_deadline": fields.Datetime.now() + timedelta(days=1),
            "subject": "Other", "priority": "2", "state": "closed", "category_id": cls.category.id,
            "tag_ids": [(4, cls.tag.id)], "partner_id": cls.client.id, "contact_email": "jana@elsewhere.example",
        }

    def may(self, user, ticket, name):
        with self.env.cr.savepoint() as savepoint:
            try:
                change = self.changes[name]
                if name == "department_id" and ticket.department_id == self.abroad:
                    change = self.env["servicedesk.department"].create(
                        {"name": "Overseas", "company_id": self.other_company.id}).id
                ticket.with_user(user).write({name: change})
                self.env.flush_all()
                return True
            except AccessError:
                return False
            finally:
                savepoint.rollback()
                self.env.invalidate_all()

    def test_matrix(self):
        for name in (*LIMITED, *WORK):
            for kind, user in self.users.items():
                seen = [place for place, ticket in self.tickets.items() if ticket.with_user(user).has_access("write")]
                expected = LIMITED[name].get(kind, "").split() if name in LIMITED else seen
                with self.subTest(change=name, user=kind):
                    self.assertEqual({place for place in seen if self.may(user, self.tickets[place], name)},
                                     set(expected))

    def test_every_guarded_field_has_its_line(self):
        self.assertEqual(LIMITED.keys(), GUARDED.keys() - {"manual_deadline_reason"})

    def test_switches_give_the_right_at_once_and_take_it_again(self):
        ticket, picker = self.tickets["mine"], self.users["chosen clients"]
        member = picker.servicedesk_membership_ids
        for name, switch in (("owner_id", "can_assign"), ("manual_deadline", "can_deadline")):
            self.assertFalse(self.may(picker, ticket, name))
            member[switch] = True
            self.assertTrue(self.may(picker, ticket, name), switch)
            member[switch] = False
            self.assertFalse(self.may(picker, ticket, name))

    def test_the_switch_counts_in_its_department_only(self):
        self.agent.servicedesk_membership_ids.can_assign = False
        self.env["servicedesk.membership"].create(
            {"user_id": self.agent.id, "department_id": self.billing.id, "can_assign": True, "can_deadline": True})
        ticket = self.new_ticket(owner_id=self.junior.id)
        self.assertFalse(self.may(self.agent, ticket, "owner_id"))
        self.assertFalse(self.may(self.agent, ticket, "manual_deadline"))

    def test_managers_have_all_rights_in_theirs_and_below(self):
        boss = self.users["other department"]
        self.billing.manager_id, self.support.parent_id = boss, self.billing
        for right in RIGHTS:
            self.assertEqual((self.support | self.billing).with_user(boss)._filter_right(right),
                             self.support | self.billing, right)
        self.billing.manager_id = False
        self.assertFalse(self.support.with_user(boss)._filter_right("delete"))


class TestLimitedDoors(ServicedeskCase):
    """Each door through which an owner or a deadline could be changed says the same."""

    def setUp(self):
        super().setUp()
        self.colleague = self._new_agent("colleague", self.support, "specialist")
        self.theirs = self.new_ticket(owner_id=self.colleague.id)
        self.mine = self.new_ticket(owner_id=self.agent.id)

    def refused(self):
        return self.assertRaisesRegex(AccessError, f"Owner of {self.theirs.number}: Colleague.*Support")

    def test_handing_over(self):
        dialog = self.env["servicedesk.hand.over"].with_user(self.agent).create({
            "ticket_ids": [(6, 0, (self.mine | self.theirs).ids)], "department_id": self.support.id, "reason": "x",
            "user_id": self.agent.id})
        with self.refused():
            dialog.action_apply()

    def test_merging_away(self):
        with self.refused():
            self.env["servicedesk.merge"].with_user(self.agent)._merge(self.theirs | self.mine, self.mine)
        self.env["servicedesk.merge"].with_user(self.agent)._merge(self.theirs | self.mine, self.theirs)
        self.assertEqual(self.mine.merged_into_id, self.theirs)

    def test_a_macro_stops(self):
        macro = self.env["servicedesk.macro"].create(
            {"name": "To me", "step_ids": [(0, 0, {"type": "owner", "owner_id": self.agent.id})]})
        with self.assertRaisesRegex(UserError, "To me.*Owner of .*: Colleague"):
            macro.with_user(self.agent).run(self.theirs.ids)

    def test_many_at_once_leaves_out_what_is_others(self):
        second = self._new_agent("second", self.support, "specialist")
        dialog = self.env["servicedesk.change.tickets"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, (self.mine | self.theirs).ids)], "owner_id": second.id, "priority": "3"})
        self.assertRegex(dialog.preview, "Owner of .*: Colleague")
        dialog.action_apply()
        self.assertEqual((self.mine.owner_id, self.theirs.owner_id), (second, self.colleague))
        self.assertEqual(set((self.mine | self.theirs).mapped("priority")), {"3"})

    def test_a_category_that_moves(self):
        away = self.env["servicedesk.category"].create({"name": "Invoices", "department_id": self.billing.id})
        with self.refused():
            self.theirs.with_user(self.agent).category_id = away
        dialog = self.env["servicedesk.change.tickets"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, (self.mine | self.theirs).ids)], "category_id": away.id})
        dialog.action_apply()
        self.assertEqual((self.mine.department_id, self.theirs.department_id), (self.billing, self.support))

    def test_a_new_ticket_with_a_deadline(self):
        vals = {"subject": "x", "department_id": self.support.id, "manual_deadline": "2030-01-01 10:00:00"}
        with self.assertRaisesRegex(AccessError, "deadlines in the department Support"):
            self.env["servicedesk.ticket"].with_user(self.agent).create([dict(vals)])
        self.env["servicedesk.ticket"].create([dict(vals)])

    def test_sending_what_stays_as_it_is_is_no_change(self):
        self.theirs.with_user(self.agent).write({
            "owner_id": self.colleague.id, "department_id": self.support.id, "team_id": False,
            "manual_deadline": False, "priority": "3"})
        self.assertEqual(self.theirs.priority, "3")

    def test_the_form_knows_before(self):
        mine, theirs = (ticket.with_user(self.agent) for ticket in (self.mine, self.theirs))
        self.assertEqual((mine.may_assign, theirs.may_assign), (True, False))
        self.assertEqual((mine.may_set_deadline, self.mine.may_set_deadline), (False, True))
        self.assertTrue(self.env["servicedesk.ticket"].with_user(self.agent).new({}).may_assign)

    def test_buttons_are_absent_where_there_is_no_right(self):
        def attributes(user, kind):
            arch = self.env["servicedesk.ticket"].with_user(user).get_view(view_type=kind)["arch"]
            root = etree.fromstring(arch)
            return root.get("delete"), root.get("export_xlsx")

        for kind in ("form", "list", "kanban"):
            self.assertEqual(attributes(self.agent, kind), ("0", "0"), kind)
        self.agent.servicedesk_membership_ids.write({"can_delete": True, "can_export": True})
        for kind in ("form", "list", "kanban"):
            self.assertNotIn("0", attributes(self.agent, kind), kind)

    def test_no_list_of_the_desk_offers_an_export_without_the_right(self):
        for model in ("servicedesk.ticket", "servicedesk.sms", "servicedesk.sla.clock"):
            def switched(model=model):
                arch = self.env[model].with_user(self.agent).get_view(view_type="list")["arch"]
                return etree.fromstring(arch).get("export_xlsx") == "0"

            self.agent.servicedesk_membership_ids.can_export = False
            self.assertTrue(switched(), model)
            self.agent.servicedesk_membership_ids.can_export = True
            self.assertFalse(switched(), model)


@tagged("post_install", "-at_install")
class TestSystemFields(ServicedeskCase):
    """What the system keeps in step is nobody's to set: not later, not on a new ticket, not by a default."""

    def setUp(self):
        super().setUp()
        self.Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        self.other = self.new_ticket()
        self.vals = {"subject": "x", "department_id": self.support.id}

    def value(self, name):
        """Return a value that the field could take."""
        return {
            "char": "X-1", "boolean": True, "integer": 1, "datetime": "2030-01-01 10:00:00", "many2one": self.other.id,
            "selection": "met" if name == "sla_state" else "resolution",
            "one2many": [(0, 0, {"promise": "resolution", "started_at": "2030-01-01 10:00:00"})],
        }[self.Ticket._fields[name].type]

    def test_what_is_plain_in_every_form_is_the_systems(self):
        own = {name for name, field in self.Ticket._fields.items()
               if field.store and field.readonly and field._module == "servicedesk"
               and name not in models.MAGIC_COLUMNS}
        self.assertFalse(own - SYSTEM_FIELDS)
        self.assertIn("number", own)

    def test_neither_on_a_new_ticket_nor_later(self):
        ticket = self.new_ticket(owner_id=self.agent.id).with_user(self.agent)
        for name in sorted(SYSTEM_FIELDS):
            value = self.env.company.id if name == "company_id" else self.value(name)
            with self.subTest(field=name):
                with self.assertRaisesRegex(AccessError, name):
                    self.Ticket.create({**self.vals, name: value})
                with self.assertRaisesRegex(AccessError, name):
                    self.Ticket.with_context(default_subject="x").create([dict(self.vals), {**self.vals, name: value}])
                with self.assertRaisesRegex(AccessError, name):
                    ticket.write({name: value})

    def test_nor_by_a_default_of_the_clients(self):
        ticket = self.Ticket.with_context(
            default_number="FORGED", default_merged_into_id=self.other.id, default_sla_state="met",
            default_closed_at="2020-01-01 10:00:00", default_priority="3").create(dict(self.vals))
        self.assertRecordValues(ticket, [
            {"merged_into_id": False, "sla_state": False, "closed_at": False, "priority": "3"}])
        self.assertTrue(ticket.number)
        self.assertNotEqual(ticket.number, "FORGED")

    def test_nor_by_the_way_of_another_ticket(self):
        for command in ((4, self.other.id), (0, 0, dict(self.vals))):
            with self.assertRaisesRegex(AccessError, "merged_into_id"):
                self.Ticket.create({**self.vals, "merged_ids": [command]})

    def test_an_item_takes_what_its_author_writes_only(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        Item = self.env["servicedesk.item"].with_user(self.agent)
        forged = {"ticket_id": ticket.id, "kind": "email", "body": "<p>x</p>", "direction": "in", "state": "received",
                  "author_user_id": self.junior.id, "email_from": "boss@acme.example", "message_id": "<x@y>",
                  "sent_at": "2020-01-01 10:00:00", "date": "2020-01-01 10:00:00"}
        for name, value in forged.items():
            if name not in ("ticket_id", "kind", "body"):
                with self.subTest(name), self.assertRaisesRegex(UserError, name):
                    Item.create({"ticket_id": ticket.id, "kind": "email", "body": "<p>x</p>", name: value})
        item = Item.with_context(**{f"default_{name}": value for name, value in forged.items()}).create(
            {"ticket_id": ticket.id, "kind": "email", "body": "<p>x</p>"})
        self.assertRecordValues(item, [{"direction": "out", "state": "draft", "author_user_id": self.agent.id,
                                        "email_from": False, "message_id": False, "sent_at": False}])


class TestDispatcher(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.second = self._new_agent("second", self.support, "specialist")
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.second.ids)]})
        self.team = self.env["servicedesk.team"].create({
            "name": "Network", "department_id": self.support.id, "member_ids": [(6, 0, self.junior.ids)]})
        self.ticket = self.new_ticket()

    def test_nobody_else_gives_it_away_by_another_door(self):
        for vals in ({"owner_id": self.agent.id}, {"team_id": self.team.id}, {"department_id": self.billing.id}):
            with self.assertRaisesRegex(AccessError, "In Support the dispatcher"):
                self.ticket.with_user(self.agent).write(vals)

    def test_a_member_of_the_group_takes_what_the_dispatcher_gave_it(self):
        self.ticket.with_user(self.second).team_id = self.team
        with self.assertRaisesRegex(AccessError, "dispatcher"):
            self.ticket.with_user(self.agent).action_take()
        self.ticket.with_user(self.junior).action_take()
        self.assertEqual(self.ticket.owner_id, self.junior)

    def test_the_category_leaves_the_choice_to_the_dispatcher(self):
        category = self.env["servicedesk.category"].create(
            {"name": "Network", "owner_rule": "none", "department_id": self.support.id})
        self.ticket.with_user(self.agent).category_id = category
        self.assertFalse(self.ticket.owner_id)
