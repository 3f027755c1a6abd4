from odoo import fields
from odoo.exceptions import UserError

from ..common import ServicedeskCase

LONG_AGO = fields.Datetime.to_datetime("2026-01-05 10:00:00")


class TestMixedSelection(ServicedeskCase):
    """One change of state for tickets that stand in different ones."""

    def test_closing_all_leaves_the_closed_ones_as_they_were(self):
        closed, opened = self.new_ticket(), self.new_ticket()
        closed.action_close()
        closed.closed_at = closed.state_since = LONG_AGO
        (closed | opened).action_close()
        self.assertEqual((closed.closed_at, closed.state_since), (LONG_AGO, LONG_AGO))
        self.assertEqual(opened.state, "closed")
        self.assertTrue(opened.closed_at)

    def test_resolving_all_keeps_the_day_of_each(self):
        resolved, opened = self.new_ticket(), self.new_ticket()
        resolved.action_resolve()
        resolved.resolved_at = LONG_AGO
        (resolved | opened).write({"state": "waiting", "waiting_for": "acceptance"})
        self.assertEqual(resolved.resolved_at, LONG_AGO)
        self.assertTrue(opened.resolved_at)

    def test_a_status_that_fits_stays(self):
        done, asking = self.env["servicedesk.status"].create([
            {"name": "Done", "state": "closed"}, {"name": "Asking", "state": "open"}])
        category = self.env["servicedesk.category"].create({
            "name": "Network", "status_ids": [(6, 0, (done | asking).ids)]})
        first = self.new_ticket(category_id=category.id)
        second = self.new_ticket(category_id=category.id)
        first.action_close()
        first.status_id = done
        second.status_id = asking
        (first | second).action_close()
        self.assertEqual(first.status_id, done)
        self.assertFalse(second.status_id)

    def test_one_that_cannot_holds_up_all(self):
        archived, opened = self.new_ticket(), self.new_ticket()
        archived.action_close()
        archived.action_archive_ticket()
        with self.assertRaises(UserError):
            (opened | archived).write({"state": "waiting"})
        self.assertEqual(opened.state, "open")

    def test_a_ticket_that_is_created_closed_is_closed_like_any_other(self):
        closed, waiting = self.env["servicedesk.ticket"].create([
            {"subject": "Old", "department_id": self.support.id, "state": "closed"},
            {"subject": "Old", "department_id": self.support.id, "state": "waiting"}])
        self.assertTrue(closed.closed_at)
        self.assertEqual(waiting.waiting_for, "customer")
        closed.closed_at = LONG_AGO
        self.assertIn(closed, closed.search(closed._get_archive_domain()))
