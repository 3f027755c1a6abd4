from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ..tools.mail import own_answer, threading
from . import frozen_names
from .common import ServicedeskCase, build_mail

VANISHED = """
Names that installed desks hold on to are gone, [%s]:
  %s
Keep the old name. Where it must change: raise the version, move what is stored by a script in migrations/ that
tests/e2e/test_upgrade.py tries, then take the name out of tests/frozen_names.txt. See "Names that stay" in
CONTRIBUTING.md."""


@tagged("post_install", "-at_install")
class TestFrozenNames(TransactionCase):
    def test_no_name_has_vanished(self):
        frozen, now = frozen_names.read(), frozen_names.current(self.env)
        self.assertEqual(frozen.keys() - now.keys(), set(), "groups of names that nobody looks for")
        known = {
            "methods of jobs": lambda name: frozen_names.callable_now(self.env, name),
            "kinds of events": lambda name: name in self.env["servicedesk.ticket"]._fields,
        }
        for group, names in frozen.items():
            with self.subTest(group):
                gone = [name for name in names if name not in now[group]]
                gone = [name for name in gone if group not in known or not known[group](name)]
                self.assertFalse(gone, VANISHED % (group, "\n  ".join(gone)))

    def test_methods_of_jobs_take_what_jobs_give(self):
        for name in frozen_names.read()["methods of jobs"]:
            self.assertTrue(frozen_names.callable_now(self.env, name), name)


@tagged("post_install", "-at_install")
class TestFrozenFormats(ServicedeskCase):
    """What left this desk years ago comes back in answers: new ones look alike, old ones are still understood."""

    def test_message_ids(self):
        self.assertRegex(threading.new_message_id(42, "severka.example"), r"^<sd\.42\.[0-9a-f]{24}@severka\.example>$")
        notice = threading.new_message_id(42, "severka.example", threading.NOTICE)
        self.assertRegex(notice, r"^<sdn\.42\.[0-9a-f]{24}@severka\.example>$")
        self.assertTrue(threading.is_notice_id("<sdn.42.0123456789abcdef01234567@severka.example>"))
        self.assertFalse(threading.is_notice_id("<sd.42.0123456789abcdef01234567@severka.example>"))

    def test_answer_to_an_old_message_id_finds_its_ticket(self):
        ticket, sent = self.new_ticket(), "<sd.42.0123456789abcdef01234567@severka.example>"
        self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "sent", "message_id": sent,
            "email_to": self.jana.email})
        self.arrive(build_mail(self.jana.email, "support@severka.example", In_Reply_To=sent))
        self.assertEqual(len(ticket.item_ids.filtered(lambda item: item.direction == "in")), 1)

    def test_reply_addresses(self):
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "frozen secret")
        self.assertEqual(self.support._sign_ticket(46655), "sd.zzz.f6f170a21b58e624")
        with patch.object(type(self.env["servicedesk.ticket"]), "exists", lambda self: self):
            found = self.support._find_signed_ticket("support+sd.zzz.f6f170a21b58e624@severka.example")
        self.assertEqual(found.id, 46655)

    def test_test_mail_of_reply_addresses(self):
        self.support.reply_address_token = "0123456789abcdef"
        self.assertTrue(self.support._take_test_mail("support+sdtest.0123456789abcdef@severka.example"))

    def test_ticket_number_in_a_subject(self):
        self.assertEqual(threading.numbers_in("Re: VPN [SD-10482]"), ["SD-10482"])
        self.assertEqual(threading.subject_with_number("VPN", "SD-10482"), "VPN [SD-10482]")

    def test_marker_of_notices(self):
        self.assertEqual(own_answer.MARKER, "##- 8< -##")
        self.assertEqual(own_answer.own_words("", "Yes, do it.\n\n> ##- 8< -##\n> The notice"), "<p>Yes, do it.</p>")

    def test_addresses_that_sms_gateways_call(self):
        gateway = self.env["servicedesk.sms.gateway"].create({
            "name": "Kannel", "provider": "kannel", "url": "https://sms.severka.example", "numbers": "+420601123456"})
        self.assertRegex(gateway.token, r"^[\w-]{24}$")
        self.assertTrue(gateway._get_callback("in").endswith(f"/servicedesk/sms/{gateway.token}/in"))
        sms = self.env["servicedesk.sms"].new({"gateway_id": gateway.id, "reference": "abc", "number": "601000000"})
        gateway.sudo().secret = "secret"
        sign = "9946dad4e00e913fc8be8e5d3f7e110a4a9e832f83fb09c345285d78638d8a0e"
        path = f"/servicedesk/sms/{gateway.token}/report?id=abc&sig={sign}"
        self.assertTrue(gateway._prepare_message(sms).report_url.endswith(path))

    def test_variables_of_templates(self):
        template = self.env["servicedesk.template"].create({
            "name": "Old", "subject": "{{ticket.subject}}", "body": "<p>{{ ticket.subject }}</p>"})
        self.assertEqual(template._render(self.new_ticket()), ("VPN", "<p>VPN</p>"))
