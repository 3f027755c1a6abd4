from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..common import ServicedeskCase, build_mail


class TestScope(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.free, self.taken, self.bill = (
            self.new_ticket(), self.new_ticket(owner_id=self.agent.id), self.new_ticket(department_id=self.billing.id))

    def seen(self, user):
        everything = self.free | self.taken | self.bill
        return self.env["servicedesk.ticket"].with_user(user).search([("id", "in", everything.ids)])

    def test_levels(self):
        self.assertEqual(self.seen(self.agent), self.free | self.taken)
        self.assertEqual(self.seen(self.junior), self.free)
        self.assertEqual(self.seen(self.clerk), self.bill)
        with self.assertRaises(AccessError):
            self.taken.with_user(self.junior).read(["subject"])

    def test_membership_counts_at_once(self):
        membership = self.agent.servicedesk_membership_ids
        self.assertIn(self.free, self.seen(self.agent))
        membership.unlink()
        self.assertFalse(self.seen(self.agent))
        self.billing.manager_id = self.agent
        self.assertEqual(self.seen(self.agent), self.bill)

    def test_manager_sees_the_departments_below(self):
        boss = new_test_user(self.env, "boss", "servicedesk.group_user")
        top = self.env["servicedesk.department"].create({"name": "Top", "manager_id": boss.id})
        self.support.parent_id = top
        self.assertEqual(self.seen(boss), self.free | self.taken)

    def test_items_events_and_files_follow_their_ticket(self):
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example", "support@severka.example"))
        item = row.item_id
        attachment = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": item._name, "res_id": item.id})
        item.with_user(self.agent).read(["body"])
        attachment.with_user(self.agent).read(["raw"])
        for record in (item, item.ticket_id.event_ids, attachment):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.clerk).read(["id", "create_date"])

    def test_ledger_is_for_those_who_see_the_whole_department(self):
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example", "support@severka.example"))
        Intake = self.env["servicedesk.intake"]
        self.assertEqual(Intake.with_user(self.agent).search([("id", "=", row.id)]), row)
        for user in (self.junior, self.clerk):
            self.assertFalse(Intake.with_user(user).search([("id", "=", row.id)]))
        with self.assertRaises(AccessError):
            row.with_user(self.agent).action_process_again()

    def test_no_model_is_open_to_others(self):
        """Employees without a role, portal and public have no way to any model of ours."""
        strangers = [
            new_test_user(self.env, "employee", "base.group_user"),
            new_test_user(self.env, "customer", "base.group_portal"),
            self.env.ref("base.public_user"),
        ]
        models = [name for name in self.env.registry if name.startswith("servicedesk.")
                  and not self.env[name]._abstract]
        self.assertGreater(len(models), 6)
        for name in models:
            for user in strangers:
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation), f"{name} {operation}")

    def test_delete_needs_the_right(self):
        with self.assertRaises(AccessError):
            self.free.with_user(self.agent).unlink()
        self.agent.servicedesk_membership_ids.can_delete = True
        self.free.with_user(self.agent).unlink()
        self.assertFalse(self.free.exists())
