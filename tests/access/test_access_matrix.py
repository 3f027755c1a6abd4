from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .access_matrix import DIALOGS, MATRIX
from .access_world import AccessWorld

# A value that changes nothing that matters, where "name" is not it.
HARMLESS = {
    "servicedesk.address": {"sequence": 1}, "servicedesk.ban": {"reason": "x"}, "servicedesk.ticket": {"priority": "2"},
    "servicedesk.item": {"important": True}, "servicedesk.event": {"new_value": "x"}, "servicedesk.intake": {
        "reason": "x"}, "servicedesk.notice": {"text": "x"}, "servicedesk.membership": {"can_ban": True},
    "servicedesk.substitution": {"reason": "x"}, "servicedesk.notice.setting": {"sms": True},
    "servicedesk.escalation.step": {"mail": False}, "servicedesk.escalation": {"told": "x"},
    "servicedesk.merge": {"state": "undone"}, "servicedesk.requester.message": {"event": "closed"},
    "servicedesk.rule.hit": {"item_id": False}, "servicedesk.sla.clock": {"state": "paused"},
    "servicedesk.portal.use": {"opens": True}, "servicedesk.queue.mark": {"reason": "x"},
    "servicedesk.sms": {"text": "x"}, "servicedesk.sms.refusal": {"reason": "x"},
    "servicedesk.sms.report": {"reason": "x"}, "servicedesk.read": {"user_id": 1}, "servicedesk.step": {"sequence": 5},
}


class Undo(Exception):
    pass


