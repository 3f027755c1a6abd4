import runpy

from odoo.tools.misc import file_path

from ..common import ServicedeskCase


class TestHistoryUpdate(ServicedeskCase):
    """Updating a database whose history holds the subjects of other tickets."""

    def test_subjects_leave_the_history_of_others(self):
        secret = self.new_ticket(subject="Dismissal · of Mr Novák", department_id=self.billing.id)
        ticket = self.new_ticket()
        Event = self.env["servicedesk.event"]
        named, gone, moved = Event.create([
            {"ticket_id": ticket.id, "kind": "related", "new_value": f"{secret.number} · {secret.subject}"},
            {"ticket_id": ticket.id, "kind": "split", "new_value": "SD-999999 · Deleted · long ago"},
            {"ticket_id": ticket.id, "kind": "parent_id", "old_value": f"{secret.number} · {secret.subject}"},
        ])
        other = Event.create({"ticket_id": ticket.id, "kind": "subject", "old_value": "A · B", "new_value": "C · D"})
        self.env.flush_all()
        script = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.1/post-history_ids.py"))
        script["migrate"](self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
        self.assertEqual((named.new_ids, named.new_value), (secret.ids, False))
        self.assertEqual((moved.old_ids, moved.old_value), (secret.ids, False))
        self.assertEqual((gone.new_ids, gone.new_value), (False, "SD-999999"))
        self.assertEqual((other.old_value, other.new_value), ("A · B", "C · D"), "words that are no ticket stay")
        self.assertIn(("related", "", secret.number), self.history(ticket, self.agent))
