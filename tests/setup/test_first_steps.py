import datetime
import socket
import ssl
import tempfile
import threading
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from ...tools.mail import mail_providers, mailbox_check
from ...tools.mail.mailbox_check import Account, CheckFailed, check
from ..common import ServicedeskCase, build_mail

IMAP = "* OK [CAPABILITY IMAP4rev1] ready"
SMTP = "220 ready"


def certificate(name="localhost", days=1):
    """Return the path of a self-signed certificate with its key that ends in ``days`` (negative: has ended)."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(),
                                   now - datetime.timedelta(days=9), now + datetime.timedelta(days=days)) \
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False) \
        .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    with tempfile.NamedTemporaryFile("wb", suffix=".pem", delete=False) as file:
        file.write(made.public_bytes(serialization.Encoding.PEM))
        file.write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()))
    return file.name


class Fake:
    """A mail server on loopback that answers by a table ``{word in the line: answer}``; ``{tag}`` is IMAP's."""

    def __init__(self, greeting, answers=None, pem=None):
        self.greeting, self.answers, self.seen = greeting, answers or {}, []
        self.context = None
        if pem:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(pem)
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.socket.close()

    def _serve(self):
        while True:
            try:
                peer, _address = self.socket.accept()
                peer.settimeout(5)
                if self.context:
                    peer = self.context.wrap_socket(peer, server_side=True)
                self._talk(peer)
            except OSError:
                if self.socket.fileno() < 0:
                    return

    def _talk(self, peer):
        if self.greeting is None:
            peer.recv(1)
            return
        stream = peer.makefile("rw", encoding="latin-1", newline="\r\n")
        self._say(stream, self.greeting)
        for line in stream:
            self.seen.append(line.strip())
            tag = line.split(" ", 1)[0]
            answer = next((said for word, said in self.answers.items() if word in line.upper()), "{tag} OK done")
            self._say(stream, answer.replace("{tag}", tag))

    def _say(self, stream, text):
        stream.write("".join(f"{line}\r\n" for line in text.split("\n")))
        stream.flush()


