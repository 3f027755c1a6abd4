import http.server
import json
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.tests import BaseCase

from ...tools.sms import phone, sms_text
from ...tools.sms.sms_gateway import (
    ACCEPTED,
    DOWN,
    REFUSED,
    UNKNOWN,
    Message,
    Refused,
    Request,
    base,
    generic,
    open_gateway,
    twilio,
)

PHONES = Path(__file__).resolve().parents[2].joinpath("..", "shared", "corpus", "phones").resolve()
# The numbers that libphonenumber's own tests of parsing expect (PhoneNumberUtilTest), as country code and number.
EXPECTED = {
    "NZ_NUMBER": (64, 33316005), "DE_NUMBER": (49, 30123456), "JP_STAR_NUMBER": (81, 2345),
    "US_NUMBER": (1, 6502530000), "INTERNATIONAL_TOLL_FREE": (800, 12345678), "IT_NUMBER": (39, 236618300),
    "IT_MOBILE": (39, 345678901), "AR_MOBILE": (54, 91187654321), "AR_NUMBER": (54, 1187654321),
    "UNIVERSAL_PREMIUM_RATE": (979, 123456789), "ALPHA_NUMERIC_NUMBER": (1, 80074935247),
}


class TestPhone(BaseCase):
    def corpus(self, name):
        if not (PHONES / name).exists():
            self.skipTest(f"the corpus of phone numbers is not beside the checkout: {PHONES}")
        return json.loads((PHONES / name).read_text())

    def test_notations(self):
        for written in ("602 123 456", "602123456", "+420602123456", "00420 602 123 456", "420602123456",
                        "+420 (602) 123-456", "tel:+420-602-123-456", "602/123456", "６０２１２３４５６",
                        "\u202a+420 602 123 456\u202c"):
            with self.subTest(written):
                self.assertEqual(phone.e164(written, "CZ"), "+420602123456")
        for written in ("", None, "602", "abc", "1234567890123456", "+420 602 123 45", "jana@example.com"):
            with self.subTest(written):
                self.assertEqual(phone.e164(written, "CZ"), "")

    def test_senders(self):
        for written, expected in (("420602123456", "+420602123456"), ("+420602123456", "+420602123456"),
                                  ("O2 Info", "O2 Info"), ("90211", "90211"), ("602123456", "+420602123456"),
                                  ("+777888999", "+420777888999"), ("+777888", "+777888")):
            self.assertEqual(phone.sender(written, "CZ"), expected)

    def test_recipients(self):
        self.assertEqual(
            phone.split("602 123 456 (Jana Nová), +421 (912) 123 456; 12\n+420 (602) 999 888 (Petr)", "CZ"),
            [("Jana Nová", "+420602123456", "602 123 456"), ("", "+421912123456", "+421 (912) 123 456"),
             ("", "", "12"), ("Petr", "+420602999888", "+420 (602) 999 888")])
        self.assertEqual(phone.split(phone.display("+420602123456", "Nová, Jana (IT)"), "CZ"),
                         [("Nová  Jana  IT", "+420602123456", "+420602123456")])

    def test_corpus_of_parsing(self):
        cases = self.corpus("parse_cases.json")
        self.assertEqual(len(cases), 57)
        for case in cases:
            with self.subTest(**case):
                number = phone.parse(case["text"], case["region"])
                self.assertEqual((number.country_code, number.national_number), EXPECTED[case["expected_const"]])

    def test_corpus_of_czech_and_slovak_numbers(self):
        rows = [row for row in self.corpus("phones.json") if row["region"] in ("CZ", "SK")]
        self.assertEqual(len(rows), 16)
        for row in rows:
            for notation in ("e164", "international", "national", "rfc3966"):
                if notation in row:
                    with self.subTest(row[notation], notation=notation):
                        expected = row["e164"] if row["valid"] else ""
                        self.assertEqual(phone.e164(row[notation], row["region"]), expected)


class TestSmsText(BaseCase):
    def test_measure(self):
        for text, expected in (
                ("", ("gsm", 0, 0, 160)), ("a" * 160, ("gsm", 160, 1, 0)), ("a" * 161, ("gsm", 161, 2, 145)),
                ("a" * 306, ("gsm", 306, 2, 0)), ("a" * 307, ("gsm", 307, 3, 152)), ("€" * 80, ("gsm", 160, 1, 0)),
                ("a" * 152 + "€" * 5, ("gsm", 162, 2, 143)), ("ž" * 70, ("ucs2", 70, 1, 0)),
                ("ž" * 71, ("ucs2", 71, 2, 63)), ("😀" * 35, ("ucs2", 70, 1, 0)),
                ("ž" * 66 + "😀" * 3, ("ucs2", 72, 2, 61))):
            measure = sms_text.measure(text)
            with self.subTest(text):
                self.assertEqual((measure.encoding, measure.units, measure.segments, measure.left), expected)

    def test_without_diacritics(self):
        self.assertEqual(sms_text.without_diacritics("Příliš „žluťoučký“ kůň – úpěl… 😀 é"),
                         'Prilis "zlutoucky" kun - upel... 😀 é')
        self.assertTrue(sms_text.is_gsm(sms_text.without_diacritics("ľščťžýáíéúäňôďŕĺ ĽŠČŤŽÝÁÍÉÚÄŇÔĎŔĹ")))

    def test_commands(self):
        for text in ("STOP", " stop. ", "Odhlásit", "odhlásiť sa", "Unsubscribe!", "nechci SMS"):
            self.assertEqual(sms_text.command(text), "stop", text)
        self.assertEqual(sms_text.command("start"), "start")
        for text in ("", "Stop posílání faktur", "konec", "zrušit objednávku", "😀"):
            self.assertEqual(sms_text.command(text), "", text)


