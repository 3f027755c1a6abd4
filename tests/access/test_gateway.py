from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import ServicedeskCase, build_mail

SECRET = "Tajenka"


class TestGateway(ServicedeskCase):
    """Odoo's gateway can be called by everybody: it opens no way to tickets past the ledger."""

    def setUp(self):
        super().setUp()
        self.raw = build_mail("eve@elsewhere.example", "nobody@elsewhere.example", "Own words").as_string()
        self.ticket = self.new_ticket(owner_id=self.agent.id)
        self.note = self.env["servicedesk.item"].create(self.env["servicedesk.item"]._prepare_note_vals(
            self.ticket, f"<p>{SECRET}</p>", self.agent))
        self.count = self.env["servicedesk.ticket"].search_count([])
        self.people = [
            self.agent, self.clerk, new_test_user(self.env, "employee", "base.group_user"),
            new_test_user(self.env, "boss", "servicedesk.group_admin"), self.env.ref("base.user_admin")]

    def process(self, user, model, raw=None, on="mail.thread", context=None, **kwargs):
        return self.env[on].with_user(user).with_context(**context or {}).message_process(
            model, raw or self.raw, **kwargs)

    def check_nothing_came_of_it(self):
        self.env.flush_all()
        self.assertEqual(self.env["servicedesk.ticket"].search_count([]), self.count)
        self.assertEqual(self.note.ticket_id, self.ticket)
        self.assertFalse(self.ticket.message_ids.filtered(lambda message: "Hello" in (message.body or "")))

    def test_nobody_names_a_ticket_or_a_value_of_ours(self):
        pull = [(4, self.note.id), (1, self.note.id, {"kind": "portal", "direction": "in"})]
        new = {"subject": "x", "department_id": self.billing.id}
        tries = [
            {"model": "servicedesk.ticket"},
            {"model": "servicedesk.ticket", "custom_values": {**new, "item_ids": pull}},
            {"model": "servicedesk.ticket", "thread_id": self.ticket.id},
            {"model": False, "on": "servicedesk.ticket"},
            {"model": "servicedesk.item", "custom_values": {"ticket_id": self.ticket.id}},
            {"model": "res.partner", "custom_values": {"name": "x", "servicedesk_ticket_ids": [(0, 0, new)]}},
            {"model": "res.partner", "custom_values": {
                "name": "x", "child_ids": [(0, 0, {"name": "y", "servicedesk_ticket_ids": [(0, 0, new)]})]}},
        ]
        for user in self.people:
            for values in tries:
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    self.process(user, **values)
        self.check_nothing_came_of_it()

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_nor_by_a_default(self):
        context = {"default_servicedesk_ticket_ids": [(0, 0, {"subject": "x", "department_id": self.billing.id})],
                   "default_name": "x"}
        for user in self.people[:3]:
            self.process(user, "res.partner", context=context)
        self.check_nothing_came_of_it()

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_nor_posts_on_a_thread_that_an_answer_names(self):
        asked = self.ticket.message_post(body=self.ticket.number)
        raw = build_mail("eve@elsewhere.example", "nobody@elsewhere.example", In_Reply_To=asked.message_id).as_string()
        for user in self.people[:3]:
            with self.assertRaises(AccessError):
                self.process(user, False, raw=raw)
        with self.assertRaises(AccessError):
            self.process(self.people[2], "res.partner", thread_id=self.jana.id)
        self.check_nothing_came_of_it()

    def test_what_superuser_code_brings_goes_into_the_ledger(self):
        asked = self.ticket.message_post(body=self.ticket.number)
        answer = build_mail("eve@elsewhere.example", "nobody@elsewhere.example", "Hello there", "Žluťoučký",
                            In_Reply_To=asked.message_id)
        for raw, kwargs, department in (
                (self.raw, {"custom_values": {"department_id": self.billing.id}}, self.billing),
                (answer.as_string(), {}, self.support)):
            self.process(self.env.ref("base.user_root"), "servicedesk.ticket", raw=raw, **kwargs)
            row = self.env["servicedesk.intake"].search([], limit=1)
            self.assertEqual((row.state, row.department_id), ("new", department))
            self.assertIn(raw.split("\n\n")[1].strip(), row._get_raw().decode().replace("\r\n", "\n"))
        self.check_nothing_came_of_it()

    def test_an_alias_leads_into_the_ledger(self):
        self.env["mail.alias"].create({
            "alias_name": "old-desk", "alias_model_id": self.env["ir.model"]._get_id("servicedesk.ticket"),
            "alias_domain_id": self.env["mail.alias.domain"].create({"name": "elsewhere.example"}).id,
            "alias_defaults": {"department_id": self.billing.id}})
        raw = build_mail("eve@elsewhere.example", "old-desk@elsewhere.example", "By alias").as_string()
        self.process(self.env.ref("base.user_root"), False, raw=raw)
        self.assertRecordValues(self.env["servicedesk.intake"].search([], limit=1), [
            {"subject": "By alias", "state": "new", "department_id": self.billing.id}])
        self.check_nothing_came_of_it()

    def test_nobody_opens_or_changes_a_ticket_as_the_gateway_does(self):
        for user in (*self.people, self.env.ref("base.user_root")):
            with self.assertRaises(AccessError):
                self.env["servicedesk.ticket"].with_user(user).message_new({"subject": "x"})
            with self.assertRaises(AccessError):
                self.ticket.with_user(user).message_update({}, {"subject": "x"})


