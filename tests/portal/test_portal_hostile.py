import re

from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase


@tagged("post_install", "-at_install")
class TestPortalHostile(ServicedeskCase, HttpCase):
    """What no form of ours sends ends with "not found" or a message, and the customer's words are kept."""

    def setUp(self):
        super().setUp()
        new_test_user(self.env, "jana", "base.group_portal", partner_id=self.jana.id, name=self.jana.name,
                      email=self.jana.email)
        self.support.portal_visible = True
        self.ticket = self.new_ticket()
        self.authenticate("jana", "jana")

    def test_addresses(self):
        for path, status in [
            ("/my/requests?page=abc", 404), ("/my/requests?page=-1", 404), ("/my/requests?page=", 404),
            ("/my/requests?page=%00", 404), ("/my/requests?page=1.5", 404), ("/my/requests?page=%C2%B2", 404),
            ("/my/requests?page=99999999999999999999999", 404), ("/my/requests/page/99999999999999999999999", 404),
            ("/my/requests?page=2", 200), ("/my/requests?search=a%00b", 200), ("/my/requests?search=%ED%A0%80", 200),
            ("/my/requests?search=%25%5C_%27", 200), ("/my/requests?filterby=%00", 200),
            ("/my/requests?search=a&search=b", 200), ("/my/requests/99999999999999999999999", 404),
            (f"/my/requests/{self.ticket.id}?error=%00&sent=%00", 200), ("/my/requests/new?department_id=%00", 200),
            ("/my/requests/new?department_id=-1&subject=%00&text=%00", 200),
            (f"/my/requests/{self.ticket.id}/file/99999999999999999999999", 404),
            ("/servicedesk/sms/a%00b/in", 403), ("/servicedesk/sms/%ED%A0%80/report", 403),
            ("/servicedesk/ticket/99999999999999999999999/files.zip", 404),
            (f"/servicedesk/ticket/{self.ticket.id}/files.zip?ids=%00", 404),
            ("/servicedesk/original/99999999999999999999999", 404),
        ]:
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path, allow_redirects=False).status_code, status)

    def test_addresses_of_agents(self):
        self.agent.password = "secret password"
        self.authenticate("agent", "secret password")
        for path, status in [
            (f"/servicedesk/ticket/{self.ticket.id}/files.zip?ids=99999999999999999999999", 404),
            (f"/servicedesk/print/{self.ticket.id}?items=%C2%B2,%00,-1,99999999999999999999999", 200),
            ("/servicedesk/print/99999999999999999999999", 404),
            ("/servicedesk/item/99999999999999999999999/files.zip", 404),
        ]:
            with self.subTest(path=path):
                self.assertEqual(self.url_open(path, allow_redirects=False).status_code, status)

    def post(self, url, files=None, **data):
        page = self.url_open("/my/requests/new").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        return self.url_open(url, data={"csrf_token": token, **data}, files=files)

    def test_words_that_no_database_takes_are_kept(self):
        answer = self.post(
            "/my/requests/new", department_id=str(self.support.id), subject="Nejde\0 to", text="Tiskárna\0 stojí",
            files=[("files", ("a\0b.txt", b"x", "text/pl\0ain"))])
        self.assertEqual(answer.status_code, 200)
        item = self.env["servicedesk.item"].search([("kind", "=", "portal")], limit=1)
        self.assertIn("Nejde", item.ticket_id.subject)
        self.assertIn("Tiskárna", item.body)
        self.assertIn(" stojí", item.body)
        self.assertEqual(item.attachment_ids.raw, b"x")
        self.post(f"/my/requests/{self.ticket.id}/answer", text="Už\0 jede")
        self.assertIn(" jede", self.ticket.item_ids.body)

    def test_a_mistake_keeps_the_words(self):
        answer = self.post("/my/requests/new", department_id="\0", subject="", text="Dlouhý\0 popis")
        self.assertEqual(answer.status_code, 200)
        self.assertIn(" popis", answer.text)

    def test_a_file_in_the_place_of_words(self):
        for url in ("/my/requests/new", f"/my/requests/{self.ticket.id}/answer"):
            answer = self.post(url, department_id=str(self.support.id),
                               files=[(name, ("a.txt", b"x", "text/plain")) for name in ("text", "subject")])
            self.assertEqual(answer.status_code, 200)
            self.assertIn("alert", answer.text)
