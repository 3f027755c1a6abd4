import base64
import io
import re
import zipfile
from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ...tools import archive
from ..common import ServicedeskCase

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class FilesCase(ServicedeskCase):
    """A ticket with two items and four files."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(owner_id=self.agent.id)
        self.item, self.note = self.env["servicedesk.item"].create([
            {"ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
             "author_partner_id": self.jana.id, "author_name": "Jana Novotná", "date": "2026-11-18 10:00:00",
             "email_from": self.jana.email_formatted, "email_to": "support@severka.example",
             "body": "<p>The rack, and the offer.</p>"},
            {"ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
             "author_user_id": self.agent.id, "date": "2026-11-19 10:00:00", "body": "<p>Our own picture.</p>"},
        ])
        self.photo = self.add_file(self.item, "rack.png", PNG, "image/png")
        self.offer = self.add_file(self.item, "Žlutý kůň.pdf", b"%PDF-1.4 offer", "application/pdf")
        self.secret = self.add_file(self.note, "rack.png", PNG + b"OUR-OWN-RACK", "image/png")
        self.log = self.add_file(self.note, "server.log", b"line\n" * 2000, "text/plain")

    def add_file(self, item, name, raw, mimetype, **vals):
        return self.env["ir.attachment"].create({
            "name": name, "raw": raw, "mimetype": mimetype, "res_model": item._name, "res_id": item.id, **vals})

    def put(self, attachments, user=None, names=None, **vals):
        """Run the wizard as the screen does; return the files on the card."""
        Wizard = self.env["servicedesk.file.attachments"].with_user(user or self.agent).with_context(
            servicedesk_file_ids=attachments.ids)
        wizard = Wizard.create({**Wizard.default_get(["line_ids"]), **vals})
        for line in wizard.line_ids:
            line.name = (names or {}).get(line.name, line.name)
        wizard.action_put()
        return self.files()

    def files(self):
        return self.env["servicedesk.client.file"].search([("partner_id", "=", self.client.id)], order="id")


class TestClientCard(FilesCase):
    def test_copy_by_type_with_a_new_name(self):
        files = self.put(self.photo | self.offer, names={"rack.png": "Rack v hale"})
        self.assertRecordValues(files, [
            {"name": "Rack v hale.png", "kind": "gallery", "partner_id": self.client.id,
             "source_number": self.ticket.number, "date": datetime(2026, 11, 18, 10)},
            {"name": "Žlutý kůň.pdf", "kind": "document", "partner_id": self.client.id,
             "source_number": self.ticket.number, "date": datetime(2026, 11, 18, 10)},
        ])
        self.assertEqual(files.attachment_id.mapped("raw"), [PNG, b"%PDF-1.4 offer"])
        self.assertEqual(files[0].attachment_id.store_fname, self.photo.store_fname, "kept once in the filestore")
        self.assertEqual(files[0].attachment_id.name, "Rack v hale.png")
        self.assertEqual((self.photo.name, self.photo.servicedesk_client_file_id.id), ("rack.png", False))

    def test_target_decides(self):
        self.assertEqual(self.put(self.photo, target="both").mapped("kind"), ["gallery", "document"])
        self.assertEqual(self.put(self.photo | self.offer, target="document").mapped("kind"),
                         ["gallery", "document", "document"], "what is there is not put there twice")

    def test_a_moved_file_stays_in_the_history(self):
        kept = self.put(self.photo | self.secret, mode="move")
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)
        self.assertEqual([file["name"] for file in Timeline.get_context(self.ticket.id)["files"]],
                         ["server.log", "Žlutý kůň.pdf"])
        page = Timeline.get_page(self.ticket.id)
        listed = {file["id"]: file["client_file_id"] for entry in page["entries"] if entry["type"] == "item"
                  for file in entry["attachments"]}
        self.assertEqual(listed, {self.photo.id: kept[0].id, self.secret.id: kept[1].id,
                                  self.offer.id: False, self.log.id: False})
        event = next(entry for entry in page["entries"] if entry.get("kind") == "client_file")
        self.assertEqual((event["old"], event["author"]), ("rack.png, rack.png", "Agent"))
        kept.unlink()
        self.assertFalse(self.photo.servicedesk_client_file_id, "it is the ticket's again")
        self.assertEqual(self.photo.raw, PNG)

    def test_the_card_outlives_the_ticket(self):
        files = self.put(self.photo)
        self.ticket.unlink()
        self.assertEqual(files.attachment_id.raw, PNG)
        self.client.child_ids.unlink()
        self.client.unlink()
        self.assertFalse(files.exists())
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", files._name)]))

    def test_rights(self):
        with self.assertRaises(UserError):
            self.put(self.photo, user=self.clerk)  # out of sight: as if there was nothing
        self.assertFalse(self.files())
        self.ticket.write({"partner_id": False, "contact_id": False})
        with self.assertRaises(UserError):
            self.put(self.photo)
        self.ticket.partner_id = self.client
        file = self.put(self.photo)
        # Whoever sees the ticket sees what came from it, and nobody else.
        for refused in (lambda: file.with_user(self.clerk).read(["name"]),
                        lambda: file.attachment_id.with_user(self.clerk).read(["raw"]),
                        lambda: file.with_user(self.clerk).action_open_source(),
                        lambda: file.with_user(self.clerk).unlink(),
                        lambda: file.with_user(self.agent).write({"partner_id": self.jana.id}),
                        lambda: file.with_user(self.agent).write({"department_id": self.billing.id})):
            with self.assertRaises(AccessError):
                refused()
        file.with_user(self.agent).name = "Rack.png"
        self.assertEqual(file.attachment_id.name, "Rack.png")
        file.with_user(self.agent).unlink()

    def test_files_follow_the_sight_of_their_client(self):
        file = self.put(self.photo)
        other = self.env["res.company"].create({"name": "Other"})
        (self.client | self.client.child_ids).company_id = other
        self.assertFalse(file.with_user(self.agent).search([("id", "=", file.id)]))
        with self.assertRaises(AccessError):
            file.with_user(self.agent).read(["name"])
        with self.assertRaises(AccessError):
            file.attachment_id.with_user(self.agent).read(["raw"])

    def test_files_follow_the_scope_of_tickets(self):
        """Membership at all, only these clients, one's own work: also when the ticket is gone."""
        other_client = self.env["res.partner"].create({"name": "Lípa", "is_company": True})
        nobody = new_test_user(self.env, "nobody", "servicedesk.group_user")
        limited = self._new_agent("limited", self.support, "specialist", client_ids=other_client.ids)
        served = self._new_agent("served", self.support, "specialist", client_ids=self.client.ids)
        came = self.put(self.photo)
        Files = self.env["servicedesk.client.file"]
        upload = self.env["ir.attachment"].with_user(self.clerk).create(
            {"name": "plan.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf", "res_model": Files._name})
        put = Files.browse(Files.with_user(self.clerk).add_uploads(self.client.id, [upload.id]))

        def seen(user):
            found = Files.with_user(user).search([("id", "in", (came | put).ids)]).sudo()
            self.assertEqual(found.attachment_id.with_user(user)._filtered_access("read").sudo(), found.attachment_id)
            return found

        for user, wanted in ((self.agent, came | put), (self.clerk, put), (served, came | put), (limited, Files),
                             (nobody, Files), (self.junior, put)):  # another has the ticket
            with self.subTest(user=user.login):
                self.assertEqual(seen(user), wanted)
        self.ticket.unlink()
        for user, wanted in ((self.agent, came | put), (self.clerk, put), (limited, Files), (nobody, Files)):
            with self.subTest(user=user.login, ticket="gone"):
                self.assertEqual(seen(user), wanted)

    def test_uploads_are_taken_over_only_from_their_author(self):
        Files = self.env["servicedesk.client.file"].with_user(self.agent)
        upload = self.env["ir.attachment"].with_user(self.agent).create({
            "name": "plan.pdf", "raw": b"%PDF-1.4", "mimetype": "application/pdf", "res_model": Files._name})
        file = Files.browse(Files.add_uploads(self.jana.id, [upload.id], "gallery"))
        self.assertRecordValues(file, [{"kind": "document", "partner_id": self.client.id, "name": "plan.pdf"}])
        self.assertEqual(upload.sudo().res_id, file.id)
        for foreign in (self.offer, upload.sudo()):
            with self.assertRaises(AccessError):
                Files.create({"partner_id": self.client.id, "name": "x", "attachment_id": foreign.id})

    def test_counts_on_the_card(self):
        self.put(self.photo | self.secret | self.offer)
        for partner in (self.client, self.jana):
            self.assertRecordValues(partner.with_user(self.agent), [
                {"servicedesk_gallery_count": 2, "servicedesk_document_count": 1}])
        action = self.jana.with_user(self.agent).action_servicedesk_gallery()
        self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), 2)


