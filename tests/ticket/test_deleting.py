import psycopg2

from odoo.tools import mute_logger

from ..common import ServicedeskCase


class TestDeleting(ServicedeskCase):
    def test_files_of_colleagues_drafts_go_with_the_ticket(self):
        ticket = self.new_ticket()
        Item = self.env["servicedesk.item"].with_user(self.junior)
        draft = Item.browse(Item.save_draft(ticket.id, "email", {"body": "<p>Hello</p>"}))
        file = self.env["ir.attachment"].create({
            "name": "a.txt", "raw": b"a", "res_model": "servicedesk.item", "res_id": draft.id})
        self.agent.servicedesk_membership_ids.can_delete = True
        self.env.invalidate_all()
        ticket.with_user(self.agent).unlink()
        self.assertFalse(file.exists())

    def test_what_is_in_use_is_archived_not_deleted(self):
        """Else tickets would lose it without a line in their history, rules would vanish, macros would empty it."""
        category = self.env["servicedesk.category"].create({"name": "Network"})
        status = self.env["servicedesk.status"].create({"name": "Done", "category_ids": [(6, 0, category.ids)]})
        team = self.env["servicedesk.team"].create({"name": "Night", "department_id": self.support.id})
        Rule, Macro = self.env["servicedesk.rule"], self.env["servicedesk.macro"]
        uses = {
            "category of a ticket": (category, lambda: self.new_ticket(category_id=category.id)),
            "status of a ticket": (status, lambda: self.new_ticket(category_id=category.id, status_id=status.id)),
            "category in a rule": (category, lambda: Rule.create(
                {"name": "R", "subject_words": "x", "set_category_id": category.id})),
            "group in a rule": (team, lambda: Rule.create(
                {"name": "R", "subject_words": "x", "set_team_id": team.id})),
            "category in a macro": (category, lambda: Macro.create(
                {"name": "M", "step_ids": [(0, 0, {"type": "category", "category_id": category.id})]})),
            "group in a macro": (team, lambda: Macro.create(
                {"name": "M", "step_ids": [(0, 0, {"type": "team", "team_id": team.id})]})),
        }
        for name, (record, use) in uses.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                use()
                with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    record.unlink()
                    self.env.flush_all()
                savepoint.rollback()
