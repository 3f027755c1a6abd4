import base64
import subprocess
import tempfile

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


@tagged("post_install", "-at_install")
class TestPrint(ServicedeskCase, HttpCase):
    """What is on the paper is read from the paper."""

    def setUp(self):
        super().setUp()
        self.agent.password = "agent"
        self.question = self.arrive(build_mail(JANA, "support@severka.example", "VPN", "Žluťoučká VPN falls")).item_id
        self.ticket = self.question.ticket_id
        answer = self.write_answer(self.ticket, self.agent, "<p>Restart it</p>", email_bcc="boss@severka.example")
        answer.state = "sent"
        self.answer = answer
        self.note = self.question.browse(self.question.with_user(self.agent).add_discussion("<p>They never pay</p>"))
        self.aside = self.question.create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received", "third_party": True,
            "email_from": "servis@vyrobce.example", "body": "<p>The maker's price</p>"})
        self.call = self.question.create({
            "ticket_id": self.ticket.id, "kind": "call", "direction": "in", "state": "done", "body": "<p>Shouting</p>"})
        self.report = self.env["ir.actions.report"].with_user(self.agent)

    def html(self, user=None, **data):
        return self.report.with_user(user or self.agent)._render_qweb_html(
            "servicedesk.report_ticket_action", self.ticket.ids, data=data)[0].decode()

    def assert_words(self, text, there, absent):
        for words in there:
            self.assertIn(words, text)
        for words in absent:
            self.assertNotIn(words, text)

    def test_pdf(self):
        pdf, kind = self.report.with_context(force_report_rendering=True)._render_qweb_pdf(
            "servicedesk.report_ticket_action", self.ticket.ids, data={})
        self.assertEqual(kind, "pdf")
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            text = subprocess.run(["pdftotext", "-layout", file.name, "-"], capture_output=True, text=True,
                                  check=True).stdout
        self.assert_words(text, (self.ticket.number, "Žluťoučká VPN falls", "Restart it", "Jana Novotná",
                                 self.env.company.name), ("never pay", "maker's price", "Shouting", "boss@"))

    def test_internal_parts_only_when_asked_for(self):
        internal = ("They never pay", "The maker's price", "Shouting", "boss@severka.example")
        self.assert_words(self.html(), ("VPN falls", "Restart it"), internal)
        self.assert_words(self.html(internal=True), ("VPN falls", "Restart it", *internal), ())
        self.assert_words(self.html(internal="1"), ("VPN falls",), internal)

    def test_chosen_items(self):
        self.assert_words(self.html(item_ids=self.question.ids), ("VPN falls",), ("Restart it", "never pay"))
        with_discussion = self.html(item_ids=self.question.ids, internal=True)
        self.assert_words(with_discussion, ("VPN falls", "never pay"), ("Restart it",))
        other = self.new_ticket(department_id=self.billing.id)
        secret = self.question.create(self.question._prepare_note_vals(other, "<p>Secret</p>", self.clerk))
        self.assert_words(self.html(item_ids=(self.answer | secret).ids, internal=True), ("Restart it",), ("Secret",))

    def test_nothing_is_fetched(self):
        picture = self.env["ir.attachment"].create({
            "name": "a.png", "raw": PIXEL, "res_model": self.question._name, "res_id": self.question.id})
        foreign = self.env["ir.attachment"].create({"name": "b.png", "raw": PIXEL})
        self.question.body = (
            f'<div class="header"><p>Head</p></div><p><img src="/web/image/{picture.id}"/>'
            f'<img src="/web/image/{foreign.id}"/><img src="https://spy.example/1.gif"/>'
            '<span style="background-image: url(//spy.example/2.gif); color: red">red</span></p>'
            '<table background="http://spy.example/3.gif"><tr><td>cell</td></tr></table>')
        html = self.html()
        self.assert_words(html, ("data:image/png;base64", "Head", "cell", "color: red"), (
            "spy.example", f"/web/image/{foreign.id}", f"/web/image/{picture.id}", 'class="header"'))

    def test_only_who_sees_the_ticket(self):
        customer = new_test_user(self.env, "customer", "base.group_portal", password="customer")
        for user in (self.clerk, customer):
            with self.assertRaises(AccessError):
                self.html(user)
        address = f"/servicedesk/print/{self.ticket.id}?internal=1"
        self.authenticate("customer", "customer")
        self.assertEqual(self.url_open(address).status_code, 404)
        self.assertNotIn("never pay", self.url_open(f"/report/html/servicedesk.report_ticket/{self.ticket.id}").text)
        self.authenticate("agent", "agent")
        self.assertIn("never pay", self.url_open(address).text)
        self.assertNotIn("never pay", self.url_open(f"/servicedesk/print/{self.ticket.id}").text)
