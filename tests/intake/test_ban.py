from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError

from ..common import ServicedeskCase, build_mail

SUPPORT = "support@severka.example"


class TestBan(ServicedeskCase):
    def ban(self, value, **vals):
        return self.env["servicedesk.ban"].create({"value": value, "reason": "spam", **vals})

    def test_banned_mail_waits_in_quarantine(self):
        ban = self.ban("Spam <Spam@Evil.Example>")
        self.assertEqual((ban.value, ban.kind), ("spam@evil.example", "address"))
        before = self.env["servicedesk.ticket"].search_count([])
        row = self.arrive(build_mail("spam@evil.example", SUPPORT, "Buy"))
        self.assertEqual((row.state, row.outcome, ban.hits), ("quarantined", "banned", 1))
        self.assertIn("spam", row.reason)
        self.assertEqual(self.env["servicedesk.ticket"].search_count([]), before)
        self.assertFalse(self.env["mail.mail"].search([("email_to", "ilike", "spam@evil.example")]))
        row.with_user(self.env.ref("base.user_admin")).action_release()
        row._process()
        self.assertEqual((row.state, row.outcome), ("done", "new"))
        self.assertEqual(ban.hits, 1)

    def test_domain_with_all_below(self):
        self.ban("@evil.example")
        for sender, state in (("a@evil.example", "quarantined"), ("a@mail.evil.example", "quarantined"),
                              ("a@notevil.example", "done"), ("a@evil.example.org", "done")):
            self.assertEqual(self.arrive(build_mail(sender, SUPPORT, sender)).state, state, sender)

    def test_expired_and_other_companies_bans_do_not_hold(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ban("a@evil.example", expires_at=fields.Datetime.now() - timedelta(minutes=1))
        self.ban("b@evil.example", company_id=other.id)
        for sender in ("a@evil.example", "b@evil.example"):
            self.assertEqual(self.arrive(build_mail(sender, SUPPORT, sender)).state, "done")

    def test_too_broad_or_suicidal_bans_are_refused(self):
        for value in ("cz", "severka.example", SUPPORT, "nonsense"):
            with self.assertRaises(ValidationError, msg=value):
                self.ban(value)

    def test_the_right_is_the_memberships(self):
        with self.assertRaises(AccessError):
            self.env["servicedesk.ban"].with_user(self.agent).create({"value": "a@evil.example"})
        self.agent.servicedesk_membership_ids.can_ban = True
        self.env["servicedesk.ban"].with_user(self.agent).create({"value": "a@evil.example"})

    def wizard(self, tickets, **vals):
        return self.env["servicedesk.ban.senders"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, tickets.ids)], **vals})

    def test_from_the_list_in_bulk_with_their_tickets(self):
        first, second = (self.new_ticket(contact_email=f"{name}@evil.example") for name in "ab")
        other = self.new_ticket(contact_email="a@evil.example", state="waiting")
        innocent = self.new_ticket(contact_email="c@good.example")
        with self.assertRaises(AccessError):
            self.wizard(first | second).action_ban()
        self.agent.servicedesk_membership_ids.can_ban = True
        wizard = self.wizard(first | second, then="close", reason="spam")
        self.assertEqual((wizard.values, wizard.open_count), ("a@evil.example, b@evil.example", 3))
        wizard.action_ban()
        self.assertEqual((first | second | other).mapped("state"), ["closed"] * 3)
        self.assertEqual(innocent.state, "open")
        self.wizard(first | second, scope="domain").action_ban()
        self.assertEqual(self.arrive(build_mail("new@evil.example", SUPPORT)).state, "quarantined")

    def test_deleting_needs_its_own_right(self):
        ticket = self.new_ticket(contact_email="a@evil.example")
        self.agent.servicedesk_membership_ids.can_ban = True
        with self.assertRaises(AccessError):
            self.wizard(ticket, then="delete").action_ban()
        self.agent.servicedesk_membership_ids.can_delete = True
        self.wizard(ticket, then="delete").action_ban()
        self.assertFalse(ticket.exists())
