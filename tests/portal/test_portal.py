import json
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
SUPPORT = "support@severka.example"


@tagged("post_install", "-at_install")
class TestPortal(ServicedeskCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id, name=cls.jana.name,
                                     email=cls.jana.email)
        cls.other = new_test_user(cls.env, "stranger", "base.group_portal", email="eve@elsewhere.example")
        cls.employee = new_test_user(cls.env, "employee", "base.group_user")

    def setUp(self):
        super().setUp()
        message = build_mail(JANA, SUPPORT, "VPN padá", "Dobrý den, padá VPN.")
        message.add_attachment(b"own file", maintype="text", subtype="plain", filename="vypis.txt")
        self.ticket = self.arrive(message).ticket_id
        self.note = self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "body": "<p>SECRET note</p>", "author_user_id": self.agent.id})
        self.secret_file = self.env["ir.attachment"].create(
            {"name": "SECRET.txt", "raw": b"SECRET", "res_model": "servicedesk.item", "res_id": self.note.id})
        self.answer = self.write_answer(self.ticket, self.agent, "<p>Vrátili jsme ovladač.</p>")
        self.answer.state = "sent"
        supplier = self.write_answer(
            self.ticket, self.agent, "<p>SECRET margin</p>", email_to="supplier@vendor.example")
        supplier.state = "sent"
        from_supplier = self.arrive(build_mail("supplier@vendor.example", SUPPORT, "Re", "SECRET price",
                                               In_Reply_To=supplier.message_id)).item_id
        self.assertEqual(from_supplier.ticket_id, self.ticket)
        stranger = self.arrive(build_mail("eve@elsewhere.example", SUPPORT, "x", "SECRET stranger",
                                          In_Reply_To=self.answer.message_id)).item_id
        self.assertTrue(stranger.third_party)
        self.env["servicedesk.item"].with_user(self.agent).save_draft(
            self.ticket.id, "email", {"body": "<p>SECRET draft</p>"})

    def test_form_fields_are_shown_as_the_category_says(self):
        category = self.env["servicedesk.category"].create({"name": "Printers", "form_definition": [
            {"name": "serial", "string": "Serial number", "type": "char", "customer": True},
            {"name": "colour", "string": "Colour", "type": "selection", "selection": [["bw", "Black and white"]],
             "customer": True},
            {"name": "since", "string": "Since", "type": "date", "customer": True},
            {"name": "labels", "string": "Labels", "type": "tags", "tags": [["a", "Red one", 1]], "customer": True},
            {"name": "empty", "string": "EMPTY field", "type": "char", "customer": True},
            {"name": "margin", "string": "SECRET field", "type": "char"}]})
        self.ticket.category_id = category
        self.ticket.properties = {"serial": "<b>X-12</b>", "colour": "bw", "since": "2026-11-20",
                                  "labels": ["a"], "margin": "SECRET value"}
        self.authenticate("jana", "jana")
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        for words in ("Serial number", "&lt;b&gt;X-12&lt;/b&gt;", "Black and white", "11/20/2026", "Red one"):
            self.assertIn(words, page)
        for words in ("SECRET", "EMPTY field"):
            self.assertNotIn(words, page)

    def test_customer_reads_only_what_concerns_them(self):
        self.authenticate("jana", "jana")
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        self.assertIn("Dobrý den, padá VPN.", page)
        self.assertIn("Vrátili jsme ovladač.", page)
        self.assertIn("vypis.txt", page)
        self.assertNotIn("SECRET", page)
        own = self.ticket.item_ids.filtered(lambda item: item.direction == "in" and not item.third_party)
        file = own.attachment_ids.filtered(lambda attachment: attachment.name == "vypis.txt")
        self.assertEqual(self.url_open(f"/my/requests/{self.ticket.id}/file/{file.id}").content.strip(), b"own file")
        for attachment in (self.secret_file.id, 1):
            self.assertEqual(self.url_open(f"/my/requests/{self.ticket.id}/file/{attachment}").status_code, 404)
        self.assertIn("VPN padá", self.url_open("/my/requests").text)
        self.assertIn("VPN padá", self.url_open("/my/requests?search=VPN&filterby=all").text)
        self.assertNotIn("VPN padá", self.url_open("/my/requests?search=nothing").text)

    def test_what_is_said_internally_moves_nothing_in_the_list(self):
        older = self.new_ticket(subject="Older", contact_id=self.jana.id)
        self.env.cr.execute("UPDATE servicedesk_ticket SET create_date = '2026-01-01' WHERE id = %s", [older.id])
        older.invalidate_recordset()

        def listed():
            tickets = self.env["servicedesk.ticket"].with_user(self.customer)._customer_tickets()
            return [(row["id"], row["updated"]) for row in tickets._serialize_list_for_customer()]

        before = listed()
        self.assertEqual([ticket for ticket, _updated in before], [self.ticket.id, older.id])
        self.env["servicedesk.item"].create(self.env["servicedesk.item"]._prepare_note_vals(
            older, "<p>SECRET</p>", self.agent) | {"date": "2030-01-01"})
        self.assertEqual(older.last_item_at.year, 2030)
        self.assertEqual(listed(), before)

    def test_only_who_is_waited_for_is_told_so(self):
        shown = {
            "customer": "Waiting for you", "third_party": "Waiting for a supplier", "date": "Planned",
            "acceptance": "Solved, please confirm"}
        self.assertEqual(shown.keys(), dict(self.ticket._fields["waiting_for"].selection).keys())
        self.authenticate("jana", "jana")
        for waiting_for, words in shown.items():
            self.ticket.write({"state": "waiting", "waiting_for": waiting_for, "reopen_at": "2100-01-01"})
            self.assertEqual(self.ticket._serialize_for_customer()["waiting_for"], waiting_for)
            page = self.url_open(f"/my/requests/{self.ticket.id}").text
            for other in shown.values():
                (self.assertIn if other == words else self.assertNotIn)(other, page)

    def test_page_before_the_first(self):
        self.authenticate("jana", "jana")
        self.assertIn("VPN padá", self.url_open("/my/requests/page/0").text)

    def test_others_find_nothing(self):
        for login in ("stranger", "employee"):
            self.authenticate(login, login)
            self.assertEqual(self.url_open(f"/my/requests/{self.ticket.id}").status_code, 404)
            self.assertNotIn("VPN padá", self.url_open("/my/requests?filterby=all").text)
        self.authenticate(None, None)
        self.assertNotIn("VPN padá", self.url_open(f"/my/requests/{self.ticket.id}").text)

    def test_changing_ones_address_opens_nothing(self):
        self.other.partner_id.email = "jana.novotna@stavbyvltava.example"
        tickets = self.env["servicedesk.ticket"].with_user(self.other)._customer_tickets()
        self.assertFalse(tickets)

    def test_colleague_sees_the_company_only_if_allowed(self):
        colleague = new_test_user(self.env, "alena", "base.group_portal", partner_id=self.alena.id,
                                  name=self.alena.name, email=self.alena.email)
        Ticket = self.env["servicedesk.ticket"].with_user(colleague)
        self.assertFalse(Ticket._customer_tickets())
        self.alena.servicedesk_sees_company = True
        self.assertEqual(Ticket._customer_tickets().sudo(), self.ticket)
        self.support.portal_visible = False
        self.assertFalse(Ticket._customer_tickets())

    def test_each_client_sees_the_own_words_after_a_merge_or_a_move(self):
        """Each item belongs to whom it came from or went to, whatever became of its ticket."""
        lipa = self.env["res.partner"].create({"name": "Lípa", "is_company": True, "email": "info@lipa.example"})
        ota = self.env["res.partner"].create({"name": "Ota", "parent_id": lipa.id, "email": "ota@lipa.example"})
        theirs = new_test_user(self.env, "ota", "base.group_portal", partner_id=ota.id, email=ota.email)
        self.ticket.with_user(self.customer).sudo()._customer_answer("Of Stavby", [("a.txt", b"a", "text/plain")])
        words = self.ticket.item_ids.filtered(lambda item: item.kind == "portal")
        survivor = self.new_ticket(partner_id=lipa.id, contact_id=ota.id)
        survivor.with_user(theirs).sudo()._customer_answer("Words of Lípa")

        def shown(ticket, user):
            found = self.env["servicedesk.ticket"].with_user(user)._customer_tickets([("id", "=", ticket.id)])
            return found._get_customer_items() if found else self.env["servicedesk.item"]

        self.assertIn(words, shown(self.ticket, self.customer))
        moved = self.ticket.copy({"partner_id": self.client.id})
        own = words.copy({"ticket_id": moved.id, "state": "received", "author_partner_id": self.jana.id})
        self.assertIn(own, shown(moved, self.customer))
        moved.with_user(self.agent).write({"partner_id": lipa.id})
        self.assertFalse(moved.contact_id)
        self.assertFalse(shown(moved, self.customer))
        lipa.invalidate_recordset()
        ota.servicedesk_sees_company = True
        self.assertTrue(self.env["servicedesk.ticket"].with_user(theirs)._customer_tickets([("id", "=", moved.id)]))
        self.assertNotIn(own, shown(moved, theirs))
        stranger = self.new_ticket(contact_id=False, partner_id=False, contact_email="x@home.example")
        stranger.partner_id = lipa
        self.assertEqual(stranger.contact_email, "x@home.example", "answers go where the question came from")
        self.env["servicedesk.merge"].with_user(self.agent)._merge(self.ticket | survivor, survivor, lipa)
        self.assertEqual(words.ticket_id, survivor)
        seen = shown(survivor, theirs)
        self.assertEqual([item.preview for item in seen], ["Words of Lípa"])
        self.assertFalse(shown(survivor, self.customer))

    def test_answer_with_a_file_reopens(self):
        self.ticket.action_wait()
        self.authenticate("jana", "jana")
        page = self.url_open(f"/my/requests/{self.ticket.id}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        url = f"/my/requests/{self.ticket.id}/answer"
        refused = self.url_open(url, data={"text": "x"})
        self.assertEqual(refused.status_code, 400, "without a token nothing is changed")
        empty = self.url_open(url, data={"csrf_token": token, "text": " "})
        self.assertIn("Write a message", empty.text)
        self.url_open(url, data={"csrf_token": token, "text": "Už to jede <script>"},
                      files={"files": ("snimek.png", b"\x89PNG", "image/png")})
        item = self.ticket.item_ids.filtered(lambda item: item.kind == "portal")
        self.assertEqual((item.direction, item.author_partner_id), ("in", self.jana))
        self.assertEqual(item.preview, "Už to jede <script>")
        self.assertEqual(item.attachment_ids.name, "snimek.png")
        self.assertEqual((self.ticket.state, self.ticket.unread), ("open", True))
        start = self.env["servicedesk.item"].with_user(self.junior).prepare_draft(self.ticket.id, "email")
        self.assertIn("jana.novotna@stavbyvltava.example", start["email_to"])

    def test_new_request(self):
        self.authenticate("jana", "jana")
        page = self.url_open("/my/requests/new").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        data = {"csrf_token": token, "department_id": str(self.billing.id), "subject": "Faktura\r\n",
                "text": "Chybí mi"}
        answer = self.url_open("/my/requests/new", data=data | {"subject": " "})
        self.assertIn("Chybí mi", answer.text, "what was typed stays")
        self.url_open("/my/requests/new", data=data)
        ticket = self.env["servicedesk.ticket"].search([("subject", "=", "Faktura")])
        self.assertEqual((ticket.department_id, ticket.contact_id, ticket.partner_id),
                         (self.billing, self.jana, self.client))
        self.billing.portal_visible = False
        self.url_open("/my/requests/new", data=data | {"subject": "Not there"})
        self.assertFalse(self.env["servicedesk.ticket"].search([("subject", "=", "Not there")]))

    def test_a_rule_may_take_a_request_out_of_the_portal(self):
        """It reached the desk: its customer is led to the list, not to an error."""
        self.billing.portal_visible = False
        self.env["servicedesk.rule"].create({
            "name": "Invoices", "channel": "portal", "event": "any", "set_department_id": self.billing.id})
        self.authenticate("jana", "jana")
        page = self.url_open("/my/requests/new").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
        new = self.url_open("/my/requests/new", data={
            "csrf_token": token, "department_id": str(self.support.id), "subject": "Faktura", "text": "Chybí mi"})
        answer = self.url_open(f"/my/requests/{self.ticket.id}/answer", data={"csrf_token": token, "text": "Už jede"})
        for shown in (new, answer):
            self.assertEqual((shown.status_code, shown.url.partition("/my/")[2]), (200, "requests"))
        moved = self.env["servicedesk.ticket"].search([("subject", "=", "Faktura")]) | self.ticket
        self.assertEqual((len(moved), moved.department_id), (2, self.billing))

    def test_cores_doors_are_shut(self):
        """Nothing of Odoo's own opens a ticket, an item or a file to a customer or an employee without a role."""
        token = self.secret_file.generate_access_token()[0]
        self.secret_file.access_token = False
        for login in ("jana", "employee"):
            self.authenticate(login, login)
            for route, params in (
                ("/mail/chatter_fetch", {"thread_model": "servicedesk.ticket", "thread_id": self.ticket.id,
                                         "token": token}),
                ("/mail/thread/messages", {"thread_model": "servicedesk.ticket", "thread_id": self.ticket.id}),
                ("/mail/message/post", {"thread_model": "servicedesk.ticket", "thread_id": self.ticket.id,
                                        "post_data": {"body": "hello", "message_type": "comment"}, "token": token}),
                ("/web/dataset/call_kw/servicedesk.ticket/web_search_read",
                 {"model": "servicedesk.ticket", "method": "web_search_read", "args": [[], {"subject": {}}],
                  "kwargs": {}}),
                ("/web/dataset/call_kw/servicedesk.item/search_read",
                 {"model": "servicedesk.item", "method": "search_read", "args": [[], ["body"]], "kwargs": {}}),
                ("/web/dataset/call_kw/servicedesk.timeline/get_page",
                 {"model": "servicedesk.timeline", "method": "get_page", "args": [self.ticket.id], "kwargs": {}}),
                ("/web/dataset/call_kw/servicedesk.ticket/read_group",
                 {"model": "servicedesk.ticket", "method": "formatted_read_group",
                  "args": [[], ["state"], ["__count"]], "kwargs": {}}),
            ):
                with self.subTest(login=login, route=route):
                    call = {"jsonrpc": "2.0", "method": "call", "params": params}
                    answer = self.url_open(
                        route, data=json.dumps(call), headers={"Content-Type": "application/json"})
                    self.assertNotIn("SECRET", answer.text)
                    self.assertNotIn("VPN padá", answer.text)
                    self.assertNotIn('"servicedesk.ticket"', answer.text)
                    if "/mail/thread/messages" not in route:  # an employee's own messages of other documents
                        self.assertTrue("error" in answer.text or not answer.json()["result"].get("messages"))
            for url in (f"/web/content/{self.secret_file.id}", f"/web/image/{self.secret_file.id}",
                        f"/web/content/{self.secret_file.id}?access_token={token}",
                        f"/web/content/servicedesk.intake/{self.ticket.item_ids.intake_id[:1].id}/raw",
                        f"/servicedesk/original/{self.ticket.item_ids.intake_id[:1].id}"):
                with self.subTest(login=login, url=url):
                    answer = self.url_open(url)
                    self.assertNotIn(b"SECRET", answer.content)
                    self.assertNotIn("padá".encode(), answer.content)
                    if "/web/image/" not in url:  # answers with a placeholder
                        self.assertEqual(answer.status_code, 404)
        self.assertFalse(self.ticket.message_ids.filtered(lambda message: "hello" in (message.body or "")))

    def test_agents_download_the_original(self):
        item = self.ticket.item_ids.filtered("intake_id")[-1]
        self.authenticate("junior", "junior")
        answer = self.url_open(f"/servicedesk/original/{item.intake_id.id}")
        self.assertEqual(answer.content, item.intake_id._get_raw())
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate("clerk", "clerk")
        self.assertEqual(self.url_open(f"/servicedesk/original/{item.intake_id.id}").status_code, 404)

    def test_the_ticket_by_any_other_method_is_closed_too(self):
        ticket = self.ticket.with_user(self.customer)
        for method in ("action_take", "action_close", "mark_read", "action_archive_ticket"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(ticket, method)()
        for method, args in (("prepare_draft", (ticket.id, "email")), ("save_draft", (ticket.id, "note", {})),
                             ("suggest_addresses", (ticket.id, "a"))):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(self.env["servicedesk.item"].with_user(self.customer), method)(*args)
