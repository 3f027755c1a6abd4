from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError

from .common import ServicedeskCase, build_mail

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
        ticket = self.new_ticket(contact_email="a@evil.example")
        with self.assertRaises(AccessError):
            self.env["servicedesk.ban"].with_user(self.agent).create({"value": "a@evil.example"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).action_ban_sender()
        self.agent.servicedesk_membership_ids.can_ban = True
        action = ticket.with_user(self.agent).action_ban_sender()
        self.env["servicedesk.ban"].with_user(self.agent).with_context(**action["context"]).create({})
        self.assertEqual(self.env["servicedesk.ban"].search([]).value, ticket.contact_email)
