import json
import time
from datetime import timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

from odoo import fields
from odoo.tools.mail import email_split_tuples

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..tools.sms_gateway import base
from .common import ServicedeskCase, build_mail
from .test_sms import SmsCase

JANA = "jana.novotna@stavbyvltava.example"


class TestHostileMail(ServicedeskCase):
    def test_an_endless_message_id_does_not_stop_the_queue(self):
        """PostgreSQL keeps no index entry over 2,704 bytes; that is an error of this mail, not of the transaction."""
        numbers = "".join(f"{number * 7919 % 99991:x}" for number in range(30_000))
        raw = build_mail(JANA, "support@severka.example", "Endless").as_bytes()
        for message_id in (f"<{numbers[:20_000]}@x.example>", "<%s@x.example>" % "".join(
                chr(0x4e00 + number * 7919 % 20_000) for number in range(990))):
            row = self.arrive(raw.replace(
                raw[raw.index(b"Message-ID: ") + 12:raw.index(b"\n", raw.index(b"Message-ID: "))],
                message_id.encode()))
            self.assertEqual((row.state, row.item_id.subject), ("done", "Endless"), row.reason)

    def test_a_row_that_the_database_refuses_waits_and_others_go_on(self):
        row = self.env["servicedesk.intake"]._store(
            build_mail(JANA, "support@severka.example", "Too large").as_bytes(), self.support)

        def refuse(_row):
            self.env.cr.execute("SELECT repeat('x', 1073741824)")

        self.patch(type(row), "_file_original", refuse)
        row._process()
        self.assertEqual((row.state, row.attempts), ("new", 1))

    def test_the_same_mail_by_two_ways_is_one(self):
        """A relay that delivers again, or to two addresses of one mailbox, adds its own lines at the top."""
        raw = build_mail(JANA, "support@severka.example", "Once").as_bytes()
        first = self.arrive(b"Received: from a by b; 1\r\nDelivered-To: support@severka.example\r\n" + raw)
        again = self.arrive(b"Received: from a by b; 2\r\nX-Original-To: help@severka.example\r\n" + raw)
        self.assertEqual((first.outcome, again.outcome), ("new", "duplicate"))
        other = self.arrive(raw.replace(b"Hello", b"Good day"))
        self.assertNotEqual(other.outcome, "duplicate", "the same number with other words is another mail")

    def test_what_came_empty_is_not_taken_for_lost(self):
        row = self.env["servicedesk.intake"]._store(b"", self.support)
        row._process()
        self.assertNotIn(row.outcome, (False, "lost"))
        self.assertNotEqual(row.state, "failed")

    def test_what_is_no_longer_kept_becomes_no_empty_ticket(self):
        self.env["servicedesk.ban"].create({"value": JANA})
        row = self.arrive(build_mail(JANA, "support@severka.example", "Old"))
        self.assertEqual(row.state, "quarantined")
        self.support.keep_rejected_days = 30
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60):
            self.env["servicedesk.intake"]._forget_originals(
                self.support, ("quarantined",), fields.Datetime.now() + timedelta(days=1))
        row.action_release()
        row._process()
        self.assertFalse(row.item_id)
        self.assertEqual(row.state, "failed")
        self.assertTrue(row.reason)


