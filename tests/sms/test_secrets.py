import base64
import json
import logging
import runpy
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, Form, HttpCase, tagged
from odoo.tools.misc import file_path

from ...tools import limits
from ...tools.reasons import Reason
from ...tools.sms import secret_log
from ...tools.sms.sms_gateway import (
    DOWN,
    PROVIDERS,
    REFUSED,
    Message,
    Refused,
    Request,
    base,
    generic,
    open_gateway,
    twilio,
)
from .test_sms import SmsCase
from .test_sms_tools import provider

OPEN_TO_ALL = {"name", "active", "sequence", "company_id", "department_ids", "numbers", "carries_all", "provider",
               "down_reason", "down_since", "retry_at", "failures", "queued_count"}


def basic(secret, name="sms"):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


class TestEmptyKeys(BaseCase):
    """What is not set verifies nobody: a signature with an empty key can be made by anybody."""

    def requests(self, kind):
        now, form = str(int(time.time())), {"From": "+420602123456", "Body": "Ahoj", "MessageSid": "SM1"}
        url = "https://odoo.example/in?id=r&from=1&text=a&secret=&sig="
        signed = base.hmac.new(b"", b"r", base.hashlib.sha256).hexdigest()
        yield Request("GET", url)
        yield Request("GET", url + signed)
        yield Request("GET", url, {key.lower(): value for key, value in basic("").items()})
        yield Request("GET", url, {"x-secret": ""})
        bare = Request("GET", url)
        yield Request("GET", url, {"x-timestamp": now, "x-signature": base.hmac.new(
            b"", generic.signed_text(now, bare), base.hashlib.sha256).hexdigest()})
        text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
        empty = base64.b64encode(base.hmac.new(b"", text.encode(), "sha1").digest()).decode()
        yield Request("POST", url, {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": empty},
                      urlencode(form).encode())

    def test_no_provider_verifies_without_a_key(self):
        for name in PROVIDERS:
            for nothing in ("", None, False, " "):
                for verification in ("signature", "secret"):
                    settings = {"secret": nothing, "password": nothing, "verification": verification}
                    for kind in ("in", "report"):
                        for request in self.requests(kind):
                            with self.subTest(name, kind=kind, request=request), self.assertRaises(Refused):
                                open_gateway(name, settings).verify(request, kind)
        self.assertFalse(base.sign("", "r"))
        self.assertFalse(base.same("", ""))


class TestSecretTools(BaseCase):
    def test_kannel_takes_its_secret_by_header_and_as_before(self):
        gateway = open_gateway("kannel", {"secret": "geheím"})
        header = {"authorization": basic("geheím")["Authorization"]}
        self.assertFalse(gateway.verify(Request("GET", "/in?from=1", header), "in"))
        self.assertFalse(gateway.verify(Request("GET", "/in?from=1", {"x-secret": "geheím"}), "in"))
        self.assertTrue(gateway.verify(Request("GET", "/in?secret=gehe%C3%ADm"), "in"), "in its address")
        proxy = {"authorization": basic("of a proxy")["Authorization"]}
        self.assertTrue(gateway.verify(Request("GET", "/in?secret=gehe%C3%ADm", proxy), "in"))
        for wrong in ("Basic x", "Basic " + base64.b64encode(b"x:guess").decode(), "Bearer geheím", "Basic"):
            with self.assertRaises(Refused):
                gateway.verify(Request("GET", "/in?from=1", {"authorization": wrong}), "in")

    def test_kannels_reports_carry_their_signature_before_the_host(self):
        url = f"https://odoo.example/servicedesk/sms/x/report?id=ref1&sig={base.sign('s', 'ref1')}"
        message = Message("ref1", "+420602123456", "+420910000001", "Ahoj", url)
        with provider((202, "0: Accepted for delivery")) as server:
            gateway = open_gateway("kannel", {"url": server.url, "username": "odoo", "password": "p", "secret": "s"})
            gateway.send([message])
            called = parse_qs(urlsplit(server.calls[0][1]).query)["dlr-url"][0]
        parts = urlsplit(called)
        self.assertEqual((parts.username, parts.password), ("report", base.sign("s", "ref1")[:40]))
        self.assertLess(len(f"{parts.username}:{parts.password}"), 57, "more than one line of Base64 breaks Kannel")
        self.assertNotIn(base.sign("s", "ref1"), parts.query)
        header = {"authorization": basic(parts.password, parts.username)["Authorization"]}
        gateway.verify(Request("GET", f"/report?{parts.query}", header), "report")
        gateway.verify(Request("GET", url), "report")
        with self.assertRaises(Refused):
            gateway.verify(Request("GET", "/report?id=ref2", header), "report")

    def test_what_a_gateway_repeats_of_our_secrets_is_not_kept(self):
        message = Message("ref1", "+420602123456", "+420910000001", "Ahoj")
        settings = {"username": "odoo", "password": "tajné-heslo", "secret": "zpět", "method": "get",
                    "authentication": "params", "out_extra": "api_key=K3Y-of-ours\npriority=1"}
        words = "wrong password tajné-heslo or key K3Y-of-ours, priority 1"
        for name, outcome in (("generic", REFUSED), ("kannel", REFUSED)):
            with provider((400, words)) as server, self.assertNoLogs("urllib3.connectionpool", logging.DEBUG):
                secret_log.install()
                logging.getLogger("urllib3.connectionpool").setLevel(logging.DEBUG)
                self.addCleanup(logging.getLogger("urllib3.connectionpool").setLevel, logging.NOTSET)
                [result] = open_gateway(name, settings | {"url": server.url}).send([message])
            self.assertEqual(result.outcome, outcome)
            self.assertNotIn("tajné-heslo", result.reason)
            self.assertIn("wrong password •••", result.reason)
            if name == "generic":
                self.assertNotIn("K3Y-of-ours", result.reason)
        [nobody] = open_gateway("kannel", settings | {"url": "http://127.0.0.1:9/tajné-heslo"}).send([message])
        self.assertEqual(nobody.outcome, DOWN)
        self.assertNotIn("tajné-heslo", nobody.reason)

    def test_lines_of_logs(self):
        line = '"GET /servicedesk/sms/TOKEN/in?secret=abc%20d&from=1&SIG=e&text=secret HTTP/1.1" 200 -'
        self.assertEqual(secret_log.hide(line),
                         '"GET /servicedesk/sms/TOKEN/in?secret=***&from=1&SIG=***&text=secret HTTP/1.1" 200 -')
        other = '"GET /web/login?token=abc HTTP/1.1" 200 -'
        self.assertEqual(secret_log.hide(other), other, "other doors are not ours")


class TestGatewaySecrets(SmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.env.ref("base.user_admin")
        cls.gateway.write({"provider": "generic", "new_extra": "api_key=K3Y\npriority=1"})

    def test_only_administrators_read_the_connection(self):
        readable = {name for name, field in self.gateway._fields.items() if not field.groups} - {
            "id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}
        self.assertEqual(readable - OPEN_TO_ALL, set(), "a new field of the connection is for administrators")
        for user in (self.agent, self.clerk):
            self.assertFalse(user.has_group("servicedesk.group_admin"))
            gateway = self.gateway.with_user(user)
            self.assertEqual(gateway.name, "Kannel")
            for name in set(self.gateway._fields) - readable - {
                    "id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}:
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    gateway.read([name])
                with self.subTest(name, user=user.login), self.assertRaises(AccessError):
                    gateway.search([(name, "!=", False)])

    def test_secrets_are_written_and_never_read(self):
        gateway = self.gateway.with_user(self.admin)
        secret = ("out-secret", "in-secret", "K3Y")
        said = repr(gateway.read()) + repr(gateway.export_data(sorted(
            name for name, field in gateway._fields.items() if field.groups != "."))["datas"])
        for words in secret:
            self.assertNotIn(words, said)
        self.assertEqual(gateway.extra_names, "api_key, priority")
        for name in ("password", "secret", "out_extra"):
            with self.assertRaises(AccessError):
                gateway.read([name])
            with self.assertRaises(AccessError):
                gateway.write({name: "x"})
            with self.assertRaises(AccessError):
                gateway.search([(name, "=like", "o%")])
        copied = gateway.copy({"url": "http://evil.example/"}).sudo()
        self.assertFalse(copied.password or copied.out_extra)
        self.assertNotEqual(copied.secret, self.gateway.secret)
        with Form(gateway) as form:
            self.assertFalse(form.new_password or form.new_extra)
            form.name = "Renamed"
        self.assertEqual((self.gateway.password, self.gateway.out_extra), ("out-secret", "api_key=K3Y\npriority=1"))
        gateway.action_remove_extra()
        self.assertFalse(self.gateway.out_extra or gateway.extra_names)

    def test_a_secret_stays_with_its_host(self):
        gateway = self.gateway.with_user(self.admin)
        gateway.url = "http://127.0.0.1:9/other/path"
        self.assertEqual(self.gateway.password, "out-secret", "the same host")
        for url in ("http://evil.example:9/", "http://127.0.0.1:10/", "https://127.0.0.1:9/", "http://127.0.0.1@evil/"):
            with self.subTest(url), self.env.cr.savepoint() as savepoint:
                if "@" in url:
                    with self.assertRaises(ValidationError):
                        gateway.url = url
                    continue
                gateway.url = url
                self.assertFalse(self.gateway.password or self.gateway.out_extra)
                self.assertEqual(gateway.former_host, "http://127.0.0.1:9")
                savepoint.rollback()
            self.env.invalidate_all()
        self.write_sms()
        gateway.url = "http://evil.example/"
        self.assertFalse(self.run_worker(), "nothing is sent before the password is there again")
        self.assertEqual(gateway.queued_count, 1)
        gateway.new_password = "new"
        self.assertFalse(gateway.former_host)
        self.gateway.provider = "kannel"
        self.assertEqual(len(self.run_worker()), 1)
        gateway.write({"url": "http://third.example/", "new_password": "third", "new_extra": "a=b"})
        self.assertEqual((self.gateway.password, self.gateway.out_extra, gateway.former_host), ("third", "a=b", False))
        gateway.write({"provider": "twilio", "url": False})
        self.assertFalse(self.gateway.password, "Twilio is elsewhere")
        gateway.action_try_now()
        self.assertFalse(gateway.former_host)

    def test_the_form_says_that_a_password_does_not_move(self):
        form = Form(self.gateway.with_user(self.admin))
        with self.assertLogs("odoo.tests.form", logging.WARNING) as said:
            form.url = "http://evil.example/"
        self.assertIn("http://127.0.0.1:9", "".join(said.output))
        form.url = "http://127.0.0.1:9/"
        form.provider = "twilio"
        self.assertFalse(form.url, "the token goes to Twilio, not to the address of before, which is not shown")

    def test_verified_before_it_is_limited(self):
        self.gateway.write({"verification": "secret"})
        ask = "/x?from=420602123456&to=420910000001&text=a&id="

        def call(number, headers=None, address="192.0.2.1"):
            return self.gateway._receive(self.gateway.token, "in", Request(
                "GET", f"{ask}{number}", {name.lower(): value for name, value in (headers or {}).items()}), address)[0]

        self.assertEqual([call(number) for number in range(limits.SMS_REFUSED_PER_ADDRESS + 2)],
                         [403] * limits.SMS_REFUSED_PER_ADDRESS + [429] * 2)
        self.assertEqual(call("genuine", basic("in-secret")), 200, "the gateway itself is not kept out")
        self.patch(limits, "SMS_REFUSED", limits.SMS_REFUSED_PER_ADDRESS + 3)
        codes = [call(number, address=f"192.0.2.{number + 10}") for number in range(5)]
        self.assertEqual(codes, [403] * 3 + [429] * 2, "from many addresses, too")
        self.assertEqual(call("genuine2", basic("in-secret")), 200)


@tagged("-at_install", "post_install")
class TestSecretsDoor(HttpCase):
    """Over HTTP, with what the server writes down."""

    def setUp(self):
        super().setUp()
        self.gateway = self.env["servicedesk.sms.gateway"].create({
            "name": "Door", "provider": "kannel", "url": "http://127.0.0.1:9/", "username": "odoo",
            "new_password": "token", "new_secret": "in-secret"})

    def call(self, headers=None, kind="in", **params):
        query = urlencode({"from": "+420602123456", "to": "420910000009", "text": "Ahoj"} | params)
        return self.url_open(f"/servicedesk/sms/{self.gateway.token}/{kind}?{query}", headers=headers).status_code

    def test_by_header_nothing_is_written_down_and_nothing_warned_of(self):
        with self.assertLogs("werkzeug", logging.INFO) as said:
            self.assertEqual(self.call(basic("in-secret"), id="1"), 200)
        self.assertNotIn("in-secret", "".join(said.output))
        self.assertFalse(self.gateway.open_secret_at)

    def test_old_addresses_still_work_with_a_warning_and_are_hidden(self):
        with self.assertLogs("werkzeug", logging.INFO) as said:
            self.assertEqual(self.call(secret="in-secret", id="1"), 200)
            self.assertEqual(self.call(kind="report", id="r", sig=base.sign("in-secret", "r"), type="1"), 200)
        lines = "".join(said.output)
        self.assertIn("/servicedesk/sms/", lines)
        self.assertNotIn("in-secret", lines)
        self.assertNotIn(base.sign("in-secret", "r"), lines)
        self.assertTrue(self.gateway.open_secret_at)
        self.gateway.action_dismiss_open_secret()
        self.assertFalse(self.gateway.open_secret_at)

    def test_twilio_without_token(self):
        self.gateway.write({"provider": "twilio", "url": False})
        self.assertFalse(self.gateway.password, "it was for another host")
        form = {"From": "+420602123456", "To": "+420910000009", "Body": "Ahoj", "MessageSid": "SM1"}
        text = self.gateway.inbound_url + "".join(f"{name}{form[name]}" for name in sorted(form))
        empty = base64.b64encode(base.hmac.new(b"", text.encode(), "sha1").digest()).decode()
        path = f"/servicedesk/sms/{self.gateway.token}/in"
        self.assertEqual(self.url_open(path, data=form, headers={"X-Twilio-Signature": empty}).status_code, 403)
        self.gateway.new_password = "token"
        good = twilio.signature("token", self.gateway.inbound_url, form)
        self.assertEqual(self.url_open(path, data=form, headers={"X-Twilio-Signature": good}).status_code, 200)


class TestSecretsUpdate(SmsCase):
    """Updating a desk whose gateways have secrets where people read."""

    def test_accounts_leave_addresses_and_answers_forget_secrets(self):
        service = self.env["servicedesk.sms.gateway"].create({
            "name": "Service", "provider": "generic", "authentication": "none", "new_extra": 'key=Klíč "A"'})
        self.env.cr.execute("UPDATE servicedesk_sms_gateway SET secret = NULL, url = %s WHERE id = %s", [
            "https://acme:p%40ss@sms.example:8443/send?x=1", service.id])
        sms = self.write_sms().sms_ids
        sms.write({"state": "failed", "reason": Reason.of("sms_refused", detail="wrong password out-secret")})
        sms.item_id._sync_sms_state()
        service.down_reason = Reason.of("sms_down", detail='refused Klíč "A"')
        self.assertIn("out-secret", sms.detail)
        self.env.flush_all()
        self.env.invalidate_all()
        script = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.3/post-gateway_secrets.py"))
        script["migrate"](self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        self.assertEqual((service.url, service.authentication, service.username, service.password), (
            "https://sms.example:8443/send?x=1", "basic", "acme", "p@ss"))
        self.assertTrue(service.secret and service.out_extra)
        self.assertFalse(service.former_host)
        self.assertEqual((self.gateway.password, self.gateway.secret), ("out-secret", "in-secret"))
        self.env.cr.execute("SELECT down_reason FROM servicedesk_sms_gateway WHERE id = %s", [service.id])
        stored = self.env.cr.fetchone()[0]
        self.assertNotIn("Klíč", json.loads(stored) if stored.startswith('"') else stored)
        self.env.cr.execute("SELECT s.reason, i.failure_reason FROM servicedesk_sms s JOIN servicedesk_item i"
                            " ON i.id = s.item_id WHERE s.id = %s", [sms.id])
        self.assertNotIn("out-secret", "".join(self.env.cr.fetchone()))
        self.assertIn(base.HIDDEN, sms.detail)
