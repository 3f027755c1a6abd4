from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
SUPPORT = "support@severka.example"

BOUNCE = """From: MAILER-DAEMON@mx.example
To: {sender}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce1@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver your message.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; jana.novotna@stavbyvltava.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: Re: VPN

--b--
"""


class TestReports(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.arrive(build_mail(JANA, SUPPORT, "VPN")).ticket_id
        self.answer = self.write_answer(self.ticket, self.agent)
        self.answer.state = "sent"
        self.ticket.unread = False

    def bounce(self, status="5.1.1", action="failed"):
        return self.arrive(BOUNCE.format(
            sender=SUPPORT, status=status, action=action, message_id=self.answer.message_id).encode())

    def test_bounce_shows_on_the_item_and_brings_the_ticket_back(self):
        row = self.bounce()
        self.assertEqual((row.outcome, row.item_id), ("bounce", self.answer))
        self.assertEqual(self.answer.state, "bounced")
        self.assertIn("does not know this address", self.answer.failure_reason)
        self.assertIn("no such user", self.answer.failure_detail)
        self.assertIn("does not know this address", row.reason)
        self.assertIn("no such user", row.reason_detail)
        self.assertEqual((self.ticket.state, self.ticket.unread), ("open", True))
        self.assertEqual(len(self.ticket.item_ids), 2, "no new ticket, no new item")
        self.assertEqual(self.jana.message_bounce, 1)

    def test_report_tells_of_our_recipients_only_and_once(self):
        """Whoever has got a mail of ours knows its Message-Id and can write any report about it."""
        others = self.env["res.partner"].create([
            {"name": f"Other {n}", "email": f"other{n}@elsewhere.example"} for n in range(3)])
        self.answer.email_cc = "alena.hajkova@stavbyvltava.example"
        self.ticket.unread = False
        foreign = [f"Final-Recipient: rfc822; {other.email}\nAction: failed\nStatus: 5.1.1\n" for other in others]
        report = BOUNCE.format(sender=SUPPORT, status="5.1.1", action="failed", message_id=self.answer.message_id)
        part = report.index("Final-Recipient")
        only_foreign = f"{report[:part]}{chr(10).join(foreign)}\n{report[report.index('--b' + chr(10), part):]}"
        self.assertEqual(self.arrive(only_foreign.encode()).outcome, "bounce")
        self.assertEqual((self.answer.state, self.ticket.unread), ("sent", False))
        self.assertIn("other0@elsewhere.example", self.answer.delivery_note)
        both = f"{report[:part]}{chr(10).join(foreign)}\n{report[part:]}".replace("bounce1", "bounce2")
        for number in range(3):
            self.arrive(both.replace("bounce2", f"again{number}").encode())
        self.assertEqual(self.answer.state, "bounced")
        self.assertEqual([self.jana.message_bounce, self.alena.message_bounce, *others.mapped("message_bounce")],
                         [1, 0, 0, 0, 0])
        self.arrive(both.replace("jana.novotna@", "alena.hajkova@").encode())
        self.assertEqual((self.jana.message_bounce, self.alena.message_bounce), (1, 1))

    def test_delay_is_no_bounce(self):
        self.bounce("4.4.1", "delayed")
        self.assertIn("delayed", self.answer.delivery_note)
        self.assertIn("no such user", self.answer.failure_detail)
        self.assertEqual((self.answer.state, self.ticket.state), ("sent", "waiting"))

    def test_bounce_of_a_foreign_mail_opens_no_ticket(self):
        before = self.env["servicedesk.ticket"].search_count([])
        row = self.arrive(BOUNCE.format(sender=SUPPORT, status="5.1.1", action="failed",
                                        message_id="<someone@else>").encode())
        self.assertEqual((row.state, row.outcome), ("quarantined", "bounce"))
        self.assertEqual(self.env["servicedesk.ticket"].search_count([]), before)

    def test_out_of_office_is_shown_and_changes_nothing(self):
        row = self.arrive(build_mail(JANA, SUPPORT, "Automatická odpověď: VPN", "I am away",
                                     In_Reply_To=self.answer.message_id, Auto_Submitted="auto-replied"))
        self.assertEqual((row.outcome, row.ticket_id), ("auto_reply", self.ticket))
        self.assertEqual((self.ticket.state, self.ticket.unread), ("waiting", False))
        lost = self.arrive(build_mail(JANA, SUPPORT, "Out of office", "away", Auto_Submitted="auto-replied"))
        self.assertEqual(lost.state, "quarantined")
        lost.action_release()
        lost._process()
        self.assertEqual((lost.state, lost.ticket_id.subject), ("done", "Out of office"), "a person asked for it")


class TestPolicy(ServicedeskCase):
    def refusals(self, sender):
        return self.env["mail.mail"].search([("email_to", "=", sender)])

    def test_known_clients_only_with_one_polite_refusal_a_day(self):
        self.support.sender_policy = "known"
        self.support.company_id.phone = "+420 222 333 444"
        self.assertEqual(self.arrive(build_mail("new@stavbyvltava.example", SUPPORT)).outcome, "new")
        for number in range(3):
            row = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, f"Hello {number}"))
            self.assertEqual((row.state, row.outcome, bool(row.item_id)), ("refused", "refused", False))
        mail = self.refusals("eve@elsewhere.example")
        self.assertEqual(len(mail), 1)
        self.assertIn("auto-replied", mail.headers)
        self.assertIn("call us: +420 222 333 444.", mail.body_html)
        robot = self.arrive(build_mail("bot@elsewhere.example", SUPPORT, "x", Auto_Submitted="auto-generated"))
        self.assertEqual(robot.state, "refused")
        self.assertFalse(self.refusals("bot@elsewhere.example"))
        row.with_user(self.env.ref("base.user_admin")).action_release()
        row._process()
        self.assertEqual(row.outcome, "new", "nothing is lost")

    def test_authorised_contacts_only(self):
        self.support.sender_policy = "authorised"
        self.assertEqual(self.arrive(build_mail(JANA, SUPPORT)).state, "refused")
        self.jana.servicedesk_authorised = True
        row = self.arrive(build_mail(JANA, SUPPORT, "Again"))
        self.assertEqual(row.outcome, "new")
        answer = self.arrive(build_mail("Alena <alena.hajkova@stavbyvltava.example>", SUPPORT,
                                        f"[{row.ticket_id.number}]"))
        self.assertEqual(answer.outcome, "reply", "answers on own tickets are let in")

    def test_monitoring_is_no_loop_but_a_flood_waits(self):
        self.support.flood_limit = 10
        rows = [self.arrive(build_mail("monitor@srv.example", SUPPORT, f"Disk {n} % full", f"value {n}"))
                for n in range(12)]
        self.assertEqual([row.state for row in rows], ["done"] * 10 + ["quarantined"] * 2)
        other = self.arrive(build_mail("monitor@srv.example", SUPPORT, "Fan broken"))
        self.assertEqual(other.state, "done")

    def test_alternative_address_and_shared_address(self):
        self.env["servicedesk.address"].create({"partner_id": self.jana.id, "value": "Jana <JANA@home.example>"})
        row = self.arrive(build_mail("jana@home.example", SUPPORT))
        self.assertEqual((row.ticket_id.partner_id, row.item_id.author_partner_id), (self.client, self.jana))
        (self.jana | self.alena).email = "office@stavbyvltava.example"
        row = self.arrive(build_mail("office@stavbyvltava.example", SUPPORT))
        self.assertEqual(row.ticket_id.partner_id, self.client)
        self.assertFalse(row.ticket_id.contact_id, "the agent chooses who of them it was")

    def test_two_departments_get_a_ticket_each_and_know_of_each_other(self):
        message = build_mail(JANA, f"{SUPPORT}, billing@severka.example", "Both")
        first, second = self.arrive(message, self.support), self.arrive(message, self.billing)
        self.assertEqual(first.ticket_id.related_ids, second.ticket_id)
        self.assertEqual(second.ticket_id.related_ids, first.ticket_id)

    def test_stranger_with_a_number_is_linked_for_review(self):
        ticket = self.new_ticket()
        row = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, f"[{ticket.number}]"))
        self.assertEqual(row.ticket_id.related_ids, ticket)

    def test_originals_are_dropped_by_rule_and_the_line_stays(self):
        self.support.write({"keep_original_days": 30, "keep_rejected_days": 10})
        old, young = self.arrive(build_mail(JANA, SUPPORT, "old")), self.arrive(build_mail(JANA, SUPPORT, "young"))
        spam = self.arrive(build_mail(SUPPORT, SUPPORT, "own"))
        (old | spam).received_at = fields.Datetime.now() - timedelta(days=31)
        self.patch(self.env.cr, "commit", lambda: None)
        self.env["servicedesk.intake"]._cron_forget_originals()
        self.assertEqual([bool(row._get_raw()) for row in (old, young, spam)], [False, True, False])
        self.assertTrue(old.exists() and old.item_id)

    def test_settling_quarantine_is_the_supervisors(self):
        self.env["servicedesk.ban"].create({"value": "spam@evil.example"})
        row = self.arrive(build_mail("spam@evil.example", "billing@severka.example"), self.billing)
        with self.assertRaises(AccessError):
            row.with_user(self.agent).action_refuse()
        row.with_user(self.clerk).action_refuse()
        self.assertEqual(row.state, "refused")
