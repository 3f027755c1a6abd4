from odoo.exceptions import AccessError, UserError, ValidationError

from ..common import ServicedeskCase


class TestMacro(ServicedeskCase):
    def macro(self, *steps, **vals):
        return self.env["servicedesk.macro"].create({
            "name": "Password", "step_ids": [(0, 0, {"sequence": index, **step}) for index, step in enumerate(steps)],
            **vals})

    def test_all_steps_in_order_on_many(self):
        tag = self.env["servicedesk.tag"].create({"name": "Password"})
        template = self.env["servicedesk.template"].create(
            {"name": "T", "body": "<p>Done, {{contact.name}}: {{ticket.number}}</p>"})
        project = self.env["project.project"].create({"name": "Work"})
        macro = self.macro(
            {"type": "take"}, {"type": "priority", "priority": "0"}, {"type": "tag", "tag_ids": [(6, 0, tag.ids)]},
            {"type": "note", "body": "<p>By the book</p>"}, {"type": "answer", "template_id": template.id},
            {"type": "task", "project_id": project.id}, {"type": "close"})
        tickets = self.new_ticket() | self.new_ticket()
        self.agent.group_ids |= self.env.ref("project.group_project_user")
        macro.with_user(self.agent).run(tickets.ids)
        for ticket in tickets:
            self.assertEqual((ticket.owner_id, ticket.priority, ticket.tag_ids, ticket.state),
                             (self.agent, "0", tag, "closed"))
            answer = ticket.item_ids.filtered(lambda item: item.kind == "email")
            self.assertIn(f"Done, Jana Novotná: {ticket.number}", answer.body)
            self.assertIn(answer.state, ("queued", "scheduled"))
            self.assertEqual(answer.author_user_id, self.agent)
            self.assertTrue(ticket.item_ids.filtered(lambda item: item.kind == "note"))
            self.assertTrue(self.env["project.task"].search([("servicedesk_ticket_ids", "in", ticket.ids)]))
            self.assertIn("macro", ticket.event_ids.mapped("kind"))

    def test_runs_as_the_user(self):
        macro = self.macro({"type": "close"})
        with self.assertRaises(AccessError):
            macro.with_user(self.agent).run(self.new_ticket(department_id=self.billing.id).ids)
        with self.assertRaises(AccessError):
            macro.with_user(self.agent).name = "x"

    def test_what_cannot_be_done_is_said_with_its_step(self):
        macro = self.macro({"type": "priority", "priority": "3"}, {"type": "take"})
        ticket = self.new_ticket(owner_id=self.junior.id)
        with self.assertRaisesRegex(UserError, "Assign to me.*Junior"), self.env.cr.savepoint():
            macro.with_user(self.agent).run(ticket.ids)
        self.env.invalidate_all()
        self.assertEqual(ticket.priority, "1")

    def test_only_where_it_fits(self):
        macro = self.macro({"type": "close"}, department_id=self.billing.id)
        offered = self.env["servicedesk.macro"].with_user(self.agent).get_offered(self.new_ticket().ids)
        self.assertNotIn(macro.id, [entry["id"] for entry in offered])
        with self.assertRaises(UserError):
            macro.with_user(self.agent).run(self.new_ticket().ids)

    def test_incomplete_steps_are_refused(self):
        for step in ({"type": "priority"}, {"type": "answer"}, {"type": "note", "body": "<p><br></p>"},
                     {"type": "wait", "waiting_for": "date", "days": 0}):
            with self.subTest(step=step), self.assertRaises(ValidationError):
                self.macro(step)

    def test_waiting_for_a_date(self):
        ticket = self.new_ticket()
        self.macro({"type": "wait", "waiting_for": "date", "days": 2}).with_user(self.agent).run(ticket.ids)
        self.assertEqual((ticket.state, ticket.waiting_for), ("waiting", "date"))
        self.assertTrue(ticket.reopen_at)