class TestPanel(FilesCase):
    def test_all_files_with_their_source(self):
        inline = self.add_file(self.item, "image001.png", PNG + b"logo", "image/png", description="inline")
        draft = self.env["servicedesk.item"].with_user(self.agent).create({
            "ticket_id": self.ticket.id, "kind": "email", "body": "<p>x</p>"})
        self.add_file(draft, "draft.txt", b"x", "text/plain")
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)
        files = Timeline.get_files(self.ticket.id)
        self.assertEqual([(file["id"], file["item"]["author"], file["inline"]) for file in files], [
            (self.log.id, "Agent", False), (self.secret.id, "Agent", False),
            (inline.id, "Jana Novotná", True), (self.offer.id, "Jana Novotná", False),
            (self.photo.id, "Jana Novotná", False)])
        context = Timeline.get_context(self.ticket.id)
        self.assertEqual((context["file_count"], len(context["files"])), (4, 4))
        with self.assertRaises(AccessError):
            self.env["servicedesk.timeline"].with_user(self.clerk).get_files(self.ticket.id)

    def test_constant_queries(self):
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)

        def measure(method):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            method(self.ticket.id)
            return self.env.cr.sql_log_count - before

        for number in range(5):
            self.add_file(self.item, f"{number}.txt", b"x", "text/plain")
        methods = (Timeline.get_files, Timeline.get_context, Timeline.get_page)
        for method in methods:
            measure(method)
        few = [measure(method) for method in methods]
        for number in range(60):
            item = self.env["servicedesk.item"].create({
                "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
                "author_user_id": self.agent.id, "date": "2026-11-17 10:00:00"})
            self.add_file(item, f"{number}.txt", b"x", "text/plain")
        self.assertEqual([measure(method) for method in methods], few)
        context = Timeline.get_context(self.ticket.id)
        self.assertEqual((context["file_count"], len(context["files"])), (69, 6))


