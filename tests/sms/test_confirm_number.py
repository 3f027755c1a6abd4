import re

from odoo.tests import HttpCase, new_test_user, tagged

from ...models.access.access_link import MOST_FAILURES
from .test_sms import SmsCase

NUMBER = "+420602777666"


@tagged("post_install", "-at_install")
class TestConfirmNumber(SmsCase, HttpCase):
    """A number that somebody enters counts when the digits of an SMS to it come back; else staff confirms it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id, name=cls.jana.name,
                                     email=cls.jana.email)

    def write_number(self, number=NUMBER, user=None):
        user = user or self.customer
        user.partner_id.with_user(user).sudo().phone = number
        return self.env["servicedesk.address.claim"].search([
            ("partner_id", "=", user.partner_id.id), ("value", "=", number)])

    def sent(self, number=NUMBER):
        return self.env["servicedesk.sms"].search([("number", "=", number), ("origin", "=", "system")], order="id")

    def code(self):
        return re.search(r"\d{6}", self.sent()[-1].text).group()

    def callers(self, number=NUMBER):
        return self.env["res.partner"]._find_servicedesk_callers(number, self.env.company)

    def test_by_the_page(self):
        claim = self.write_number()
        self.assertFalse(self.receive("Kdo jsem?", sender="420602777666").item_id.author_partner_id)
        self.authenticate("jana", "jana")
        page = self.url_open("/my/confirm").text
        self.assertIn("+420 602 777 666", page)
        data = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page).group(1), "claim": claim.id}
        self.assertIn("We sent a code by SMS", self.url_open("/my/confirm/send", data=data).text)
        self.assertIn("This code is not right", self.url_open("/my/confirm/code", data=data | {"code": "x"}).text)
        self.assertFalse(self.callers())
        self.assertIn("Confirmed", self.url_open("/my/confirm/code", data=data | {"code": f" {self.code()} "}).text)
        self.assertEqual(self.callers(), self.jana)
        self.assertEqual(self.receive("Teď ano", sender="420602777666").item_id.author_partner_id, self.jana)

    def test_somebody_elses_claim(self):
        claim = self.write_number()
        claim._send_code()
        new_test_user(self.env, "eve", "base.group_portal", email="eve@elsewhere.example")
        self.authenticate("eve", "eve")
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.url_open("/my/account").text).group(1)
        self.url_open("/my/confirm/code", data={"csrf_token": token, "claim": claim.id, "code": self.code()})
        self.assertEqual(claim.state, "waiting")

    def test_digits_are_not_guessed(self):
        claim = self.write_number()
        claim._send_code()
        right = self.code()
        for wrong in range(MOST_FAILURES):
            self.assertFalse(claim._take_code(f"{(int(right) + wrong + 1) % 1_000_000:06}"))
        self.assertFalse(claim._take_code(right), "too many wrong ones before")
        claim._send_code()
        self.assertTrue(claim._take_code(self.code()))

    def test_a_newer_code_ends_the_former_one(self):
        claim = self.write_number()
        claim._send_code()
        former = self.code()
        claim._send_code()
        if former != self.code():
            self.assertFalse(claim._take_code(former))
        self.assertTrue(claim._take_code(self.code()))
        self.assertFalse(claim._take_code(self.code()), "once")

    def test_limits(self):
        """Three a day to a person and to a number, so many a day for all; one is told of the own ones only."""
        claim = self.write_number()
        self.assertEqual([claim._send_code() for _time in range(4)], ["", "", "", "limit"])
        self.assertEqual(len(self.sent()), 3)
        other = self.write_number(user=new_test_user(self.env, "eve", "base.group_portal", email="eve@x.example"))
        self.assertEqual(other._send_code(), "", "the same answer as for a number that nobody has asked for")
        self.assertEqual(len(self.sent()), 3)
        self.env.company.servicedesk_codes_a_day = 4
        third = self.write_number("+420602777667", new_test_user(self.env, "bob", "base.group_portal"))
        self.assertEqual(third._send_code(), "limit")
        self.env.company.servicedesk_codes_a_day = 0
        self.assertEqual(third._send_code(), "off")

    def test_countries(self):
        claim = self.write_number("+421905123456")
        self.assertEqual(claim._send_code(), "country")
        self.env.company.servicedesk_code_country_ids = self.env.ref("base.cz") | self.env.ref("base.sk")
        self.assertEqual(claim._send_code(), "")
        self.gateway.active = False
        self.assertEqual(claim._send_code(), "off", "staff confirms")

    def test_known_and_unknown_numbers_get_the_same_answer(self):
        self.alena.phone = "+420602555444"
        claim = self.write_number("+420602555444")
        self.assertEqual(claim._send_code(), "")
        self.assertEqual(self.callers("+420602555444"), self.alena)
