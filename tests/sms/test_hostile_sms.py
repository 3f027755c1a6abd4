import json
import time

from ...tools.sms.sms_gateway import base
from .test_sms import SmsCase


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