class TestArchiveNames(ServicedeskCase):
    def test_names(self):
        for name, expected in [
            ("../../etc/passwd", "passwd"), ("C:\\Windows\\win.ini", "win.ini"), ("..", "file"), ("", "file"),
            ("a\x00b<c>.txt", "a_b_c_.txt"), ("con.txt", "_con.txt"), ("exe\u202egnp.exe", "exe_gnp.exe"),
            (".htaccess", "htaccess"), ("Příliš žluťoučký.pdf", "Příliš žluťoučký.pdf"), ("name. ", "name"),
            ("ž" * 300 + ".pdf", "ž" * 90 + ".pdf"),
        ]:
            with self.subTest(name=name):
                self.assertEqual(archive.clean_name(name), expected)
        self.assertEqual(archive.unique_names(["a.png", "A.png", "x/a.png", "a (2).png", "b", "b"]),
                         ["a.png", "A (2).png", "a (3).png", "a (2) (2).png", "b", "b (2)"])

    def test_what_cannot_be_read_is_named(self):
        def gone():
            raise OSError

        raw = b"".join(archive.stream([
            ("a.txt", None, "text/plain", 1, lambda: io.BytesIO(b"a")), ("b.txt", None, "", 1, gone)]))
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            self.assertEqual({name: opened.read(name) for name in opened.namelist()},
                             {"a.txt": b"a", "missing.txt": b"b.txt"})

    def test_nothing_is_gathered(self):
        """Of 200 MB never more than a block is in memory."""
        class Source:
            left = 800

            def _next(self, size):
                self.left -= 1
                return b"\0" * size if self.left > 0 else b""

            read = _next

            def __enter__(self):
                return self

            def __exit__(self, *args):
                pass

        blocks = [len(block) for block in archive.stream([("big.zip", None, "application/zip", 1 << 33, Source)])]
        self.assertGreater(sum(blocks), 200_000_000)
        self.assertLess(max(blocks), 2 * archive.BLOCK)