class TestMailboxCheck(TransactionCase):
    """Each thing that can be wrong, against servers on loopback that are wrong in just that."""

    def problem(self, account, sender="", limit=6):
        with self.assertRaises(CheckFailed) as caught:
            check(account, sender, limit)
        self.assertIn(caught.exception.problem, mailbox_check.PROBLEMS)
        self.assertNotIn("geheim", caught.exception.answer)
        return caught.exception.problem

    def imap(self, server, **changed):
        values = {"encryption": "none", "user": "me", "password": "geheim", "host": "127.0.0.1", **changed}
        return Account("imap", port=server.port, **values)

    def smtp(self, server, **changed):
        return Account(**{"kind": "smtp", "host": "127.0.0.1", "port": server.port, "encryption": "none", **changed})

    def test_a_good_mailbox(self):
        with Fake(IMAP, {"SELECT": "* 7 EXISTS\n{tag} OK done", "EXAMINE": "* 7 EXISTS\n{tag} OK done",
                         "CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK done"}) as server:
            self.assertEqual(check(self.imap(server)), 7)
            self.assertFalse([line for line in server.seen if "STORE" in line or "SELECT" in line], "only examined")

    def test_refusals_by_their_words(self):
        for said, problem in (
            ("NO [AUTHENTICATIONFAILED] geheim is wrong", "login"),
            ("NO [ALERT] Your account is not enabled for IMAP use.", "disabled"),
            ("NO [ALERT] Application-specific password required", "app_password"),
            ("NO AUTHENTICATE failed: basic auth is disabled", "oauth"),
            ("NO [UNAVAILABLE] Temporary failure", "later"),
        ):
            answers = {"CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK done", "LOGIN": "{tag} " + said}
            with self.subTest(said), Fake(IMAP, answers) as server:
                self.assertEqual(self.problem(self.imap(server)), problem)

    def test_folder_encryption_and_letters(self):
        capability = {"CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK done"}
        with Fake(IMAP, capability | {"EXAMINE": "{tag} NO no such mailbox"}) as server:
            self.assertEqual(self.problem(self.imap(server)), "folder")
            self.assertEqual(self.problem(self.imap(server, password="geheím")), "letters")
            self.assertEqual(self.problem(self.imap(server, encryption="ssl")), "not_ssl")
        with Fake(IMAP, {"CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED\n{tag} OK done"}) as server:
            self.assertEqual(self.problem(self.imap(server)), "wants_ssl")

    def test_certificates(self):
        for pem, problem in ((certificate(), "untrusted"), (certificate(days=-1), "expired")):
            with self.subTest(problem), Fake(IMAP, pem=pem) as server:
                self.assertIn(self.problem(self.imap(server, encryption="ssl", host="localhost")),
                              (problem, "untrusted"))  # OpenSSL names what it meets first
        trusted = certificate("mail.example")
        with Fake(IMAP, pem=trusted) as server, \
                patch.object(ssl, "create_default_context", lambda: self._trust(trusted)):
            self.assertEqual(self.problem(self.imap(server, encryption="ssl", host="localhost")), "wrong_name")

    def _trust(self, pem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(pem)
        return context

    def test_an_accepted_certificate(self):
        with Fake(IMAP, {"EXAMINE": "* 0 EXISTS\n{tag} OK done", "CAPABILITY": "* CAPABILITY IMAP4rev1\n{tag} OK done"},
                  certificate()) as server:
            self.assertEqual(check(self.imap(server, encryption="ssl", verify=False)), 0)
            self.assertEqual(self.problem(self.imap(server)), "wants_ssl")

    def test_nobody_there(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.assertEqual(self.problem(Account("imap", "127.0.0.1", port)), "nothing")
        self.assertEqual(self.problem(Account("imap", "no-such-server.invalid", 993)), "name")
        self.assertEqual(self.problem(Account("imap", "169.254.169.254", 80)), "address")
        with Fake(None) as server:
            self.assertEqual(self.problem(self.imap(server), limit=1), "silence")
        with Fake("HTTP/1.1 200 OK") as server:
            self.assertEqual(self.problem(self.imap(server)), "protocol")

    def test_sending(self):
        hello = {"EHLO": "250-me\n250 AUTH PLAIN LOGIN", "RSET": "250 ok", "QUIT": "221 bye"}
        good = hello | {"AUTH": "235 ok", "MAIL": "250 ok", "RCPT": "250 ok"}
        for answers, changed, problem in (
            (good, {}, None),
            (good | {"MAIL": "550 5.7.60 not allowed to send as this sender"}, {}, "sender"),
            (good | {"MAIL": "530 5.7.0 Authentication required"}, {}, "wants_login"),
            (good | {"RCPT": "554 Relay access denied"}, {}, "recipient"),
            (good | {"RCPT": "451 greylisted"}, {}, "later"),
            (good | {"AUTH": "535 5.7.8 bad"}, {"user": "me", "password": "geheim"}, "login"),
            (good | {"AUTH": "535 5.7.139 basic authentication is disabled"}, {"user": "me", "password": "x"}, "oauth"),
            (good | {"EHLO": "250 me"}, {"user": "me", "password": "geheim"}, "no_login"),
            (good, {"encryption": "starttls"}, "no_starttls"),
        ):
            with self.subTest(problem), Fake(SMTP, answers) as server:
                account = self.smtp(server, **changed)
                if problem:
                    self.assertEqual(self.problem(account, "support@severka.example"), problem)
                else:
                    self.assertIsNone(check(account, "support@severka.example"))
                self.assertFalse([line for line in server.seen if line.upper() == "DATA"], "nothing is sent")

    def test_the_password_is_not_shown(self):
        self.assertNotIn("geheim", repr(Account("imap", "mail.example", 993, password="geheim")))

    def test_guesses(self):
        self.assertEqual(mail_providers.guess("seznam.cz")[1], ("imap.seznam.cz", 993, "ssl"))
        self.assertEqual(mail_providers.guess("severka.example")[::2], ("", ("smtp.severka.example", 465, "ssl")))
        self.assertEqual(mail_providers.guess("")[1][0], "")


class TestFirstSteps(ServicedeskCase):
    """What the screen calls, by an administrator of the desk who is nobody else in Odoo."""

    def setUp(self):
        super().setUp()
        self.lenka = new_test_user(self.env, "lenka", "servicedesk.group_admin", email="lenka@severka.example")
        self.steps = self.env["servicedesk.first.steps"].with_user(self.lenka)
        self.values = {"kind": "imap", "host": "mail.example", "port": 993, "encryption": "ssl", "user": "support",
                       "password": "geheim", "verify": True}
        self.tried = []
        self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0))
        self.startPatcher(patch.object(mailbox_check, "check", self._check))

    def _check(self, account, sender=""):
        self.tried.append(account)
        if account.password == "wrong":
            raise CheckFailed("login", "535 no")
        return 3

    def test_nobody_else_comes_in(self):
        calls = [("get_state", ()), ("is_needed", ()), ("finish", ()), ("save_department", (False, "X", "x@x.example")),
                 ("connect_incoming", (self.support.id, self.values)), ("start_test", (self.support.id,)),
                 ("connect_outgoing", (self.support.id, self.values)), ("get_test", (self.support.id,)),
                 ("use_other_server", (self.support.id,)), ("pass_step", (self.support.id, "sms")),
                 ("save_sms", (self.support.id, False, "")), ("save_member", (self.support.id, self.agent.id, "own")),
                 ("invite", (self.support.id, "X", "x@x.example", "own")),
                 ("save_messages", (self.support.id, True, [], ""))]
        others = [self.agent, new_test_user(self.env, "employee", "base.group_user"), self.env.ref("base.public_user"),
                  new_test_user(self.env, "customer", "base.group_portal")]
        public = {name for name in dir(type(self.steps)) if not name.startswith("_")} - set(dir(self.env["base"]))
        self.assertEqual(public, {name for name, _args in calls}, "every door is tried")
        for user in others:
            for name, args in calls:
                method = getattr(self.steps.with_user(user), name)
                with self.subTest(f"{user.login} {name}"):
                    if name == "is_needed":
                        self.assertFalse(method())
                    else:
                        self.assertRaises(AccessError, method, *args)
        self.assertFalse(self.tried)

    def test_department_and_mailbox(self):
        state = self.steps.save_department(False, "Desk", "desk@seznam.cz")
        self.assertEqual((state["incoming"]["host"], state["provider"]), ("imap.seznam.cz", "seznam"))
        department = state["department"]["id"]
        self.assertEqual(state["done"], ["department"])
        refused = self.steps.connect_incoming(department, self.values | {"password": "wrong"})
        self.assertEqual(refused["problem"]["problem"], "login")
        self.assertFalse(self.env["fetchmail.server"].search_count([("department_id", "=", department)]))
        result = self.steps.connect_incoming(department, self.values)
        self.assertEqual((result["messages"], result["state"]["done"]), (3, ["department", "incoming"]))
        self.assertNotIn("geheim", str(result))
        mailbox = self.env["fetchmail.server"].search([("department_id", "=", department)])
        self.assertRecordValues(mailbox, [{"server": "mail.example", "port": 993, "is_ssl": True, "user": "support",
                                           "password": "geheim", "state": "done"}])
        with self.assertRaises(AccessError):
            mailbox.with_user(self.lenka).read(["password"])

    def test_a_stored_password_goes_nowhere_else(self):
        self.steps.connect_incoming(self.support.id, self.values)
        self.steps.connect_incoming(self.support.id, self.values | {"password": ""})
        self.assertEqual(self.tried[-1].password, "geheim")
        for change in ({"host": "evil.example"}, {"port": 143}, {"encryption": "none"}, {"user": "other"}):
            with self.subTest(change), self.assertRaises(UserError):
                self.steps.connect_incoming(self.support.id, self.values | {"password": ""} | change)
        server = self.values | {"kind": "smtp", "port": 465}
        self.steps.connect_outgoing(self.support.id, server)
        with self.assertRaises(UserError):
            self.steps.connect_outgoing(self.support.id, server | {"password": "", "host": "evil.example"})

    def test_outgoing_server_is_the_departments_own(self):
        shared = self.env["ir.mail_server"].create({"name": "Shared", "smtp_host": "shared.example", "smtp_pass": "s"})
        self.support.mail_server_id = shared
        state = self.steps.get_state(self.support.id)
        self.assertEqual(state["other_server"], "Shared")
        self.assertFalse(state["outgoing"]["stored"])
        self.steps.connect_outgoing(self.support.id, self.values | {"kind": "smtp", "port": 465})
        self.assertEqual(shared.smtp_host, "shared.example", "what others set up is left alone")
        self.assertRecordValues(self.support.mail_server_id, [{
            "smtp_host": "mail.example", "smtp_encryption": "ssl_strict", "smtp_pass": "geheim",
            "from_filter": "support@severka.example", "servicedesk_department_id": self.support.id}])
        self.steps.use_other_server(self.support.id)
        self.assertFalse(self.support.mail_server_id)

    def test_team(self):
        person = new_test_user(self.env, "person", "base.group_user")
        customer = new_test_user(self.env, "customer", "base.group_portal")
        self.steps.save_member(self.support.id, person.id, "own")
        self.assertTrue(person.has_group("servicedesk.group_user"))
        self.steps.save_member(self.support.id, customer.id, "own")
        self.assertFalse(customer.has_group("servicedesk.group_user"))
        self.assertNotIn(customer, self.support.membership_ids.user_id)
        state = self.steps.save_member(self.support.id, person.id, "supervisor")
        self.assertIn((person.id, "supervisor"), [(one["user_id"], one["level"]) for one in state["team"]["members"]])
        self.steps.save_member(self.support.id, person.id, False)
        self.assertNotIn(person, self.support.membership_ids.user_id)
        self.assertFalse(state["team"]["may_invite"])
        with self.assertRaises(AccessError):
            self.steps.invite(self.support.id, "New", "new@severka.example", "own")
        self.lenka.group_ids += self.env.ref("base.group_erp_manager") + self.env.ref("base.group_partner_manager")
        self.steps.invite(self.support.id, "New", "new@severka.example", "own")
        self.assertIn("new@severka.example", self.support.membership_ids.user_id.mapped("login"))

    def test_texts(self):
        texts = [{"lang": "en_US", "subject": "We have it", "body": "Hello,\nnumber {{ticket.number}}"}]
        state = self.steps.save_messages(self.support.id, True, texts, "Severka support")
        self.assertEqual(state["messages"]["texts"][0]["body"], texts[0]["body"])
        self.assertEqual(self.support.signature, "<p>Severka support</p>", "an unchanged signature keeps its layout")
        [row] = self.arrive(build_mail("jana.novotna@stavbyvltava.example", "support@severka.example"))
        answer = row.item_id.ticket_id.item_ids.filtered("automatic")
        self.assertIn("We have it", answer.subject)
        self.assertIn(row.item_id.ticket_id.number, answer.body)
        with self.assertRaises(ValidationError):
            self.steps.save_messages(self.support.id, True, [dict(texts[0], body="{{ticket.secret}}")], "")

    def test_the_test_mail_is_followed_until_the_ledger_has_it(self):
        self.assertEqual(self.steps.get_test(self.support.id)["stage"], "none")
        self.assertEqual(self.steps.start_test(self.support.id)["stage"], "queued")
        sent = self.env["mail.mail"].search([("message_id", "=", self.support.first_steps["test"]["message_id"])])
        self.assertEqual(sent.email_to, "support@severka.example")
        sent.write({"state": "exception", "failure_reason": "no"})
        self.assertEqual(self.steps.get_test(self.support.id)["stage"], "failed")
        sent.state = "sent"
        self.assertEqual(self.steps.get_test(self.support.id)["stage"], "sent")
        [row] = self.arrive(
            build_mail("support@severka.example", "support@severka.example", Message_Id=sent.message_id))
        self.assertEqual((row.state, row.outcome, row.item_id.id), ("done", "own", False))
        self.assertEqual(self.steps.get_test(self.support.id)["stage"], "arrived")
        self.assertFalse(sent.exists())

    def test_invited_until_somebody_was_answered(self):
        self.env["servicedesk.item"].search([]).write({"state": "draft"})
        self.assertTrue(self.steps.is_needed())
        ticket = self.new_ticket()
        item = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft"})
        self.assertTrue(self.steps.is_needed())
        item.state = "sent"
        self.assertFalse(self.steps.is_needed())
        item.state = "draft"
        self.steps.finish()
        self.assertFalse(self.steps.is_needed())


