from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase


@tagged("post_install", "-at_install")
class TestSlaTour(ServicedeskCase, HttpCase):
    def test_badge_and_breach(self):
        """An agent sees what is in time, at risk and overdue, why, and who was told; waiting stops the clock."""
        self.agent.password = "agent"
        manager = self._new_agent("manager", self.billing, "supervisor")
        policy = self.env["servicedesk.sla.policy"].create({"name": "Standard", "resolution_hours": 1})
        self.env["servicedesk.escalation.step"].create(
            {"policy_id": policy.id, "trigger": "breach", "recipient": "manager"})
        self.support.write({"calendar_id": False, "manager_id": manager.id})
        Clock = self.env["servicedesk.sla.clock"]
        now = fields.Datetime.now()
        tickets = {subject: self.new_ticket(subject=subject) for subject in ("On track", "At risk", "Too late")}
        Clock.search([]).unlink()  # they began just now: begin again, some time ago
        self.support.sla_policy_id = policy
        for ticket, minutes in zip(tickets.values(), (5, 50, 85), strict=True):
            Clock._start(ticket, now - timedelta(minutes=minutes))
        Clock.search(Clock._get_due_domain())._process_due_alarms()
        self.assertEqual([ticket.sla_state for ticket in tickets.values()], ["running", "soon", "late"])
        self.start_tour("/odoo/tickets", "servicedesk_sla", login="agent")
        ticket = tickets["Too late"]
        self.assertEqual((ticket.waiting_for, ticket.sla_state), ("customer", "paused"))
