import base64

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_files import FilesCase


@tagged("post_install", "-at_install")
class TestKept(FilesCase, HttpCase):
    """Files of what was said, of clients' cards and originals stay what they are, whoever asks by whatever route."""

    def setUp(self):
        super().setUp()
        self.agent.password = "secret password"
        self.card = self.put(self.photo).attachment_id
        row = self.env["servicedesk.intake"]._store(b"Subject: x\n\nHello", self.support)
        self.original = self.env["ir.attachment"].search([("res_model", "=", row._name), ("res_id", "=", row.id),
                                                          ("res_field", "=", "raw")])
        self.kept = self.photo | self.offer | self.log | self.card | self.original
        self.env.flush_all()
        self.before = self.read_files()

    def read_files(self):
        self.env.invalidate_all()
        return self.kept.read(["name", "raw", "mimetype", "res_model", "res_id", "type", "url", "checksum"])

    @mute_logger("odoo.http")
    def test_odoos_door_for_deleting(self):
        self.authenticate("agent", "secret password")
        for file in self.kept:
            for token in (None, file._get_ownership_token()):
                answer = self.url_open("/mail/attachment/delete", json={"jsonrpc": "2.0", "params": {
                    "attachment_id": file.id, "access_token": token}}).json()
                self.assertIn("error", answer)
        self.assertEqual(self.read_files(), self.before)

    def test_not_even_the_superuser_changes_them(self):
        other = self.new_ticket()
        changes = [{"raw": b"forged"}, {"datas": base64.b64encode(b"forged")}, {"name": "forged.pdf"},
                   {"res_id": other.id, "res_model": other._name}, {"res_id": 0}, {"res_field": "x"},
                   {"type": "url", "url": "https://evil.example"}, {"mimetype": "text/html"}, {"db_datas": b"forged"}]
        for who in (self.env.user, self.agent, self.env.ref("base.user_admin")):
            for file in self.kept.with_user(who).sudo():
                for vals in changes:
                    with self.subTest(user=who.login, file=file.name, vals=vals), self.assertRaises(AccessError):
                        file.write(vals)
                with self.subTest(user=who.login, file=file.name), self.assertRaises(AccessError):
                    file.unlink()
        self.assertEqual(self.read_files(), self.before)

    def test_agents_neither(self):
        for who in (self.agent, self.clerk):
            for vals in ({"raw": b"forged"}, {"name": "x"}, {"description": "inline"}, {"res_id": 0}):
                with self.subTest(user=who.login, vals=vals), self.assertRaises(AccessError):
                    self.card.with_user(who).write(vals)
            with self.assertRaises(AccessError):
                self.card.with_user(who).unlink()
            with self.assertRaises(AccessError):
                self.card.with_user(who).copy({"name": "another"})  # on the same card
        self.assertEqual(self.read_files(), self.before)

    def test_nor_what_is_a_colleagues_draft(self):
        draft = self.env["servicedesk.item"].with_user(self.agent).create(
            {"ticket_id": self.ticket.id, "kind": "email", "body": "<p>x</p>"})
        draft.share_draft(True)
        file = self.add_file(draft, "mine.txt", b"x", "text/plain")
        with self.assertRaises(AccessError):
            file.with_user(self.junior).sudo().unlink()
        file.with_user(self.agent).sudo().unlink()
        self.assertFalse(file.exists())

    def test_a_key_of_the_context_is_no_way(self):
        for key in ("servicedesk.files", "servicedesk_files", "_force_unlink", "uninstall"):
            with self.assertRaises(AccessError):
                self.photo.with_context(**{key: self.photo.ids}).unlink()

    def test_another_storage_keeps_them(self):
        for file in self.kept:
            file.write({"raw": file.raw, "mimetype": file.mimetype})
            file.write({"description": "inline"})
        self.assertEqual(self.read_files(), self.before)

    def test_what_goes_takes_its_files_along(self):
        files = self.photo | self.offer | self.log
        self.ticket.unlink()
        self.assertFalse(files.exists())
        self.assertTrue(self.card.exists())
        self.files().unlink()
        self.assertFalse(self.card.exists())
        self.env["servicedesk.intake"].browse(self.original.res_id).unlink()
        self.assertFalse(self.original.exists())
