from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form

from ..common import ServicedeskCase


class TestFamily(ServicedeskCase):
    def facts(self, ticket):
        return [(kind, new) for kind, _old, new in self.history(ticket)]

    def test_child_is_known_on_both_sides(self):
        parent = self.new_ticket().with_user(self.agent)
        action = parent.action_new_child()
        form = Form(self.env["servicedesk.ticket"].with_user(self.agent).with_context(**action["context"]))
        form.subject = "New cable"
        child = form.save()
        self.assertEqual((child.parent_id, child.partner_id, child.contact_id), (parent, self.client, self.jana))
        self.assertEqual(parent.child_ids, child)
        self.assertEqual(self.facts(parent), [("child_added", child.display_name)])
        child.parent_id = False
        self.assertEqual(self.facts(parent)[1:], [("child_removed", child.display_name)])
        self.assertEqual(self.facts(child), [("parent_id", "")])

    def test_no_circles(self):
        parent = self.new_ticket()
        child = self.new_ticket(parent_id=parent.id)
        with self.assertRaises(ValidationError):
            parent.parent_id = child

    def test_nobody_hangs_a_ticket_under_one_out_of_sight(self):
        hidden = self.new_ticket(department_id=self.billing.id)
        own = self.new_ticket().with_user(self.agent)
        with self.assertRaises(AccessError):
            own.parent_id = hidden.id
        with self.assertRaises(AccessError):
            own.create({"subject": "x", "department_id": self.support.id, "parent_id": hidden.id})
