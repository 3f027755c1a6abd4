from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from ..common import ServicedeskCase


@tagged("post_install", "-at_install")
class TestReadingTours(ServicedeskCase, HttpCase):
    """Finding one's way in a long ticket, in a real browser."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        self.ticket = self.new_ticket(subject="Long", owner_id=self.agent.id)

    def _say(self, *texts, days=0):
        items = self.env["servicedesk.item"].create([{
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "author_partner_id": self.jana.id, "author_name": "Jana Novotná",
            "email_from": "jana.novotna@stavbyvltava.example", "body": f"<p>{text}</p>"} for text in texts])
        self.env.flush_all()
        for number, item in enumerate(items):
            moment = fields.Datetime.now() - timedelta(days=days) + timedelta(seconds=number)
            self.env.cr.execute("UPDATE servicedesk_item SET create_date = %s, date = %s WHERE id = %s",
                                [moment, moment, item.id])
        items.invalidate_recordset()
        return items

    def test_search(self):
        self._say("The <b>hid</b>den treasure", days=30)
        self._say(*(f"filling {number}" for number in range(70)), days=20)
        self._say("newest words", days=1)
        self.start_tour(f"/odoo/tickets/{self.ticket.id}", "servicedesk_search_in_ticket", login="agent")

    def test_divider_and_keys(self):
        known = self._say(*(f"known {number}" for number in range(5)), days=3)
        mine = self.ticket.with_user(self.agent)
        mine.mark_read()
        mine.mark_shown(known.ids)
        self.env.cr.execute("UPDATE servicedesk_read SET first_at = first_at - interval '2 days',"
                            " last_at = last_at - interval '2 days'")
        self._say("first new", *(f"new {number}" for number in range(8)), days=1)
        self.start_tour(f"/odoo/tickets/{self.ticket.id}", "servicedesk_divider", login="agent")
        self.env.invalidate_all()
        seen = self.env["servicedesk.read"].search([("user_id", "=", self.agent.id), ("item_id", "!=", False)])
        self.assertGreater(len(seen), len(known), "what came into sight has been marked")

    def test_address_actions(self):
        self.env.company.country_id = self.env.ref("base.cz")
        self.jana.phone = "+420 602 123 456"
        self.agent.group_ids += self.env.ref("base.group_partner_manager")
        self._say("Please write to eva@elsewhere.example or call 602 123 456.")
        self.start_tour(f"/odoo/tickets/{self.ticket.id}", "servicedesk_address_actions", login="agent")
        draft = self.env["servicedesk.item"].search([("ticket_id", "=", self.ticket.id), ("state", "=", "draft")])
        self.assertEqual(draft.email_to, "eva@elsewhere.example")
