import json
import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..client.test_addresses import DIRECTOR, AddressCase
from ..common import build_mail

NEW = "jana@nova.example"


@tagged("post_install", "-at_install")
class TestConfirm(AddressCase, HttpCase):
    """Addresses that people enter themselves, through the doors by which they do it."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("auth_signup.invitation_scope", "b2c")
        self.jana.write({"street": "Nábřežní 1", "city": "Písek", "zip": "397 01", "phone": "+420602123456",
                         "country_id": self.env.ref("base.cz").id})

    def csrf(self, page="/my/account"):
        return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.url_open(page).text).group(1)

    def post(self, url, page=None, **data):
        return self.url_open(url, data={"csrf_token": self.csrf(page or url), **data}, allow_redirects=False)

    def save_account(self, **vals):
        """Save the page of the portal's account, as its form does."""
        values = {"partner_id": self.jana.id, "name": self.jana.name, "email": self.jana.email,
                  "phone": self.jana.phone, "street": self.jana.street, "city": self.jana.city, "zip": self.jana.zip,
                  "country_id": self.jana.country_id.id, "address_type": "billing", "callback": "/my", **vals}
        answer = self.post("/my/address/submit", "/my/account", **values)
        return json.loads(answer.text)

    def rpc(self, model, method, *args):
        return self.url_open(f"/web/dataset/call_kw/{model}/{method}", data=json.dumps({
            "jsonrpc": "2.0", "method": "call",
            "params": {"model": model, "method": method, "args": args, "kwargs": {}}}),
            headers={"Content-Type": "application/json"}).json()

    def mails(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def test_account(self):
        """The account takes a new address, says what happens, and the old one goes on counting until it is confirmed.
        """
        former = self.jana.email
        self.authenticate("jana", "jana")
        self.assertEqual(self.save_account(email=NEW), {"redirectUrl": "/my"})
        self.assertEqual((self.jana.email, self.find(NEW), self.find(former)),
                         (NEW, self.env["res.partner"], self.jana))
        self.assertEqual(self.mails(NEW).state, "outgoing", "queued")
        for page in ("/my", "/my/account"):
            text = self.url_open(page).text
            self.assertIn("mail from the new address is not taken as yours", text)
            self.assertIn(NEW, text)
        token = self.token(NEW)
        self.url_open(f"/servicedesk/link/{token}", data={"csrf_token": self.csrf(f"/servicedesk/link/{token}")})
        self.assertEqual(self.find(NEW), self.jana)
        self.assertNotIn("o_sd_portal_waiting", self.url_open("/my").text)

    def test_the_directors_address_in_the_account(self):
        """Mail of the director, by whatever way it comes, is the director's, and the customer sees none of it."""
        self.support.portal_visible = True
        self.authenticate("jana", "jana")
        self.save_account(email=DIRECTOR)
        self.post("/my/requests/new", department_id=str(self.support.id), subject="Dotaz", text="Prosím o radu")
        mine = self.env["servicedesk.ticket"].search([("subject", "=", "Dotaz")])
        self.assertEqual(mine.contact_id, self.jana)
        self.assertNotEqual(mine.contact_email, DIRECTOR, "answers go to the address that is proven")
        plain = self.arrive(build_mail(DIRECTOR, self.support.email, "Smlouva", "Tajná smlouva"))
        self.assertEqual((plain.ticket_id.contact_id, plain.ticket_id.partner_id), (self.director, self.lipa))
        joined = self.arrive(build_mail(DIRECTOR, self.support.email, f"Re: [{mine.number}] Dotaz", "Tajná odpověď"))
        self.assertNotEqual(joined.ticket_id, mine)
        for page in ("/my/requests", f"/my/requests/{mine.id}"):
            self.assertNotIn("Tajn", self.url_open(page).text)
        self.assertEqual(self.url_open(f"/my/requests/{plain.ticket_id.id}").status_code, 404)

    def test_a_stranger_who_signs_up_as_the_director(self):
        """What the director answers to the desk on a stranger's request is hidden from the stranger."""
        self.support.portal_visible = True
        self.director.email = "jiny@lipa.example"
        self.sign_up(DIRECTOR)
        self.authenticate(DIRECTOR, "signup-Passw0rd")
        self.post("/my/requests/new", department_id=str(self.support.id), subject="Dotaz", text="Prosím o radu")
        ticket = self.env["servicedesk.ticket"].search([("subject", "=", "Dotaz")])
        self.assertFalse(self.mails(DIRECTOR).filtered(lambda mail: ticket.number in (mail.subject or "")),
                         "nothing automatic goes to an address that nobody has proven")
        answer = self.write_answer(ticket, self.agent, "<p>Rada</p>")
        answer.state = "sent"
        self.assertIn("Rada", self.url_open(f"/my/requests/{ticket.id}").text, "the desk's answer to the request")
        row = self.arrive(build_mail(DIRECTOR, self.support.email, "Re: Dotaz", "Tajné", In_Reply_To=answer.message_id))
        self.assertTrue(row.item_id.third_party)
        row.item_id.third_party = False  # released by an agent: still the director's words
        second = self.write_answer(ticket, self.agent, "<p>Tajný citát</p>", parent_item_id=row.item_id.id)
        second.write({"state": "sent", "parent_item_id": row.item_id.id})
        self.assertNotIn("Tajn", self.url_open(f"/my/requests/{ticket.id}").text)

    def sign_up(self, login, **values):
        return self.post("/web/signup", login=login, name="Kdosi", password="signup-Passw0rd",
                         confirm_password="signup-Passw0rd", **values)

    def test_free_sign_up(self):
        """A free sign-up proves nothing; the link that it brings does."""
        self.sign_up(NEW)
        user = self.env["res.users"].search([("login", "=", NEW)])
        self.assertEqual(user.partner_id.email, NEW)
        self.assertFalse(self.find(NEW))
        self.authenticate(None, None)
        token = self.token(NEW)
        self.post(f"/servicedesk/link/{token}")
        self.assertEqual(self.find(NEW), user.partner_id)

    def test_login_equals_email(self):
        """A login is no proof, whoever chose it."""
        user = new_test_user(self.env, NEW, "base.group_portal", email="kdosi@jinde.example")
        self.write_as(user, email=NEW)
        self.assertFalse(self.find(NEW))

    def test_invitations(self):
        """A token proves the address that it was mailed to, and no other."""
        self.write_as(self.customer, email=NEW)
        self.jana.signup_prepare("reset")
        token = self.jana._generate_signup_token()
        self.post(f"/web/reset_password?token={token}", token=token, login="jana", name="Jana",
                  password="new-Passw0rd", confirm_password="new-Passw0rd")
        self.assertEqual(self.find(NEW), self.jana)
        # asked for at the own address, used after another one was written
        self.write_as(self.customer, email="jana2@nova.example")
        self.jana.signup_prepare("reset")
        token = self.jana._generate_signup_token()
        self.write_as(self.customer, email=DIRECTOR)
        self.env["res.users"].sudo().signup({"password": "other-Passw0rd"}, token)
        self.assertEqual(self.claim(DIRECTOR).state, "waiting")
        self.assertEqual(self.find(DIRECTOR), self.director)
        # mailed to two
        self.write_as(self.customer, email="treti@nova.example, jana@zly.example")
        self.jana.signup_prepare("reset")
        self.env["res.users"].sudo().signup({"password": "third-Passw0rd"}, self.jana._generate_signup_token())
        self.assertFalse(self.find("treti@nova.example"))

    def test_an_invited_person_who_types_another_login(self):
        made = self.env["res.partner"].with_user(self.env.ref("base.public_user")).sudo().create(
            {"name": "Nový", "email": NEW})
        made.signup_prepare()
        token = made._generate_signup_token()
        self.env["res.users"].with_user(self.env.ref("base.public_user")).sudo().signup(
            {"login": DIRECTOR, "name": "Nový", "password": "third-Passw0rd"}, token)
        self.assertEqual(made.email_normalized, DIRECTOR)
        self.assertEqual(self.find(DIRECTOR), self.director)
        self.assertNotIn("confirmed", made.servicedesk_claim_ids.mapped("state"))

    @mute_logger("odoo.http")
    def test_writing_by_rpc(self):
        self.authenticate("jana", "jana")
        self.rpc("res.partner", "write", [self.jana.id], {"email": DIRECTOR})
        self.rpc("res.users", "write", [self.customer.id], {"email": DIRECTOR, "phone": "+420602999888"})
        self.assertEqual(self.customer.email, DIRECTOR, "one's own address is one's own to write")
        self.assertEqual(self.find(DIRECTOR), self.director)
        for model in ("servicedesk.address.claim", "servicedesk.access.link", "servicedesk.address"):
            for method, args in (("create", [[{"partner_id": self.jana.id, "value": DIRECTOR, "state": "confirmed"}]]),
                                 ("search_read", [[]]), ("action_accept", [self.claim(DIRECTOR).ids])):
                self.assertIn("error", self.rpc(model, method, *args))
        for name in ("servicedesk_claim_ids", "servicedesk_address_ids"):
            self.rpc("res.users", "write", [self.customer.id], {"email": DIRECTOR, name: [
                [0, 0, {"value": "x@nova.example", "state": "confirmed"}]]})
        self.assertEqual(self.jana.servicedesk_claim_ids.filtered(lambda claim: claim.state == "confirmed").ids, [])
        self.assertFalse(self.find("x@nova.example"))

    def test_get_changes_nothing(self):
        self.write_as(self.customer, email=NEW)
        token = self.token(NEW)
        for _time in range(3):
            answer = self.url_open(f"/servicedesk/link/{token}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn(NEW, answer.text)
            self.assertEqual((answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]),
                             ("no-referrer", "no-store"))
        self.assertEqual(self.claim(NEW).state, "waiting")
        self.assertFalse(self.env["servicedesk.access.link"].search([("address", "=", NEW)]).use_count)
        with mute_logger("odoo.http"):
            answer = self.url_open(f"/servicedesk/link/{token}", data={"csrf_token": "x"})
        self.assertEqual((answer.status_code, self.claim(NEW).state), (400, "waiting"), "not without Odoo's token")

    def test_links_that_open_nothing_look_the_same(self):
        self.write_as(self.customer, email=NEW)
        token = self.token(NEW)
        link = self.env["servicedesk.access.link"].search([("address", "=", NEW)])
        answers = [self.url_open("/servicedesk/link/nobody-has-made-it")]
        for vals in ({"expires_at": fields.Datetime.now() - timedelta(seconds=1)},
                     {"revoked_at": fields.Datetime.now()}, {"use_count": 1}):
            before = link.read(list(vals))[0]
            link.write(vals)
            answers.append(self.url_open(f"/servicedesk/link/{token}"))
            link.write({name: before[name] for name in vals})
        new_test_user(self.env, "someone", "base.group_portal", email="someone@nova.example")
        self.authenticate("someone", "someone")
        foreign = self.url_open(f"/servicedesk/link/{token}")
        self.assertEqual(foreign.status_code, 404, "for somebody else than who has signed in")
        self.assertEqual({answer.status_code for answer in answers}, {404})
        pages = {re.sub(r'csrf_token[^,;]+|/servicedesk/link/[^"\s]+|redirect=[^"]+', "", answer.text)
                 for answer in answers}
        self.assertEqual(len(pages), 1)

    def test_the_same_answer_for_known_and_unknown(self):
        """Neither the account nor the page of confirmations nor the link tells whether somebody has an address."""
        self.authenticate("jana", "jana")
        said = {}
        for address in (DIRECTOR, "nobody@anywhere.example"):
            self.env["servicedesk.access.link"].search([]).unlink()  # the person's own limit
            result = [self.save_account(email=address)]
            for page in ("/my", "/my/account", "/my/confirm"):
                result.append(self.normal(self.url_open(page).text, address))
            waiting = self.claim(address)
            answer = self.post("/my/confirm/send", "/my/confirm", claim=waiting.id)
            result.append((answer.status_code, answer.headers["Location"]))
            token = self.token(address)
            result.append(self.normal(self.url_open(f"/servicedesk/link/{token}").text, address))
            result.append(self.normal(self.post(f"/servicedesk/link/{token}").text, address))
            said[address] = result
        self.assertEqual(*said.values())
        self.assertEqual(self.find(DIRECTOR), self.director, "although it was confirmed: staff had entered it")

    def normal(self, text, address):
        text = text.replace(address, "ADDRESS")
        text = re.sub(r'"?csrf_token"?[^,;>]+|/servicedesk/link/[^"\s]+|name="claim" value="\d+"', "", text)
        return re.sub(r'data-claim="\d+"|/web/image[^"]*|data:image[^"]*|unique=\w+|/web/assets/[^"]+', "", text)

    def test_the_visitors_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.write_as(self.customer, email=NEW)
        token = self.token(NEW)
        answer = self.url_open(f"/servicedesk/link/{token}", headers={
            "User-Agent": "Mozilla/5.0", "Accept-Language": "cs"})
        self.assertEqual(answer.status_code, 200)
        self.assertRegex(answer.url, f"/cs(_CZ)?/servicedesk/link/{token}$")
        self.assertIn(NEW, answer.text)

    def test_narrow_and_wide(self):
        """The pages fit a telephone and a screen: nothing is wider than the window."""
        self.write_as(self.customer, email="velmi.dlouha.adresa.ktera.se.nevejde@" + "dlouha-domena." * 4 + "example",
                      phone="+420602777666")
        token = self.env["servicedesk.access.link"]._issue(
            "confirm", self.jana, self.jana.email_normalized, timedelta(days=1))[1]
        for size in ("375x667", "1366x768"):
            with patch.object(type(self), "browser_size", size):
                for url in ("/my/confirm", f"/servicedesk/link/{token}"):
                    self.browser_js(url, """
                        const wide = document.documentElement.scrollWidth - window.innerWidth;
                        console[wide > 0 ? "error" : "log"](wide > 0 ? `too wide by ${wide}` : "test successful");
                    """, ready="!!document.querySelector('h1')", login="jana")
