import inspect

from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .doors import CREATING, JSON2_READS, JSON2_USERS, METHODS, NOBODY, NOTHING, SEER
from .test_doors import SECRET, DoorsWorld

KEY = "res.users.apikeys"


@tagged("post_install", "-at_install")
class TestJson2(DoorsWorld, HttpCase):
    """The same table through ``/json/2``: what is closed inside is closed from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # sudo: a key without an end is the system's to give
        cls.keys = {who: cls.env[KEY].with_user(cls.everybody[who]).sudo()._generate("rpc", who, False)
                    for who in JSON2_USERS}

    def post(self, who, model, name, body):
        key = self.keys.get(who, "none")
        return self.url_open(f"/json/2/{model}/{name}", json=body, headers={"Authorization": f"bearer {key}"})

    def call_as(self, who, record, name):
        """Call a method with the table's arguments by their names; None where they have none."""
        _whom, args, kwargs = METHODS[name]
        method, user = get_public_method(self.env[record._name], name), self.everybody[who]
        parameters = list(inspect.signature(method).parameters.values())[1:]
        if args and parameters[0].kind == inspect.Parameter.VAR_POSITIONAL:
            return None
        body = dict(zip([one.name for one in parameters], self.fill_in(args, user, record), strict=False))
        body |= self.fill_in(kwargs, user, record)
        if not hasattr(method, "_api_model"):
            body["ids"] = record.ids
        return self.post(who, record._name, name, body)

    def each(self, names):
        inherited = self.get_inherited()
        for name in names:
            for model, record in self.samples.items():
                if model in inherited.get(name, ()):
                    yield name, model, record

    @mute_logger("odoo.http", "odoo.sql_db", "odoo.models.unlink", "odoo.addons.base.models.ir_model",
                 "odoo.addons.mail.models.mail_thread", "odoo.addons.rpc.controllers.json2")
    def test_who_has_no_part_in_it(self):
        tried = 0
        for name, model, record in self.each(METHODS.keys() - CREATING):
            for who in (who for who, sees in JSON2_USERS.items() if not sees):
                with self.subTest(method=f"{model}.{name}", user=who):
                    before = self.get_traces()
                    answer = self.call_as(who, record, name)
                    if answer is None:
                        continue
                    tried += 1
                    if METHODS[name][0] == NOBODY:
                        self.assertFalse(answer.ok, answer.text)
                    elif METHODS[name][0] == SEER:
                        self.assertTrue(not answer.ok or repr(answer.json()) in NOTHING, answer.text)
                    self.assertNotIn(SECRET, answer.text)
                    self.env.invalidate_all()
                    self.assertEqual(self.get_traces(), before)
        self.assertGreater(tried, 300)

    @mute_logger("odoo.http")
    def test_who_sees_it(self):
        for name, model, record in self.each(JSON2_READS):
            if model == "servicedesk.client.file":
                continue  # a customer of another company
            with self.subTest(method=f"{model}.{name}"):
                answer = self.call_as("specialist", record, name)
                self.assertTrue(answer.ok, answer.text)
                if name not in ("search_count", "has_access"):
                    self.assertIn(SECRET, answer.text)

    @mute_logger("odoo.http")
    def test_without_a_key(self):
        for name, model, record in self.each(JSON2_READS):
            with self.subTest(method=f"{model}.{name}"):
                self.assertEqual(self.post("nobody", model, name, {"ids": record.ids}).status_code, 401)

    @mute_logger("odoo.http")
    def test_our_own_methods(self):
        ticket = self.ticket.id
        calls = (
            ("servicedesk.ticket", "create_once", {"vals": {
                "subject": "x", "department_id": self.support.id, "external_ref": "x"}}),
            ("servicedesk.item", "save_draft", {"ticket_id": ticket, "kind": "note", "values": {"body": "x"}}),
            ("servicedesk.item", "prepare_draft", {"ticket_id": ticket, "kind": "email"}),
            ("servicedesk.timeline", "get_page", {"ticket_id": ticket}),
            ("servicedesk.ticket", "action_close", {"ids": [ticket]}),
        )
        for model, name, body in calls:
            for who, sees in JSON2_USERS.items():
                with self.subTest(method=f"{model}.{name}", user=who):
                    answer = self.post(who, model, name, body)
                    self.assertEqual(answer.ok, sees, answer.text)
                    if not sees:
                        self.assertEqual(answer.status_code, 403)
                        self.assertNotIn(SECRET, answer.text)