class Provider(http.server.BaseHTTPRequestHandler):
    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        self.server.calls.append((self.command, self.path, dict(self.headers), self.rfile.read(size)))
        status, text = self.server.answers.pop(0)
        if status == "break":
            self.connection.close()
            return
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


@contextmanager
def provider(*answers):
    """A local provider that gives these ``(status, text)`` in turn; yields it with ``calls`` and ``url``."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        server.answers, server.calls = list(answers), []
        server.url = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


MESSAGE = Message("ref1", "+420602123456", "+420910000001", "Žluťoučký kůň", "https://odoo.example/report?id=ref1")


class TestProviders(BaseCase):
    def send(self, name, settings, *answers):
        with provider(*answers) as server:
            gateway = open_gateway(name, settings | {"url": server.url})
            return [gateway.send([MESSAGE])[0] for _answer in answers], server.calls

    def test_kannel(self):
        settings = {"username": "odoo", "password": "p&w", "secret": "s"}
        results, calls = self.send(
            "kannel", settings, (202, "0: Accepted for delivery"), (403, "Authorization failed for sendsms"),
            (503, "Temporal failure, try again later."), (400, "Missing receiver"), (500, ""), ("break", ""))
        self.assertEqual([result.outcome for result in results], [ACCEPTED, DOWN, DOWN, REFUSED, UNKNOWN, UNKNOWN])
        self.assertEqual(results[3].reason, "Missing receiver")
        query = {name: values[0] for name, values in parse_qs(urlsplit(calls[0][1]).query).items()}
        self.assertEqual((query["to"], query["from"], query["text"], query["coding"], query["password"]), (
            "+420602123456", "+420910000001", "Žluťoučký kůň", "2", "p&w"))
        self.assertTrue(query["dlr-url"].startswith(MESSAGE.report_url + "&type=%d"))
        [nobody] = open_gateway("kannel", settings | {"url": "http://127.0.0.1:9/"}).send([MESSAGE])
        self.assertEqual(nobody.outcome, DOWN, "nothing was handed over")
        self.assertNotIn("p&w", nobody.reason)
        for charset in ("windows-1252", "UTF-8", "UTF-16BE", "", "no-such"):
            encoding = charset if charset not in ("", "no-such") else "utf-8"
            url = f"/in?{urlencode({'from': '+420602123456', 'text': 'Grüße é'.encode(encoding), 'charset': charset})}"
            stored = Request.load(Request("GET", url + "&secret=s").dump(("secret",)))
            self.assertNotIn("secret", stored.url)
            inbound = open_gateway("kannel", settings).parse_inbound(stored)
            self.assertEqual((inbound.sender, inbound.text), ("+420602123456", "Grüße é"))
        report = open_gateway("kannel", settings).parse_report(Request(
            "GET", "/x?id=r&type=16&answer=NACK%2F0x0000000b%2FInvalid+Destination+Address"))
        self.assertEqual((report.status, report.reason), ("failed", "0x0000000b/Invalid Destination Address"))

    def test_twilio_sends(self):
        results, calls = self.send(
            "twilio", {"username": "AC1", "password": "token"}, (201, '{"sid": "SM1", "status": "queued"}'),
            (400, '{"code": 21211, "message": "Invalid To"}'), (401, "{}"), (429, "{}"), (502, "<html>"))
        self.assertEqual([(result.outcome, result.provider_reference) for result in results], [
            (ACCEPTED, "SM1"), (REFUSED, ""), (DOWN, ""), (DOWN, ""), (UNKNOWN, "")])
        self.assertEqual(results[1].reason, "Invalid To (21211)")
        method, path, headers, body = calls[0]
        self.assertEqual((method, path), ("POST", "/2010-04-01/Accounts/AC1/Messages.json"))
        self.assertEqual(parse_qs(body.decode())["StatusCallback"], [MESSAGE.report_url])
        self.assertTrue(headers["Authorization"].startswith("Basic "))

    def test_twilio_signature(self):
        """The worked example of Twilio's documentation (usage/security)."""
        form = {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234", "From": "+12349013030",
                "To": "+18005551212"}
        url = "https://mycompany.com/myapp.php?foo=1&bar=2"
        self.assertEqual(twilio.signature("12345", url, form), "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")
        gateway = open_gateway("twilio", {"password": "12345"})
        headers = {"content-type": "application/x-www-form-urlencoded",
                   "x-twilio-signature": "0/KCTR6DLpKmkAf8muzZqo1nDgQ="}
        gateway.verify(Request("POST", url, headers, urlencode(form).encode()), "in")
        gateway.verify(Request("POST", url.replace(".com/", ".com:443/"), headers, urlencode(form).encode()), "in")
        for changed in (Request("POST", url + "3", headers, urlencode(form).encode()),
                        Request("POST", url, headers, urlencode(form | {"Digits": "1"}).encode()),
                        Request("POST", url, {}, urlencode(form).encode())):
            with self.assertRaises(Refused):
                gateway.verify(changed, "in")

    def test_generic(self):
        settings = {"method": "json", "authentication": "bearer", "password": "tok", "out_number": "phone",
                    "out_sender": "", "out_text": "msg", "out_reference": "ref", "out_extra": "priority=1",
                    "success_pattern": r'"ok": ?true', "refused_pattern": "bad number",
                    "reference_pattern": r'"id": ?"?(\w+)'}
        results, calls = self.send("generic", settings, (200, '{"ok": true, "id": 17}'),
                                   (200, '{"ok": false, "error": "bad number"}'), (401, "who?"), (500, "oops"))
        self.assertEqual([(result.outcome, result.provider_reference) for result in results], [
            (ACCEPTED, "17"), (REFUSED, ""), (DOWN, ""), (UNKNOWN, "")])
        _method, _path, headers, body = calls[0]
        self.assertEqual(json.loads(body), {"phone": "+420602123456", "msg": "Žluťoučký kůň", "ref": "ref1",
                                            "priority": "1"})
        self.assertEqual(headers["Authorization"], "Bearer tok")
        for accepted in ("", "OK", "200"):  # an error that comes with the status of a success
            [result], _calls = self.send("generic", {"method": "get", "success_pattern": accepted,
                                                     "refused_pattern": "error"}, (200, "OK error 12: bad number"))
            self.assertEqual(result.outcome, REFUSED, accepted)
        gateway = open_gateway("generic", {"report_reference": "data.ref", "report_status": "data.state",
                                           "delivered_values": "DELIVRD, ok", "failed_values": "ERR"})
        for word, status in (("delivrd", "delivered"), ("err", "failed"), ("other", "")):
            body = json.dumps({"data": {"ref": "r", "state": word}}).encode()
            report = gateway.parse_report(Request("POST", "/", {"content-type": "application/json"}, body))
            self.assertEqual((report.reference, report.status), ("r", status))

    def test_generic_signature_ages(self):
        gateway = open_gateway("generic", {"secret": "s", "verification": "signature"})
        request = Request("GET", "/in?from=1&text=a")
        for stamp in ("", "x", "1", "9" * 20):
            signature = base.sign("s", generic.signed_text(stamp, request))
            with self.assertRaises(Refused):
                gateway.verify(Request("GET", request.url, {"x-timestamp": stamp, "x-signature": signature}), "in")

    def test_odoos_own_service(self):
        class Api:
            def __init__(self, state):
                self.state, self.given = state, None

            def _send_sms_batch(self, messages, delivery_reports_url=False):
                self.given = messages, delivery_reports_url
                if self.state == "raise":
                    raise ValueError("no connection")
                return [{"uuid": messages[0]["numbers"][0]["uuid"], "state": self.state}]

            def _get_sms_api_error_messages(self):
                return {"insufficient_credit": "No credits"}

        for state, outcome in (("success", ACCEPTED), ("insufficient_credit", DOWN), ("wrong_number_format", REFUSED),
                               ("raise", UNKNOWN)):
            api = Api(state)
            [result] = open_gateway("iap", {"api": api}).send([MESSAGE])
            self.assertEqual(result.outcome, outcome, state)
            self.assertEqual(api.given, ([{"content": MESSAGE.text, "numbers": [
                {"uuid": "ref1", "number": MESSAGE.number}]}], MESSAGE.report_url))
        gateway = open_gateway("iap", {"secret": "s"})
        url = f"/report?id=ref1&sig={base.sign('s', 'ref1')}"
        for word, status in (("delivered", "delivered"), ("not_delivered", "failed")):
            body = json.dumps({"params": {"message_statuses": [{"sms_status": word, "uuids": ["ref1"]}]}}).encode()
            request = Request("POST", url, {"content-type": "application/json"}, body)
            gateway.verify(request, "report")
            report = gateway.parse_report(request)
            self.assertEqual((report.reference, report.status), ("ref1", status))
        for forged, kind in ((Request("POST", "/report?id=ref2&sig=x"), "report"), (Request("POST", url), "in")):
            with self.assertRaises(Refused):
                gateway.verify(forged, kind)

    def test_nothing_proves_nothing(self):
        """An account without a secret lets nobody in."""
        for name in ("kannel", "generic", "twilio"):
            for settings in ({"secret": "", "password": ""}, {"secret": "", "password": "", "verification": "secret"}):
                with self.assertRaises(Refused):
                    open_gateway(name, settings).verify(Request("GET", "/in?secret=&sig="), "in")