class TestSettings(ServicedeskCase):
    def test_values_take_effect(self):
        gateway = self.env["servicedesk.sms.gateway"].create({"name": "Operator"})
        settings = self.env["res.config.settings"].create(
            {"servicedesk_prefix": "HELP-", "servicedesk_notice_minutes": 0, "servicedesk_undo_seconds": 25,
             "servicedesk_sms_gateway_id": gateway.id})
        self.assertEqual(settings.servicedesk_department_count, self.env["servicedesk.department"].search_count([]))
        settings.execute()
        self.assertTrue(self.new_ticket().number.startswith("HELP-"))
        self.assertEqual(self.env["servicedesk.notice"]._get_bundle_minutes(), 0)
        department = self.env["servicedesk.department"].create({"name": "Next"})
        self.assertRecordValues(department, [{"undo_seconds": 25, "sms_gateway_id": gateway.id}])
        again = self.env["res.config.settings"].create({})
        self.assertEqual((again.servicedesk_prefix, again.servicedesk_notice_minutes), ("HELP-", 0))

    def test_a_prefix_is_of_one_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        department = self.env["servicedesk.department"].create({"name": "Far", "company_id": other.id})
        before = self.new_ticket().number
        settings = self.env["res.config.settings"].with_company(other).create({"servicedesk_prefix": "FAR-"})
        settings.set_values()
        self.assertTrue(self.new_ticket(department_id=department.id, partner_id=False,
                                        contact_id=False).number.startswith("FAR-"))
        self.assertEqual(self.new_ticket().number[:3], before[:3])

    def test_wrong_values_are_refused(self):
        for vals in ({"servicedesk_prefix": "a b#"}, {"servicedesk_notice_minutes": -1}):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(vals)


@tagged("post_install", "-at_install")
class TestFirstStepsTours(ServicedeskCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.lenka = new_test_user(self.env, "lenka", "servicedesk.group_admin", email="lenka@severka.example")
        self.lenka.password = "lenka"  # start_tour signs in with the login as password

    def test_first_steps(self):
        """A wrong port is told in words, what was done is there after a reload, and the rest can wait."""
        self.start_tour("/odoo/first-steps", "servicedesk_first_steps", login="lenka")
        department = self.env["servicedesk.department"].search([("email", "=", "desk@severka.example")])
        self.assertEqual(department.name, "Desk")
        self.assertEqual(department.membership_ids.user_id, self.lenka)
        self.start_tour("/odoo/first-steps", "servicedesk_first_steps_again", login="lenka")
        self.assertFalse(self.env["servicedesk.first.steps"].with_user(self.lenka).is_needed())

    def test_settings(self):
        self.start_tour("/odoo/action-servicedesk.res_config_settings_action", "servicedesk_settings", login="admin")
        self.assertEqual(self.env["servicedesk.notice"]._get_bundle_minutes(), 7)
