import inspect
import json
import threading
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.http_routing.tests.common import MockRequest

from ..common import build_mail
from .access_matrix import MATRIX
from .access_world import AccessWorld

SECRET = "Tajenka"

# Who gets an answer (200) about the specialist's ticket of the chosen client; for all others there is nothing there.
READERS = {"specialist", "supervisor", "administrator", "chosen clients", "substitute during"}
CUSTOMER = {"customer"}
# Pages that everybody who has signed in has; what is on them is looked at.
SIGNED_IN = {"own", "specialist", "supervisor", "administrator", "other department", "other company", "chosen clients",
             "substitute before", "substitute during", "substitute after", "employee", "removed", "customer",
             "colleague of the customer", "other customer"}
NOBODY = set()

# route → who gets 200 by GET; the parameters are those of the sample ticket with its internal note and file.
ROUTES = {
    "/my/confirm": SIGNED_IN,
    "/my/confirm/code": NOBODY,
    "/my/confirm/send": NOBODY,
    "/my/requests": SIGNED_IN,
    "/my/requests/page/<int:page>": SIGNED_IN,
    "/my/requests/new": SIGNED_IN,
    "/my/requests/<int:ticket_id>": CUSTOMER,
    "/my/requests/<int:ticket_id>/answer": NOBODY,
    "/my/requests/<int:ticket_id>/file/<int:attachment_id>": NOBODY,
    "/servicedesk/item/<int:item_id>/files.zip": READERS,
    "/servicedesk/link/<string:token>": NOBODY,
    "/servicedesk/original/<int:intake_id>": READERS,
    "/servicedesk/print/<int:ticket_id>": READERS,
    "/servicedesk/sms/<string:token>/<any('in', 'report'):kind>": NOBODY,
    "/servicedesk/ticket/<int:ticket_id>/files.zip": READERS,
}
# Routes that change something: by POST and with Odoo's token; the gateways' door has a secret of its own.
CHANGING = {"/my/requests/<int:ticket_id>/answer", "/my/requests/new", "/my/confirm/code", "/my/confirm/send",
            "/servicedesk/link/<string:token>"}
SIGNED = {"/servicedesk/sms/<string:token>/<any('in', 'report'):kind>"}

# Arguments for the methods that are called over RPC; whatever is not named is called without.
TICKET, ITEM = "ticket", "item"
ARGUMENTS = {
    "action_ask_wait": ["customer"],
    "action_hold": [5],
    "action_schedule": [fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))],
    "add_discussion": ["<p>x</p>"],
    "add_recipient": [TICKET, "email", "a@b.cz"],
    "add_uploads": [1, [1]],
    "create_once": [{"subject": "x", "external_ref": "x"}],
    "announce": ["email"],
    "describe_address": [TICKET, "a@b.cz"],
    "find": ["+420602123456"],
    "find_answers_since": [TICKET, "2020-01-01 00:00:00", []],
    "get_context": [TICKET],
    "get_files": [TICKET],
    "get_mention_candidates": [TICKET],
    "get_offered": [[TICKET]],
    "get_page": [TICKET],
    "get_state_question": ["closed"],
    "mark_shown": [[ITEM]],
    "measure_sms": ["x"],
    "prepare_calendar_event": [TICKET, {}],
    "prepare_draft": [TICKET, "email"],
    "prepare_forward": [[]],
    "run": [[TICKET]],
    "save_draft": [TICKET, "email", {"body": "x"}],
    "search_items": [TICKET, SECRET],
    "set_client_note": ["<p>x</p>"],
    "share_draft": [True],
    "start": ["+420602123456", "in", TICKET],
    "suggest_addresses": [TICKET, "a"],
    "suggest_numbers": [TICKET, "6"],
}
# Answers about nothing but the caller and what the caller gave.
HARMLESS = {"get_inbox", "mark_read", "action_my_settings", "measure_sms", "find", "action_flush", "is_needed",
            "create_once"}


