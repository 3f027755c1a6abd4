import ast
from pathlib import Path

from odoo.exceptions import AccessError
from odoo.fields import Command

from ..common import ServicedeskCase

ROOT = Path(__file__).parents[2]
# Every key of a context that our code reads, and why it may come from anybody: a client sends any context, and it goes
# along into superuser code. A new key needs its line; better an argument, or an object that no client can send.
ANYBODY = {
    "lang": "in which language one is answered",
    "mail_catchall_write_any_to": "Odoo's own: asked in order to go on as Odoo would",
    "default_fetchmail_server_id": "Odoo's own: out of which mailbox a mail is read; nobody but the gateway stores one",
    "active_ids": "which records an action starts from: searched and written as the user",
    "allowed_company_ids": "which of the own companies are chosen: only the user's own count",
    "servicedesk_file_ids": "which files a wizard starts from: searched as the user",
    "waiting_for": "a button's choice, which the caller could write as well",
    # defaults are values from the client: whatever looks at values looks at them, too
    "default_category_id": "a value",
    "default_chosen_ids": "a wizard's choice: split and copied as the user",
    "default_department_id": "a value",
    "default_manual_deadline": "a value: read to ask for the right",
    "default_parent_id": "a value: read to check that the parent is in sight",
    "default_value": "a value",
}
# Set by ours or by Odoo's scheduler at the beginning of a job, which no client can start; nothing else reads them.
JOBS = {"cron_id", "ir_cron_progress_id", "servicedesk_worker"}
# Objects of ours, told from what a client sends by what they are.
OBJECTS = {"servicedesk_delivered", "servicedesk_sending", "servicedesk_unattended"}


def find_keys(tree):
    """Yield the keys that are read from a context in a module's syntax tree; ``"?"`` for one that is worked out."""
    for node in ast.walk(tree):
        key = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args and (
                node.func.attr in ("get", "pop", "setdefault") and is_context(node.func.value)):
            key = node.args[0]
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and is_context(node.value):
            key = node.slice
        elif isinstance(node, ast.Compare) and any(map(is_context, node.comparators)):
            key = node.left
        if key is not None:
            yield key.value if isinstance(key, ast.Constant) else "?"


def is_context(node):
    return isinstance(node, ast.Attribute) and node.attr in ("context", "_context") or (
        isinstance(node, ast.Name) and node.id in ("context", "ctx"))


class TestContextKeys(ServicedeskCase):
    """No right and no fact hangs on a key of the context."""

    def test_every_key_has_its_line(self):
        found = {}
        for folder in ("models", "controllers", "wizards", "report", "tools", "bridges"):
            for path in (ROOT / folder).rglob("*.py"):
                if "tests" not in path.relative_to(ROOT).parts:
                    for key in find_keys(ast.parse(path.read_text())):
                        found.setdefault(key, []).append(str(path.relative_to(ROOT)))
        self.assertEqual(set(found), ANYBODY.keys() | JOBS | OBJECTS, found)

    def test_a_default_is_a_value(self):
        Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        vals = {"subject": "x", "department_id": self.support.id}
        with self.assertRaises(AccessError):
            Ticket.with_context(default_manual_deadline="2030-01-01 10:00:00").create(vals)
        hidden = self.new_ticket(department_id=self.billing.id)
        note = self.env["servicedesk.item"].create(
            self.env["servicedesk.item"]._prepare_note_vals(hidden, "<p>x</p>", self.clerk))
        with self.assertRaises(AccessError):
            Ticket.with_context(default_parent_id=hidden.id).create(vals)
        for name, commands in (("item_ids", [Command.link(note.id)]), ("child_ids", [Command.link(hidden.id)])):
            with self.assertRaises(AccessError):
                Ticket.with_context(**{f"default_{name}": commands}).create(vals)

    def test_what_a_client_sends_is_no_object_of_ours(self):
        Server = self.env["ir.mail_server"]
        for value in ({"x": ["a.png", "content", "image/png"]}, True, "x"):
            for key in OBJECTS | {"servicedesk_inline", "servicedesk_refused"}:
                server = Server.with_context(**{key: value})
                self.assertIsNone(server._get_sending())
                self.assertFalse(self.new_ticket().with_context(**{key: value})._is_unattended())