@tagged("post_install", "-at_install")
class TestCommands(ServicedeskCase):
    """Commands to lists of records obey the rules of these records, whatever record the list belongs to."""

    def setUp(self):
        super().setUp()
        self.own = self.new_ticket(owner_id=self.junior.id, department_id=self.billing.id)
        self.env["servicedesk.membership"].create(
            {"user_id": self.junior.id, "department_id": self.billing.id, "level": "specialist"})
        self.hidden = self.new_ticket(owner_id=self.agent.id, subject=SECRET)
        Item = self.env["servicedesk.item"]
        self.note = Item.create(Item._prepare_note_vals(self.hidden, f"<p>{SECRET}</p>", self.agent))
        self.file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"a", "res_model": Item._name, "res_id": self.note.id})
        self.draft = Item.with_user(self.junior).create({"ticket_id": self.own.id, "kind": "note", "body": "x"})

    def get_samples(self):
        """Yield a record of each of our models that the junior may not see or change, by model."""
        yield "servicedesk.ticket", self.hidden
        yield "servicedesk.item", self.note
        yield "ir.attachment", self.file
        for model in ("servicedesk.event", "servicedesk.sla.clock", "servicedesk.read", "servicedesk.intake"):
            Model = self.env[model]
            path = "item_id.ticket_id" if model == "servicedesk.intake" else "ticket_id"
            if record := Model.search([(path, "=", self.hidden.id)], limit=1):
                yield model, record

    @mute_logger("odoo.sql_db")
    def test_no_list_reaches_what_is_out_of_sight(self):
        samples = dict(self.get_samples())
        self.assertIn("servicedesk.event", samples)
        partner = self.env["res.partner"].create({"name": "Free"})
        tried = 0
        for owner in (self.own, self.draft, partner):
            for name, field in owner._fields.items():
                target = samples.get(field.comodel_name) if field.type in ("one2many", "many2many") else None
                if target is None or not (field.store or field.type == "one2many"):
                    continue
                tried += 1
                for commands in ([(4, target.id)], [(6, 0, target.ids)],
                                 [(1, target.id, {"create_date": "2000-01-01"})],
                                 [(4, target.id), (1, target.id, {"active": False})], [(2, target.id)]):
                    with self.subTest(owner=owner._name, field=name, commands=commands):
                        self.try_commands(owner, name, commands, target)
        self.assertGreater(tried, 6)

    def try_commands(self, owner, name, commands, target):
        self.env.flush_all()
        before = self.read_all(target)
        linked = target in owner.sudo()[name]
        try:
            with self.env.cr.savepoint():
                owner.with_user(self.junior).write({name: commands})
                self.env.flush_all()
        except (UserError, ValueError):
            self.env.invalidate_all()
        self.env.invalidate_all()
        self.assertEqual(self.read_all(target), before)
        self.assertEqual(target in owner.sudo()[name], linked)

    def read_all(self, record):
        self.env.cr.execute(f"SELECT t::text FROM {record._table} t WHERE id = %s", [record.id])
        return self.env.cr.fetchall()

    def test_a_new_ticket_pulls_nothing_in(self):
        for commands in ([(4, self.note.id)], [(4, self.note.id), (1, self.note.id, {"kind": "portal"})],
                         [(6, 0, self.note.ids)]):
            with self.assertRaises(UserError):
                self.env["servicedesk.ticket"].with_user(self.junior).create(
                    {"subject": "x", "department_id": self.billing.id, "item_ids": commands})
            self.assertEqual(self.note.ticket_id, self.hidden)
