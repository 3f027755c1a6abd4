import os
import re
import shutil
import subprocess
from pathlib import Path

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..common import ServicedeskCase

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
PLACEHOLDER = 'URL, DB, KEY = "https://odoo.example.com", "odoo", "the API key"'


def examples(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@tagged("post_install", "-at_install")
class TestApiDocs(ServicedeskCase, HttpCase):
    """What docs/api.md shows works, as it stands there."""

    def setUp(self):
        super().setUp()
        self.user = self._new_agent("monitoring", self.support, "specialist")
        # sudo: a key without an end is the system's to give
        self.key = self.env["res.users.apikeys"].with_user(self.user).sudo()._generate("rpc", "test", False)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.jsonrpc")
    def test_python(self):
        found = examples("python")
        self.assertGreaterEqual(len(found), 8)
        setting = f"URL, DB, KEY = {self.base_url()!r}, {self.env.cr.dbname!r}, {self.key!r}"
        self.assertIn(PLACEHOLDER, found[0])
        names = {}
        self.env.flush_all()
        with self.allow_requests(all_requests=True):
            for number, text in enumerate(found):
                code = compile(text.replace(PLACEHOLDER, setting), f"docs/api.md, example {number + 1}", "exec")
                exec(code, names)  # what the page says is what is tried
        self.env.invalidate_all()
        ticket = self.env["servicedesk.ticket"].search([("external_ref", "=", "monitoring-4711")])
        self.assertEqual((ticket.state, ticket.department_id), ("closed", self.support))
        said = ticket.item_ids.filtered(lambda item: item.author_user_id == self.user)
        self.assertEqual(sorted(said.mapped("kind")), ["email", "email", "note", "note", "note"])
        self.assertEqual(set(said.attachment_ids.mapped("name")), {"df.txt", "log.txt"})

    @mute_logger("odoo.http")
    def test_shell(self):
        self.assertTrue(shutil.which("curl"), "curl is one of the programs that the tests need")
        self.new_ticket()
        self.env.flush_all()
        for text in examples("bash"):
            with self.allow_requests(all_requests=True):
                done = subprocess.run(
                    ["bash", "-ec", text], check=True, capture_output=True, text=True, timeout=60,
                    env={**os.environ, "URL": self.base_url(), "DB": self.env.cr.dbname, "KEY": self.key})
            self.assertEqual(int(done.stdout), self.env["servicedesk.ticket"].with_user(self.user).search_count(
                [("state", "=", "open")]))
