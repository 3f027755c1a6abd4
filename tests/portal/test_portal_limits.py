import http.client
import re
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...models.access.ir_http import _Nowhere
from ...tools import limits
from ..common import ServicedeskCase

HERE, THERE = "192.0.2.7", "198.51.100.9"


class TestPortalUse(ServicedeskCase):
    """How often: of one person, of one customer, from one address."""

    def setUp(self):
        super().setUp()
        self.use = self.env["servicedesk.portal.use"]
        self.patch(limits, "PORTAL_REQUESTS", {"person": 2, "client": 3, "address": 4})
        self.patch(limits, "PORTAL_MESSAGES", {"person": 3, "client": 5, "address": 6})
        self.petr = self.env["res.partner"].create({"name": "Petr"})

    def test_new_requests_of_a_person_a_customer_and_an_address(self):
        for address in (HERE, THERE):
            self.use._take(self.jana, address, opens=True)
        with self.assertRaisesRegex(UserError, "60 minutes"):
            self.use._take(self.jana, "", opens=True)
        self.use._take(self.alena, HERE, opens=True)
        with self.assertRaises(UserError):
            self.use._take(self.alena, "203.0.113.5", opens=True)  # the customer has three by now
        self.use._take(self.petr, HERE, opens=True)
        self.use._take(self.petr, HERE, opens=True)
        other = self.env["res.partner"].create({"name": "Other"})
        with self.assertRaises(UserError):
            self.use._take(other, HERE, opens=True)
        self.use._take(other, THERE, opens=True)
        self.use._take(self.jana, HERE)  # an answer is no new request

    def test_messages_count_apart_and_requests_among_them(self):
        self.use._take(self.jana, HERE, opens=True)
        for _n in range(2):
            self.use._take(self.jana, HERE)
        with self.assertRaisesRegex(UserError, "Too many messages"):
            self.use._take(self.jana, HERE)
        with self.assertRaisesRegex(UserError, "Too many messages"):
            self.use._take(self.jana, HERE, opens=True)

    def test_it_passes_and_is_forgotten(self):
        for _n in range(2):
            self.use._take(self.petr, HERE, opens=True)
        self.age(limits.PORTAL_PERIOD - timedelta(minutes=2))
        with self.assertRaisesRegex(UserError, "in [123] minutes"):
            self.use._take(self.petr, HERE, opens=True)
        self.age(timedelta(minutes=3))
        self.use._take(self.petr, HERE, opens=True)
        self.age(limits.PORTAL_KEPT + timedelta(minutes=1))
        self.use._gc_uses()
        self.assertFalse(self.use.search([]))

    def age(self, by):
        self.env.flush_all()
        self.env.cr.execute("UPDATE servicedesk_portal_use SET create_date = create_date - %s", [by])
        self.env.invalidate_all()

    def test_addresses_as_they_are_counted(self):
        for written, counted in (("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
                                 ("", ""), (None, ""), ("unix:", ""), ("x\0", "")):
            self.assertEqual(self.use._get_network(written), counted)


@tagged("post_install", "-at_install")
class TestPortalLimits(ServicedeskCase, HttpCase):
    """Over HTTP: each refusal is in the reader's language, and what was typed is still in the form."""

    def setUp(self):
        super().setUp()
        self.person = new_test_user(self.env, "jana", "base.group_portal", partner_id=self.jana.id, name=self.jana.name,
                                    email=self.jana.email)
        self.support.portal_visible = True
        self.ticket = self.new_ticket()
        self.authenticate("jana", "jana")
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open("/my/requests/new").text).group(1)

    def post(self, url, files=None, **data):
        return self.url_open(url, data={"csrf_token": self.token, **data}, files=files)

    def ask(self, text="Dlouhý popis závady", files=None, subject="Tiskárna"):
        return self.post("/my/requests/new", files, department_id=str(self.support.id), subject=subject, text=text)

    def answer(self, text="Moje odpověď", files=None):
        return self.post(f"/my/requests/{self.ticket.id}/answer", files, text=text)

    def count(self):
        return self.env["servicedesk.item"].search_count([("kind", "=", "portal")])

    def assert_refused(self, answer, *words):
        before = self.count()
        self.assertEqual(answer.status_code, 200)
        for word in ("alert-danger", *words):
            self.assertIn(word, answer.text)
        self.assertEqual(self.count(), before)

    def test_too_many_requests_and_messages(self):
        self.patch(limits, "PORTAL_REQUESTS", {"person": 2, "client": 99, "address": 99})
        self.patch(limits, "PORTAL_MESSAGES", {"person": 4, "client": 99, "address": 99})
        tickets = self.env["servicedesk.ticket"].search_count([])
        for number in range(4):
            answer = self.ask(f"Popis {number}")
        self.assert_refused(answer, "Too many new requests", "Popis 3", "Tiskárna")
        self.assertEqual(self.env["servicedesk.ticket"].search_count([]), tickets + 2)
        for number in range(3):
            answer = self.answer(f"Odpověď {number}")
        self.assert_refused(answer, "Too many messages", "Odpověď 2")
        self.assertEqual(self.count(), 4)
        uses = self.env["servicedesk.portal.use"].search([])
        self.assertEqual(set(uses.mapped("address")), {"127.0.0.1"})

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        self.person.lang = "cs_CZ"
        self.authenticate("jana", "jana")
        self.token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open("/my/requests/new").text).group(1)
        self.patch(limits, "PORTAL_REQUESTS", {"person": 1, "client": 1, "address": 1})
        self.env["servicedesk.portal.use"]._take(self.jana, "", opens=True)
        asked = []
        self.patch(type(self.env["servicedesk.portal.use"]), "_get_words",
                   lambda use, opens, minutes: asked.append(use.env.lang) or "Příliš mnoho")
        self.assert_refused(self.ask(), "Příliš mnoho", "Dlouhý popis závady")
        self.assertEqual(asked, ["cs_CZ"])

    def test_long_words(self):
        long = "x" * limits.PORTAL_TEXT
        self.assertEqual(self.ask(long).status_code, 200)
        self.assertEqual(self.count(), 1)
        self.assert_refused(self.ask(f"{long}y"), "Your text has 100001 characters", f"{long}y")
        self.assert_refused(self.answer(f"{long}y"), "Your text has 100001 characters", f"{long}y")
        self.assert_refused(self.ask(subject="s" * 251), "250 characters", "s" * 251)

    def test_files(self):
        self.patch(limits, "PORTAL_FILE_BYTES", 1000)
        many = [("files", (f"{number}.txt", b"x", "text/plain")) for number in range(limits.PORTAL_FILES + 1)]
        large = [("files", ("ok.txt", b"x", "text/plain")), ("files", ("velký.bin", b"x" * 1001, "text/plain"))]
        for send in (self.ask, self.answer):
            self.assert_refused(send("Má slova", many), "At most 20 files", "Má slova")
            self.assert_refused(send("Má slova", large), "velký.bin", "Má slova")
        self.assertEqual(self.answer("Má slova", large[:1]).status_code, 200)
        self.assertEqual(self.count(), 1)

    def test_a_request_that_is_too_large_is_read_past(self):
        kept = []
        self.patch(_Nowhere, "write", lambda _self, data: kept.append(len(data)) or len(data))
        content = b"x" * (limits.PORTAL_REQUEST_BYTES + 1)
        for send in (self.ask, self.answer):
            self.assert_refused(send("Má slova", [("files", ("film.mp4", content, "video/mp4"))]), "60 MB", "Má slova")
        self.assertGreater(sum(kept), 2 * limits.PORTAL_REQUEST_BYTES, "nothing was kept")
        self.assertLess(max(kept), 2**20, "piece by piece")

    def test_what_is_much_too_large_is_not_read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port(), timeout=20)
        self.addCleanup(connection.close)
        with self.allow_requests():
            connection.request("POST", "/my/requests/new", b"--x\r\n", {
                "Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(limits.PORTAL_DRAIN_BYTES + 1),
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.opener.cookies.items())})
            self.assertEqual(connection.getresponse().status, 413, "answered before anything of it came")

    def test_a_long_mail_is_shown_in_parts(self):
        words = " ".join(f"slovo{number}" for number in range(60_000))
        self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "email_from": self.jana.email, "body": f"<p>{words}</p><p>konec</p>"})
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        self.assertIn("Show the rest", page)
        self.assertIn("konec", page)
        self.assertEqual(page.count('class="o_sd_rest"'), 3)
        self.assertLess(page.index("o_sd_rest"), page.index("slovo9000"))
