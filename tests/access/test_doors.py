import inspect

from odoo.exceptions import AccessError, MissingError
from odoo.service.model import get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import build_mail
from .access_world import AccessWorld
from .doors import CREATING, KNOWN_BY, METHODS, NOBODY, NOTHING, PARTNER, SEER

SECRET = "Tajenka"
BLIND = ("own", "chosen clients", "other department", "other company", "substitute after", "employee", "removed",
         "customer", "colleague of the customer", "other customer", "public")
SEEING = ("specialist", "supervisor", "substitute during")
# Where a call leaves a trace: none of these tables has a row more or less, no row of ours is another.
TABLES = ("servicedesk_ticket", "servicedesk_item", "servicedesk_intake", "servicedesk_client_file", "ir_attachment",
          "mail_message", "mail_followers", "mail_activity", "mail_mail", "mail_notification", "rating_rating")


class DoorsWorld(AccessWorld):
    """One sample of each model that holds what was said, and the table's arguments for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        row = cls.arrive(cls, build_mail("info@mlyn.example", cls.support.email, f"{SECRET} subject", "Netiskne"))
        cls.ticket = row.ticket_id
        cls.ticket.owner_id = cls.agent
        cls.ticket.activity_schedule("mail.mail_activity_data_todo", summary=SECRET, user_id=cls.agent.id)
        Item, Attachment = cls.env["servicedesk.item"], cls.env["ir.attachment"]
        cls.note = Item.create(Item._prepare_note_vals(cls.ticket, f"<p>{SECRET} note</p>", cls.agent))
        file = Attachment.create({
            "name": f"{SECRET}.txt", "raw": SECRET.encode(), "res_model": "servicedesk.item", "res_id": cls.note.id})
        nowhere = cls.env["res.company"].create({"name": "Nikde s.r.o."})
        cls.hidden_client = cls.env["res.partner"].create({"name": "Elsewhere", "company_id": nowhere.id})
        upload = Attachment.create({"name": "x", "raw": b"x", "res_model": "servicedesk.client.file"})
        kept = cls.env["servicedesk.client.file"].create(
            {"partner_id": cls.hidden_client.id, "name": SECRET, "attachment_id": upload.id})
        cls.samples = {"servicedesk.ticket": cls.ticket, "servicedesk.item": cls.note, "servicedesk.intake": row,
                       "servicedesk.client.file": kept, "ir.attachment": file}
        cls.everybody = {**cls.users, **cls.strangers}

    def get_inherited(self):
        """Return ``{name: models}`` of all that can be called on our models over RPC and is written in Odoo."""
        found = {}
        for model in self.env.registry:
            if not model.startswith("servicedesk.") and model != "ir.attachment":
                continue
            for part in self.env.registry[model].mro():
                if part.__module__.startswith("odoo.addons.servicedesk"):
                    continue
                for name, value in vars(part).items():
                    if not name.startswith("_") and inspect.isfunction(value) and self.is_public(model, name):
                        found.setdefault(name, set()).add(model)
        return found

    def is_public(self, model, name):
        try:
            return bool(get_public_method(self.env[model], name))
        except (AccessError, AttributeError):
            return False

    def fill_in(self, value, user, record):
        """Return an argument of the table for this user and record."""
        words = {"own": record.id, "field": KNOWN_BY[record._name], "secret": SECRET, PARTNER: user.partner_id.id}

        def fill(value):
            if isinstance(value, dict):
                return {fill(key): fill(one) for key, one in value.items()}
            if isinstance(value, list):
                return [fill(one) for one in value]
            return words.get(value, value) if isinstance(value, str) else value

        return fill(value)

    def get_traces(self):
        self.env.cr.execute(" UNION ALL ".join(
            f"SELECT '{table}', count(*), md5(string_agg(t::text, '' ORDER BY id)) FROM {table} t" for table in TABLES))
        return {table: (count, digest) for table, count, digest in self.env.cr.fetchall()}


@tagged("post_install", "-at_install")
class TestDoors(DoorsWorld):
    """What our models have from Odoo is as closed as what they have from us (``doors.py`` has the table)."""

    def test_every_inherited_method_has_its_line(self):
        self.assertEqual(set(self.get_inherited()), set(METHODS), "add a line to doors.py")

    def call_as(self, user, record, name):
        """Call a method as RPC does; return ``(it answered, the answer as text, how it changed the tables)``."""
        _whom, args, kwargs = METHODS[name]
        with self.env.cr.savepoint() as savepoint:
            self.env.invalidate_all()
            try:
                method = getattr(record.with_user(user), name)
                if getattr(method.__func__, "_api_model", False):
                    method = getattr(self.env[record._name].with_user(user), name)
                answer = method(*self.fill_in(args, user, record), **self.fill_in(kwargs, user, record))
                if hasattr(answer, "ids"):
                    answer = answer.ids
                self.env.flush_all()
                result = True, repr(answer), dict(self.get_traces().items() ^ self.before.items())
            except Exception as problem:
                result = False, problem, {}
            self.env.clear()
            savepoint.rollback()
        return result

    @mute_logger("odoo.models.unlink", "odoo.addons.base.models.ir_model", "odoo.addons.mail.models.mail_thread",
                 "odoo.http", "odoo.sql_db")
    def test_inherited_methods(self):
        inherited = self.get_inherited()
        self.env.flush_all()
        self.before = self.get_traces()
        for name, (whom, _args, _kwargs) in METHODS.items():
            for model, record in self.samples.items():
                if model not in inherited.get(name, ()):
                    continue
                for who in (*BLIND, *SEEING):
                    with self.subTest(method=f"{model}.{name}", user=who):
                        answered, answer, traces = self.call_as(self.everybody[who], record, name)
                        if whom == NOBODY:
                            self.assertFalse(answered, answer)
                        elif who in BLIND:
                            if whom == SEER:
                                self.assertTrue(not answered or answer in NOTHING, answer)
                            self.assertNotIn(SECRET, str(answer))
                            self.assertFalse(traces and name not in CREATING, traces)
                        elif whom == SEER and model == "servicedesk.ticket":
                            self.assertNotIsInstance(answer, MissingError, "there is something to see")
