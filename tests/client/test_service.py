from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user

from ..common import ServicedeskCase


class TestServicesAndTasks(ServicedeskCase):
    def test_only_services_of_the_tickets_client_and_company(self):
        other_client = self.env["res.partner"].create({"name": "Other", "is_company": True})
        other_company = self.env["res.company"].create({"name": "Other"})
        Service = self.env["servicedesk.service"]
        own, foreign, elsewhere = Service.create([
            {"name": "Network Premium", "reference": "S-12", "partner_id": self.client.id},
            {"name": "Foreign", "partner_id": other_client.id},
            {"name": "Elsewhere", "partner_id": self.client.id, "company_id": other_company.id},
        ])
        ticket = self.new_ticket(service_id=own.id)
        for wrong in (foreign, elsewhere):
            with self.assertRaises(ValidationError):
                ticket.service_id = wrong
        with self.assertRaises(ValidationError):
            ticket.write({"partner_id": other_client.id})
        with Form(ticket.with_user(self.agent)) as form:
            form.partner_id = other_client
            self.assertFalse(form.service_id)

    def test_task_from_the_ticket_is_seen_on_both_sides(self):
        planner = self._new_agent("planner", self.support, "specialist")
        planner.group_ids += self.env.ref("project.group_project_user")
        project = self.env["project.project"].create({"name": "Work", "privacy_visibility": "employees"})
        ticket = self.new_ticket().with_user(planner)
        action = ticket.action_new_task()
        task = self.env["project.task"].with_user(planner).with_context(**action["context"]).create(
            {"project_id": project.id, "date_deadline": "2026-12-01"})
        self.assertEqual(ticket.task_ids, task)
        self.assertEqual(task.servicedesk_ticket_ids, ticket)
        self.assertEqual((task.name, task.partner_id, task.user_ids), ("VPN", self.client, planner))
        colleague = new_test_user(self.env, "engineer", "project.group_project_user")
        task.with_user(colleague).read(["name"])
        self.assertNotIn("servicedesk_ticket_ids", task.with_user(colleague).fields_get())

    def test_agent_without_projects_opens_the_ticket(self):
        ticket = self.new_ticket().with_user(self.agent)
        self.assertNotIn("task_ids", ticket.fields_get())
        with Form(ticket) as form:
            form.subject = "Changed"