class TestHostileAnswer(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.arrive(build_mail(JANA, "support@severka.example", "VPN"))
        self.ticket = self.env["servicedesk.ticket"].search([("contact_email", "=", JANA)], limit=1)

    def test_blind_recipients_do_not_see_each_other(self):
        item = self.write_answer(self.ticket, self.agent, email_cc="alena.hajkova@stavbyvltava.example",
                                 email_bcc="one@archive.example, two@archive.example")
        sent = self.send_queued(item)
        reached = [address for _message, _from, recipients in sent for address in recipients]
        self.assertEqual(sorted(reached), sorted([
            JANA, "alena.hajkova@stavbyvltava.example", "one@archive.example", "two@archive.example"]))
        for message, _from, recipients in sent:
            text = message.as_string()
            for address in ("one@archive.example", "two@archive.example"):
                self.assertFalse(address in text and recipients != [address], f"{recipients} see {address}")
        self.assertEqual(item.state, "sent")

    def test_one_refused_recipient_of_several_is_seen(self):
        item = self.write_answer(self.ticket, self.agent, email_cc="nobody@stavbyvltava.example")
        gone = {"nobody@stavbyvltava.example": (550, b"5.1.1 no such user")}

        class Session:
            from_filter = False
            smtp_from = "support@severka.example"

            def send_message(self, *args):
                return gone

            def quit(self):
                pass

        item.write({"state": "sending", "claimed_by": 1})
        with patch.object(IrMail_Server, "_disable_send", lambda self: False), \
                patch.object(IrMail_Server, "_connect__", lambda self, *args, **kwargs: Session()):
            item._send_now()
        self.assertEqual((item.state, item.failure_reason),
                         ("bounced", "nobody@stavbyvltava.example: 550 5.1.1 no such user"))

    def test_a_customer_cannot_call_an_internal_picture_into_an_answer(self):
        note = self.env["servicedesk.item"].create(self.env["servicedesk.item"]._prepare_note_vals(
            self.ticket, "<p>Internal</p>", self.agent))
        secret = self.env["ir.attachment"].create({
            "name": "secret.png", "raw": b"\x89PNG secret", "mimetype": "image/png", "res_model": note._name,
            "res_id": note.id})
        shown = f'<p>See</p><img src="/web/image/{secret.id}">'
        item = self.write_answer(self.ticket, self.agent, f"<p>Hello</p><blockquote>{shown}</blockquote>")
        for message, _from, _to in self.send_queued(item):
            self.assertNotIn(b"image/png", message.as_bytes())

    def test_line_ends_in_a_subject_stop_no_answer(self):
        for subject in ("VPN\r\nBcc: eve@elsewhere.example", "VPN\u2028down", "VPN\x0bdown"):
            self.ticket.subject = subject
            item = self.write_answer(self.ticket, self.agent)
            [(message, _from, recipients)] = self.send_queued(item)
            self.assertEqual((item.state, recipients), ("sent", [JANA]), item.failure_reason)
            self.assertFalse(message["Bcc"])

    def test_name_of_a_department_with_a_comma(self):
        self.support.name = 'Faktury, pohledávky "sever"'
        item = self.write_answer(self.ticket, self.agent)
        [(message, _from, _to)] = self.send_queued(item)
        parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
        [address] = parsed["Reply-To"].addresses
        self.assertEqual((address.display_name, address.addr_spec),
                         ('Faktury, pohledávky "sever"', "support@severka.example"))
        self.assertEqual(email_split_tuples(item.email_from), [(address.display_name, address.addr_spec)])


class TestHostileSms(SmsCase):
    def test_what_no_database_takes_is_taken_out(self):
        row = self.receive("Ahoj\0 tady", number="n\x001")
        self.assertEqual((row.state, row.item_id.sms_text), ("done", "Ahoj tady"))
        half = base.Request("POST", "/x", {"content-type": "application/json"}, b'{"a": "x\\ud800\\u0000y"}')
        self.assertEqual(half.form, {"a": "xy"})
        self.assertIn(b"xy", half.dump())
        status, *_rest = self.gateway._receive(self.gateway.token, "in", base.Request(
            "GET", "/x?secret=in-secret&from=420602123456&to=420910000001&text=a&ts=%C2%B2"), "192.0.2.1")
        self.assertEqual(status, 200)

    def test_no_secret_in_the_ledger_from_a_form_or_json(self):
        self.gateway.write({"provider": "generic", "verification": "secret"})
        bodies = {
            "application/x-www-form-urlencoded": b"secret=in-secret&from=%2B420602123456&to=910000001&text=Ahoj&id=1",
            "application/json": json.dumps({"secret": "in-secret", "from": "+420602123456", "to": "910000001",
                                            "text": "Ahoj", "id": "2"}).encode(),
        }
        for kind, body in bodies.items():
            request = base.Request("POST", "/x", {"content-type": kind}, body)
            self.assertEqual(self.gateway._receive(self.gateway.token, "in", request, "192.0.2.1")[0], 200)
            row = self.env["servicedesk.intake"].search([], limit=1, order="id desc")
            raw = row._get_raw()
            self.assertNotIn(b"in-secret", raw)
            self.assertNotIn(b"in-secret", base.Request.load(raw).body)
            self.assertNotIn(self.gateway.token.encode(), raw)
            self.env["servicedesk.intake"]._cron_process_sms()
            self.assertEqual((row.state, row.item_id.sms_text), ("done", "Ahoj"), row.traceback)

    def test_time_that_is_no_number(self):
        self.gateway.write({"provider": "generic"})
        request = base.Request("POST", "/x", {"x-timestamp": "²", "x-signature": "0"}, b"{}")
        self.assertEqual(self.gateway._receive(self.gateway.token, "in", request, "192.0.2.1")[0], 403)
        deep = base.Request("POST", "/x", {"content-type": "application/json", "x-timestamp": str(int(time.time())),
                                           "x-signature": "0"}, b"[" * 60_000)
        self.gateway.verification = "secret"
        self.assertEqual(self.gateway._receive(self.gateway.token, "in", deep, "192.0.2.1")[0], 403)

    def test_what_another_app_sends_again_has_reports_of_its_own(self):
        self.env.company.servicedesk_sms_gateway_id = self.gateway
        mine = self.env["sms.sms"].create({"number": "+420602123456", "body": "Ahoj"})
        api = self.env.company._get_sms_api_class()(self.env)
        api._set_company(self.env.company)
        message = [{"content": "Ahoj", "numbers": [{"number": mine.number, "uuid": mine.uuid}]}]
        api._send_sms_batch(message)
        sms = self.env["servicedesk.sms"].search([("reference", "=", mine.uuid)])
        self.run_worker()
        self.report(sms, "failed", "absent")
        self.assertEqual(sms.state, "failed")
        self.env.cr.execute("UPDATE servicedesk_sms_report SET create_date = create_date - interval '1 hour'")
        self.env.invalidate_all()
        api._send_sms_batch(message)
        self.run_worker()
        self.assertEqual(sms.state, "sent")
        self.report(sms, "failed", "absent")
        self.assertEqual(sms.state, "failed", "the second failure is not taken for a replay of the first")