@tagged("post_install", "-at_install")
class TestDoors(FilesCase, HttpCase):
    """Who gets at files, through every route there is."""

    def setUp(self):
        super().setUp()
        self.agent.password = self.clerk.password = "secret password"
        new_test_user(self.env, "customer", "base.group_portal", password="secret password",
                      partner_id=self.jana.id)

    def get(self, path):
        return self.url_open(path, allow_redirects=False)

    def read_zip(self, path):
        answer = self.get(path)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "application/zip"))
        with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
            self.assertIsNone(opened.testzip())
            return {info.filename: opened.read(info) for info in opened.infolist()}, opened.infolist(), answer

    def test_zip_of_ticket_item_and_selection(self):
        self.authenticate("agent", "secret password")
        files, infos, answer = self.read_zip(f"/servicedesk/ticket/{self.ticket.id}/files.zip")
        self.assertEqual(files, {
            "rack.png": PNG, "Žlutý kůň.pdf": b"%PDF-1.4 offer", "rack (2).png": PNG + b"OUR-OWN-RACK",
            "server.log": b"line\n" * 2000})
        self.assertIn(f"{self.ticket.number}.zip", answer.headers["Content-Disposition"])
        self.assertTrue(infos[1].flag_bits & 0x800, "the name is marked as UTF-8")
        self.assertEqual([info.compress_type for info in infos],
                         [zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
        self.assertEqual(infos[0].date_time, (2026, 11, 18, 11, 0, 0), "the reader's own time")
        files, _infos, _answer = self.read_zip(f"/servicedesk/item/{self.item.id}/files.zip")
        self.assertEqual(set(files), {"rack.png", "Žlutý kůň.pdf"})
        files, _infos, _answer = self.read_zip(
            f"/servicedesk/ticket/{self.ticket.id}/files.zip?ids={self.offer.id},{self.log.id}")
        self.assertEqual(set(files), {"Žlutý kůň.pdf", "server.log"})
        other = self.add_file(self.env["servicedesk.item"].create({
            "ticket_id": self.new_ticket().id, "kind": "note", "direction": "internal", "state": "done"}),
            "other.txt", b"x", "text/plain")
        for path in (f"?ids={other.id}", "?ids=x", "?ids=1;drop"):
            self.assertEqual(self.get(f"/servicedesk/ticket/{self.ticket.id}/files.zip{path}").status_code, 404)

    def test_a_logo_in_every_mail_is_packed_once(self):
        for item in (self.item, self.note):
            self.add_file(item, "image001.png", PNG + b"logo", "image/png", description="inline")
        self.authenticate("agent", "secret password")
        files, _infos, _answer = self.read_zip(f"/servicedesk/ticket/{self.ticket.id}/files.zip")
        self.assertEqual(len(files), 5)

    def test_a_missing_file_does_not_spoil_the_rest(self):
        self.env.cr.execute("UPDATE ir_attachment SET store_fname = 'no/such' WHERE id = %s", [self.log.id])
        self.env.invalidate_all()
        self.authenticate("agent", "secret password")
        files, _infos, _answer = self.read_zip(f"/servicedesk/ticket/{self.ticket.id}/files.zip")
        self.assertEqual((len(files), files["missing files.txt"]), (4, b"server.log"))

    def test_others_have_no_door(self):
        """Neither customers, nor agents of other departments, nor strangers; what the card has neither."""
        kept = self.put(self.photo | self.secret, mode="move")
        internal = [self.secret.id, self.log.id]
        zips = [f"/servicedesk/ticket/{self.ticket.id}/files.zip", f"/servicedesk/item/{self.item.id}/files.zip",
                f"/servicedesk/item/{self.note.id}/files.zip"]
        card = [f"/web/image/servicedesk.client.file/{file.id}/attachment_id" for file in kept]

        def doors(ids):
            for number in ids:
                yield from (f"/web/content/{number}", f"/web/image/{number}", f"/mail/attachment/{number}",
                            f"/web/content/ir.attachment/{number}/raw", f"/web/content/{number}?access_token=x",
                            f"/my/requests/{self.ticket.id}/file/{number}")

        hidden = [PNG, b"OUR-OWN-RACK", b"line\nline"]
        for login in ("customer", "clerk", None):
            self.authenticate(login, "secret password" if login else None)
            ids = internal + ([] if login == "clerk" else kept.attachment_id.ids)
            for path in [*zips, *card, *doors(ids)]:
                with self.subTest(login=login, path=path):
                    answer = self.get(path)
                    self.assertFalse(any(part in answer.content for part in hidden))
                    self.assertIn(answer.status_code, (200, 303, 404) if "/web/image" in path else (303, 403, 404))
        self.authenticate("customer", "secret password")
        self.assertEqual(self.get(f"/my/requests/{self.ticket.id}/file/{self.photo.id}").content, PNG,
                         "what the customer sent stays the customer's, also when it has moved to the card")
        page = self.get(f"/my/requests/{self.ticket.id}").text
        for word in ("server.log", "client_file", "card"):
            self.assertNotIn(f">{word}", page)
        answer = self.url_open("/mail/attachment/zip", data={
            "file_ids": ",".join(map(str, internal)), "zip_name": "x", "csrf_token": self._csrf()})
        self.assertFalse(any(part in answer.content for part in hidden))
        for route, params in [
            ("/mail/thread/data", {"thread_model": "servicedesk.ticket", "thread_id": self.ticket.id,
                                   "request_list": ["attachments"]}),
            ("/mail/data", {"fetch_params": [["mail.thread", {
                "thread_model": "servicedesk.ticket", "thread_id": self.ticket.id, "request_list": ["attachments"]}]]}),
        ]:
            answer = self.url_open(route, json={"jsonrpc": "2.0", "params": params})
            self.assertNotIn("server.log", answer.text)

    def _csrf(self):
        found = re.search(r'csrf_token: "([^"]+)"', self.get("/my").text)
        return found.group(1) if found else ""


@tagged("post_install", "-at_install")
class TestFilesTours(FilesCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.agent.password = "agent"  # start_tour signs in with the login as password
        with (self.photo | self.secret | self.log)._let_go():
            self.secret.name = "server room.png"
            (self.photo | self.log).unlink()
        inline = self.add_file(self.item, "in the text.png", PNG + b"text", "image/png", description="inline")
        self.item.body = f'<p>See <img src="/web/image/{inline.id}" width="40" height="40"></p>'
        # The text's picture was there before the others: the lightbox goes by age.
        self.photo = self.add_file(self.item, "rack.png", PNG, "image/png")

    def open(self, tour):
        self.start_tour(f"/odoo/tickets/{self.ticket.id}", tour, login="agent")

    def test_gallery(self):
        self.open("servicedesk_gallery")

    def test_move_and_copy(self):
        self.open("servicedesk_files")
        self.assertEqual(self.files().mapped(lambda file: (file.name, file.kind)), [
            ("Rack in the hall.png", "gallery"), ("server room.png", "gallery"), ("Žlutý kůň.pdf", "document")])
        self.assertFalse(self.photo.servicedesk_client_file_id)
        self.assertTrue(self.offer.servicedesk_client_file_id)

    def test_client_card(self):
        log = self.add_file(self.note, "log.txt", b"text", "text/plain")
        self.put(self.photo | log)
        self.start_tour(f"/odoo/res.partner/{self.client.id}", "servicedesk_client_card", login="agent")
        self.assertIn("Server log.txt", self.files().mapped("name"))