@tagged("post_install", "-at_install")
class TestAccessRoutes(AccessWorld, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        row = cls.arrive(cls, build_mail(cls.jana.email, cls.support.email, "Tiskárna", "Netiskne"))
        cls.intake, cls.ticket = row, row.ticket_id
        cls.ticket.owner_id = cls.agent
        cls.note = cls.env["servicedesk.item"].create(cls.env["servicedesk.item"]._prepare_note_vals(
            cls.ticket, f"<p>{SECRET} note</p>", cls.agent))
        cls.file = cls.env["ir.attachment"].create({
            "name": f"{SECRET}.txt", "raw": SECRET.encode(), "res_model": "servicedesk.item", "res_id": cls.note.id})
        cls.draft = cls.env["servicedesk.item"].with_user(cls.agent).create([
            {"ticket_id": cls.ticket.id, "kind": "email", "body": f"<p>{SECRET} draft</p>"}])
        words = f"{SECRET} of an app"
        cls.posted = cls.ticket.message_post(body=words, subtype_xmlid="mail.mt_comment")
        cls.everybody = {**cls.users, **cls.strangers}

    def sign_in(self, name):
        user = self.everybody[name]
        if name == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(user.login, user.login)

    def get_rules(self):
        """Return ``{pattern: routing}`` of all routes that our controllers have or override."""
        result = {}
        threading.current_thread().dbname = self.env.registry.db_name
        for rule in self.env["ir.http"].routing_map().iter_rules():
            method = getattr(rule.endpoint, "original_endpoint", rule.endpoint.func)
            if method.__module__.startswith("odoo.addons.servicedesk."):
                result[rule.rule] = rule.endpoint.routing
        return result

    def test_every_route_has_its_line(self):
        self.assertEqual(set(self.get_rules()), set(ROUTES), "add a line to ROUTES")

    def test_changes_come_by_post(self):
        for pattern, routing in self.get_rules().items():
            with self.subTest(route=pattern):
                if pattern in SIGNED:
                    continue
                self.assertTrue(routing.get("csrf", True), "no change without Odoo's token")
                methods = routing.get("methods")
                if pattern in CHANGING:
                    self.assertIn("POST", methods)
                elif routing.get("readonly") is not True:
                    self.assertEqual(methods, ["GET"], "what is no change is said to be none")

    def test_routes(self):
        given = {"ticket_id": self.ticket.id, "item_id": self.note.id, "intake_id": self.intake.id,
                 "attachment_id": self.file.id, "page": 1, "token": "x"}
        self.get_rules()
        rules = [rule for rule in self.env["ir.http"].routing_map().iter_rules() if rule.rule in ROUTES]
        for name in self.everybody:
            self.sign_in(name)
            for rule in rules:
                values = {key: given.get(key, "in") for key in rule.arguments}
                url = rule.build(values)[1]
                with self.subTest(user=name, route=rule.rule):
                    answer = self.url_open(url, allow_redirects=False)
                    self.assertEqual(answer.status_code == 200, name in ROUTES[rule.rule], answer.status_code)
                    if name not in READERS:
                        self.assertNotIn(SECRET.encode(), answer.content)
                    if name not in READERS | CUSTOMER:
                        self.assertNotIn("Tiskárna".encode(), answer.content)

    def call(self, route, params):
        return self.url_open(route, data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                             headers={"Content-Type": "application/json"})

    @mute_logger("odoo.http")
    def test_cores_doors(self):
        """Nothing of Odoo's own opens a ticket, an item, a draft or a file to those who may not see it."""
        thread = {"thread_model": "servicedesk.ticket", "thread_id": self.ticket.id}
        raw = self.env["ir.attachment"].search([
            ("res_model", "=", "servicedesk.intake"), ("res_id", "=", self.intake.id), ("res_field", "=", "raw")])
        calls = [
            ("/mail/thread/messages", thread), ("/mail/thread/data", {**thread, "request_list": ["messages"]}),
            ("/mail/data", {"fetch_params": [
                ["mail.thread", {**thread, "request_list": ["followers", "attachments"]}]]}),
            ("/mail/chatter_fetch", thread),
            ("/mail/message/post", {**thread, "post_data": {"body": "hello", "message_type": "comment"}}),
            ("/mail/attachment/delete", {"attachment_id": self.file.id}),
            ("/mail/thread/recipients", thread),
            ("/mail/thread/recipients/fields", {"thread_model": thread["thread_model"]}),
            ("/mail/thread/recipients/get_suggested_recipients", thread),
            ("/mail/thread/unsubscribe", {
                "res_model": "servicedesk.ticket", "res_id": self.ticket.id, "partner_ids": []}),
            ("/mail/partner/from_email", {**thread, "emails": [self.jana.email]}),
            ("/mail/message/reaction", {"message_id": self.posted.id, "content": "x", "action": "add"}),
            ("/mail/message/update_content", {"message_id": self.posted.id, "update_data": {"body": "hello"}}),
            ("/mail/message/translate", {"message_id": self.posted.id}),
            ("/mail/link_preview", {"message_id": self.posted.id}),
            ("/mail/inbox/messages", {}), ("/mail/history/messages", {}), ("/mail/starred/messages", {}),
            ("/mail/read_subscription_data", {"follower_id": 1}), ("/discuss/search", {"term": SECRET}),
            ("/portal/chatter_init", thread), ("/mail/update_is_internal", {
                "message_id": self.posted.id, "is_internal": False}),
            ("/website/rating/comment", {"rating_id": 1, "publisher_comment": "hello"}),
            ("/mail/thread/subscribe", {
                "res_model": "servicedesk.ticket", "res_id": self.ticket.id, "partner_ids": []}),
            *[(f"/web/dataset/call_kw/{model}/{method}", {
                "model": model, "method": method, "args": args, "kwargs": {}})
              for model, record in (("servicedesk.ticket", self.ticket), ("servicedesk.item", self.note),
                                    ("servicedesk.item", self.draft), ("ir.attachment", self.file))
              for method, args in (
                  ("read", [[record.id], ["display_name"]]), ("web_read", [[record.id], {"display_name": {}}]),
                  ("export_data", [[record.id], ["display_name"]]), ("copy_data", [[record.id]]),
                  ("web_search_read", [[["id", "=", record.id]], {"display_name": {}}]),
                  ("name_search", [SECRET]), ("get_formview_action", [[record.id]]),
                  ("formatted_read_group", [[["id", "=", record.id]], ["display_name"], ["__count"]]))],
        ]
        urls = [f"/mail/message/{self.posted.id}", f"/mail/avatar/mail.message/{self.posted.id}/author_avatar/50x50",
                f"/mail/unfollow?model=servicedesk.ticket&res_id={self.ticket.id}&pid={self.jana.id}&token=x",
                f"/web/image/servicedesk.ticket/{self.ticket.id}/subject", "/rate/x/5",
                f"/mail/attachment/zip?file_ids={self.file.id}&zip_name=x", f"/discuss/channel/{self.ticket.id}",
                f"/web/content/{self.file.id}", f"/web/content/{self.file.id}?access_token=x",
                f"/web/image/{self.file.id}", f"/web/content/{raw.id}",
                f"/web/content/servicedesk.item/{self.note.id}/body",
                f"/web/content/servicedesk.intake/{self.intake.id}/raw",
                f"/report/html/servicedesk.report_ticket/{self.ticket.id}",
                f'/report/html/servicedesk.report_ticket/{self.ticket.id}?options={{"internal": true}}',
                f"/mail/view?model=servicedesk.ticket&res_id={self.ticket.id}",
                f"/odoo/servicedesk.ticket/{self.ticket.id}", "/my", "/my/home"]
        for name in ("own", "other department", "other company", "substitute after", "employee", "removed", "customer",
                     "colleague of the customer", "other customer", "public"):
            self.sign_in(name)
            for route, params in calls:
                with self.subTest(user=name, route=route, args=params.get("args")):
                    text = self.call(route, params).text
                    for word in (SECRET, "Tiskárna", "Tisk\\u00e1rna"):
                        self.assertNotIn(word, text)
            for url in urls:
                with self.subTest(user=name, url=url):
                    content = self.url_open(url).content
                    self.assertNotIn(SECRET.encode(), content)
                    self.assertNotIn("Tiskárna".encode(), content)
        self.sign_in("specialist")
        self.assertIn(SECRET.encode(), self.url_open(f"/web/content/{self.file.id}").content, "the doors do open")
        self.assertIn(SECRET, self.call(*next(
            call for call in calls if call[0].endswith("servicedesk.item/read"))).text)
        self.assertFalse(self.ticket.message_ids.filtered(lambda message: "hello" in (message.body or "")))
        self.assertTrue(self.file.exists())

    def test_bus_channels(self):
        channel = f"servicedesk.ticket_{self.ticket.id}"
        for name, user in self.everybody.items():
            with self.subTest(user=name):
                with MockRequest(self.env(user=user)):
                    heard = self.env["ir.websocket"].with_user(user)._build_bus_channel_list([channel])
                self.assertEqual(any(getattr(one, "_name", "") == "servicedesk.ticket" for one in heard),
                                 name in READERS)
                self.assertNotIn(channel, heard)

    def get_methods(self):
        """Yield ``(model, name)`` of all methods of ours that can be called over RPC, but for those of the ORM."""
        for model in sorted(self.env.registry):
            ours, others = set(), set()
            for part in self.env.registry[model].mro():
                own = part.__module__.startswith("odoo.addons.servicedesk")
                (ours if own else others).update(
                    name for name, value in vars(part).items()
                    if not name.startswith("_") and inspect.isfunction(value))
            names = ours - others
            for name in sorted(names):
                try:
                    get_public_method(self.env[model], name)
                except (AccessError, AttributeError):
                    continue
                yield model, name

    def get_record(self, model):
        """Return the record of a model on which methods are tried, about what the callers do not see."""
        Model = self.env[model]
        if Model._abstract:
            return Model
        if model in ("servicedesk.ticket", "servicedesk.item"):
            return self.ticket if model == "servicedesk.ticket" else self.note
        if model == "servicedesk.intake":
            return self.intake
        if model.startswith("servicedesk."):
            self.samples = getattr(self, "samples", {})
            if model not in self.samples:
                places = next(iter(MATRIX[model]["read"].values())).split() if model in MATRIX else ["ours"]
                place = "mine" if {"mine", "free"} & set(places) else "shared" if places == ["shared"] else "ours"
                self.samples[model] = Model.create(self.vals(model, place))
            return self.samples[model]
        return self.client if model == "res.partner" else Model

    def call_as(self, user, model, name):
        """Call a method as RPC does; tell whether it answered."""
        numbers = {TICKET: self.ticket.id, ITEM: self.note.id}

        def fill(value):
            if isinstance(value, list):
                return [fill(one) for one in value]
            return numbers.get(value, value) if isinstance(value, str) else value

        record = self.get_record(model).with_user(user)
        method = getattr(record, name)
        arguments = ARGUMENTS.get(name) or [
            self.support.id if one.name.endswith("_id") else {} if one.name == "values" else "x"
            for one in inspect.signature(method).parameters.values() if one.default is one.empty]
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                method(*fill(arguments))
        except (AccessError, MissingError):
            return False
        except UserError as error:
            return f"{type(error).__name__}: {error}"
        return True

    def test_methods_are_closed_to_strangers(self):
        self.assertGreater(len(list(self.get_methods())), 60)
        for model, name in self.get_methods():
            if name == "is_needed":  # says only that the caller is no administrator
                continue
            for who, user in self.strangers.items():
                with self.subTest(method=f"{model}.{name}", user=who):
                    self.assertIs(self.call_as(user, model, name), False)

    def test_methods_on_tickets_out_of_sight(self):
        models = ("servicedesk.ticket", "servicedesk.item", "servicedesk.timeline", "servicedesk.intake",
                  "servicedesk.call.log", "servicedesk.macro")
        for model, name in self.get_methods():
            if model not in models or name in HARMLESS:
                continue
            for who in ("own", "other department", "other company", "substitute after"):
                with self.subTest(method=f"{model}.{name}", user=who):
                    self.assertIs(self.call_as(self.users[who], model, name), False)