OPERATIONS = ("read", "write", "create", "unlink")


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessWorld, TransactionCase):
    def allowed(self, action):
        """Tell whether rights let this happen; nothing of it stays."""
        self.env.invalidate_all()
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                action()
                self.env.flush_all()
                raise Undo
        except AccessError:
            return False
        except (Undo, UserError, IntegrityError):
            return True  # past the rights, perhaps refused for another reason

    def found(self, records, ids):
        return " ".join(place for place, record in records.items() if record.id in ids)

    def test_every_model_has_its_line(self):
        stored = {name for name in self.env.registry if name.startswith("servicedesk.")
                  and not self.env[name]._abstract}
        self.assertFalse(stored - MATRIX.keys() - DIALOGS.keys(),
                         "add a line to access_matrix.py and a vals_ method to access_world.py")
        self.assertFalse((MATRIX.keys() | DIALOGS.keys()) - stored, "lines without a model")

    def test_matrix(self):
        for model, line in MATRIX.items():
            if model not in self.env:
                continue
            places = sorted({place for users in line.values() for some in users.values() for place in some.split()})
            if "ours" in places and "theirs" not in places:
                places.append("theirs")
            records = self.make(model, places)
            self.env.flush_all()
            for name, user in self.users.items():
                with self.subTest(model=model, user=name):
                    expected = {operation: self.sort(line[operation].get(name, "")) for operation in OPERATIONS}
                    self.assertEqual(self.get_rights(model, user, records), expected)
                    self.assertEqual(self.get_sights(model, user, records), {expected["read"]})

    def sort(self, places):
        return " ".join(sorted(places.split()))

    def get_rights(self, model, user, records):
        harmless = HARMLESS.get(model) or {"name": "x"}
        harmless = {name: value for name, value in harmless.items() if name in self.env[model]._fields} or {
            "partner_id": self.client.id}
        Model = self.env[model].with_user(user)
        tries = {
            "read": lambda place: Model.browse(records[place].id).read(["display_name"]),
            "write": lambda place: Model.browse(records[place].id).write(harmless),
            "create": lambda place: self.create_as(model, place, user),
            "unlink": lambda place: Model.browse(records[place].id).unlink(),
        }
        return {operation: self.sort(" ".join(
            place for place in records if self.allowed(lambda act=act, place=place: act(place))))
            if Model.has_access(operation) else "" for operation, act in tries.items()}

    def create_as(self, model, place, user):
        """Create a record as the user; what it hangs on is made by the system."""
        self.env[model].with_user(user).create([self.vals(model, place, user)])

    def get_sights(self, model, user, records):
        """Return what each way of looking for the records shows to a user: a set of one answer."""
        Model = self.env[model].with_user(user)
        domain = [("id", "in", [record.id for record in records.values()])]
        if not Model.has_access("read"):
            return {""}
        ids = Model.search(domain).ids
        self.env.invalidate_all()
        ways = [
            ids,
            [row["id"] for row in Model.web_search_read(domain, {"id": {}})["records"]],
            [row["id"] for row in Model.search_read(domain, ["id"])],
            [id_ for id_, _name in Model.name_search("", domain, limit=100)],
        ]
        self.assertEqual(Model.search_count(domain), len(ids), "count")
        self.assertEqual(Model.formatted_read_group(domain, [], ["__count"])[0]["__count"], len(ids), "groups")
        return {self.sort(self.found(records, found)) for found in ways}

    def test_dialogs_are_their_users(self):
        for model, users in DIALOGS.items():
            other = self.env[model].create(self.vals(model, "ours"))
            for name, user in self.users.items():
                with self.subTest(model=model, user=name):
                    own = self.allowed(lambda user=user, model=model: self.create_as(model, "ours", user))
                    self.assertEqual(own, name in users)
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(other.with_user(user).has_access(operation), operation)
                    if own:
                        self.assertFalse(other.with_user(user).search([("id", "=", other.id)]))

    def test_strangers_reach_nothing(self):
        for model in (*MATRIX, *DIALOGS):
            for name, user in self.strangers.items():
                with self.subTest(model=model, user=name):
                    Model = self.env[model].with_user(user)
                    for operation in OPERATIONS:
                        self.assertFalse(Model.has_access(operation), operation)
                    for method, args in (("search", [[]]), ("search_count", [[]]), ("name_search", [""]),
                                         ("web_search_read", [[], {"id": {}}]), ("search_read", [[], ["id"]]),
                                         ("formatted_read_group", [[], [], ["__count"]])):
                        with self.assertRaises(AccessError):
                            getattr(Model, method)(*args)

    def test_by_the_way_of_relations(self):
        """What one does not see is not seen through what one sees either."""
        Item = self.env["servicedesk.item"]
        note = Item.create(self.vals("servicedesk.item", "mine"))
        draft = Item.with_user(self.agent).create([self.vals("servicedesk.item", "mine", self.agent)])
        chief = self.users["supervisor"]
        self.env.invalidate_all()
        shown = self.tickets["mine"].with_user(chief).read(["item_ids"])[0]["item_ids"]
        self.assertIn(note.id, shown)
        self.assertNotIn(draft.id, shown, "a colleague's draft")
        seen = self.client.with_user(self.clerk).read(["servicedesk_ticket_ids", "servicedesk_ticket_count"])[0]
        self.assertEqual((seen["servicedesk_ticket_ids"], seen["servicedesk_ticket_count"]), ([], 0))
        self.assertFalse(self.client.with_user(self.clerk).search(
            [("id", "=", self.client.id), ("servicedesk_ticket_ids.subject", "ilike", "Zlatokop")]))
        for user in self.strangers.values():
            with self.assertRaises(AccessError):
                self.client.with_user(user).read(["servicedesk_ticket_ids"])
            with self.assertRaises(AccessError):
                self.client.with_user(user).search([("servicedesk_ticket_ids.subject", "ilike", "Zlatokop")])

    def test_names_behind_links_keep_still(self):
        """Odoo names what a many2one points to without asking for rights: by number only what is out of sight."""
        secret = self.tickets["mine"]
        junior = self.users["own"]
        self.assertNotIn("Zlatokop", str(self.env["servicedesk.merge.tickets"].with_user(junior).create(
            {"survivor_id": secret.id}).read(["survivor_id"])))
        self.tickets["free"].sudo().parent_id = secret
        name = self.tickets["free"].with_user(junior).read(["parent_id"])[0]["parent_id"]
        self.assertEqual(name, (secret.id, secret.number))
        self.env.invalidate_all()
        self.assertIn("Zlatokop", str(self.tickets["free"].with_user(self.agent).read(["parent_id"])))
        draft = self.env["servicedesk.item"].with_user(self.agent).create(
            [self.vals("servicedesk.item", "mine", self.agent)])
        note = self.env["servicedesk.item"].create(self.vals("servicedesk.item", "mine") | {"parent_item_id": draft.id})
        self.env.invalidate_all()
        self.assertNotIn("Zlatokop", str(note.with_user(self.users["supervisor"]).read(["parent_item_id"])))

    def test_no_child_of_what_is_out_of_sight(self):
        Ticket = self.env["servicedesk.ticket"].with_user(self.users["own"])
        vals = self.vals("servicedesk.ticket", "free")
        for context, more in (({}, {"parent_id": self.tickets["mine"].id}),
                              ({"default_parent_id": self.tickets["mine"].id}, {})):
            with self.assertRaises(AccessError):
                Ticket.with_context(**context).create([vals | more])

    def test_no_way_into_another_company(self):
        ticket = self.tickets["mine"].with_user(self.agent)
        for vals in ({"department_id": self.abroad.id}, {"company_id": self.other_company.id}):
            with self.assertRaises(AccessError):
                ticket.write(vals)
        hand_over = self.env["servicedesk.hand.over"].with_user(self.agent).create({
            "ticket_ids": [(6, 0, ticket.ids)], "department_id": self.abroad.id, "reason": "x"})
        with self.assertRaises(AccessError):
            hand_over.action_apply()

    def test_export_is_a_right(self):
        group = self.env.ref("base.group_allow_export")
        for name, user in self.users.items():
            user.group_ids |= group
            for model in ("servicedesk.ticket", "servicedesk.item", "servicedesk.event"):
                Model = self.env[model].with_user(user)
                seen = Model.search([])
                if not seen:
                    continue
                with self.subTest(user=name, model=model):
                    if name in ("supervisor", "administrator"):
                        self.assertTrue(seen.export_data(["display_name"])["datas"])
                    else:
                        with self.assertRaises(AccessError):
                            seen.export_data(["display_name"])
        with self.assertRaises(AccessError):
            self.client.with_user(self.agent).export_data(["name", "servicedesk_ticket_ids/subject"])

    def test_no_mail_handed_in_by_just_anybody(self):
        raw = f"From: jana@x.example\nTo: {self.support.email}\nMessage-Id: <a@b>\nSubject: forged\n\nx"
        for user in (*self.strangers.values(), self.agent):
            with self.assertRaises(AccessError):
                self.env["mail.thread"].with_user(user).message_process(False, raw)
        self.env["mail.thread"].with_user(self.env.ref("base.user_admin")).message_process(False, raw)
