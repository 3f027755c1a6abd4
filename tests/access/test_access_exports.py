import io
import json

from openpyxl import load_workbook

from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...models.access.relations import RuledMany2many, RuledOne2many
from .access_world import SECRET, AccessWorld

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@tagged("post_install", "-at_install")
class TestAccessExports(AccessWorld, HttpCase):
    """What carries many records away at once: exports, groups, counts, suggestions; tried by agents with limits.

    *Seen* is what an agent may see, *unseen* what not; the words of the unseen may come out nowhere.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = {
            # user → (what is seen, what is not)
            "own": (cls.tickets["free"], cls.tickets["mine"] | cls.tickets["foreign"]),
            "chosen clients": (cls.tickets["mine"], cls.tickets["free"] | cls.tickets["foreign"]),
            "other department": (cls.tickets["free"].browse(), cls.tickets["mine"] | cls.tickets["free"]),
            "substitute after": (cls.tickets["free"].browse(), cls.tickets["mine"] | cls.tickets["free"]),
        }
        cls.task = cls.env["project.task"].create({
            "name": "Cable", "project_id": cls.env["project.project"].create({"name": "Cables"}).id,
            "servicedesk_ticket_ids": [(6, 0, (cls.tickets["mine"] | cls.tickets["free"]).ids)]})
        group = cls.env.ref("base.group_allow_export") | cls.env.ref("project.group_project_manager")
        for user in cls.users.values():
            user.group_ids |= group

    def sign_in(self, name):
        user = self.users[name]
        self.authenticate(user.login, user.login)

    def export(self, model, names, **params):
        """Return the answer of Odoo's export as the browser asks for it."""
        data = {"model": model, "ids": False, "domain": [], "import_compat": False, "context": {},
                "fields": [{"name": name, "label": name, "type": "char"} for name in names], **params}
        return self.url_open("/web/export/xlsx", data={
            "data": json.dumps(data), "csrf_token": Request.csrf_token(self)})

    def cells(self, answer):
        self.assertEqual(answer.headers.get("Content-Type"), XLSX, answer.text[:300])
        sheet = load_workbook(io.BytesIO(answer.content)).active
        return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]

    @mute_logger("odoo.http")
    def test_no_export_without_the_right(self):
        for name, (seen, _unseen) in self.limited.items():
            self.sign_in(name)
            for model, names, params in (
                    ("servicedesk.ticket", ["number", "subject"], {"ids": seen.ids or False}),
                    ("servicedesk.ticket", ["subject"], {"groupby": ["department_id"]}),
                    ("servicedesk.item", ["preview", "body"], {}),
                    ("servicedesk.event", ["new_value"], {}),
                    ("res.partner", ["name", "servicedesk_ticket_ids/subject"], {"ids": self.client.ids}),
                    ("project.task", ["name", "servicedesk_ticket_ids/subject"], {"ids": self.task.ids})):
                with self.subTest(user=name, model=model, **params):
                    answer = self.export(model, names, **params)
                    carried = "".join(self.cells(answer)) if answer.headers.get("Content-Type") == XLSX else ""
                    self.assertNotIn(SECRET, carried)
                    if seen and (model != "res.partner" or seen.partner_id == self.client):
                        self.assertNotEqual(answer.status_code, 200, "there is something to carry away")

    def test_with_the_right_only_what_one_sees(self):
        for name in ("own", "chosen clients"):
            seen, unseen = self.limited[name]
            self.users[name].servicedesk_membership_ids.can_export = True
            self.sign_in(name)
            for params in ({}, {"ids": seen.ids}, {"groupby": ["owner_id"]}):
                with self.subTest(user=name, **params):
                    cells = self.cells(self.export("servicedesk.ticket", ["number", "subject"], **params))
                    self.assertIn(seen.subject, cells)
                    for ticket in unseen:
                        self.assertNotIn(ticket.subject, cells)

    def test_groups_and_counts_tell_of_nothing_else(self):
        """What graph, pivot and grouped lists are made of, by every field that can be grouped by."""
        for name, (seen, unseen) in self.limited.items():
            Ticket = self.env["servicedesk.ticket"].with_user(self.users[name])
            domain = [("id", "in", (seen | unseen).ids)]
            for groupby in ("subject", "number", "partner_id", "owner_id", "department_id", "last_item_preview",
                            "create_date:month", "partner_id.name", "parent_id.subject"):
                with self.subTest(user=name, groupby=groupby):
                    groups = Ticket.formatted_read_group(domain, [groupby], ["__count", "id:array_agg"])
                    self.assertEqual({id_ for group in groups for id_ in group["id:array_agg"]}, set(seen.ids))
                    self.assertFalse([ticket for ticket in unseen if ticket.subject in str(groups)])
                    self.assertEqual(Ticket.web_read_group(domain, [groupby])["length"], len(groups))

    def test_no_asking_round_the_corner(self):
        """A filter by what lies behind a relation must not answer whether it is so."""
        child = self.tickets["free"]
        child.write({"parent_id": self.tickets["mine"].id, "related_ids": [(4, self.tickets["mine"].id)]})
        words, junior = self.tickets["mine"].subject, self.users["own"]
        self.env.flush_all()
        self.env.invalidate_all()
        Ticket = self.env["servicedesk.ticket"].with_user(junior)
        for domain in ([("parent_id.subject", "=", words)], [("related_ids.subject", "=", words)],
                       [("parent_id", "ilike", words)], [("related_ids", "ilike", words)],
                       [("merged_ids.subject", "=", words)], [("item_ids.ticket_id.subject", "=", words)]):
            with self.subTest(domain=domain):
                self.assertFalse(Ticket.search_count(domain))
        for model, domain in (
                ("res.partner", [("servicedesk_ticket_ids.subject", "=", words)]),
                ("project.task", [("servicedesk_ticket_ids.subject", "=", words)]),
                ("servicedesk.department", [("ticket_ids.subject", "=", words)]),
                ("mail.message", [("model", "=", "servicedesk.ticket"), ("res_id", "=", self.tickets["mine"].id)]),
                ("mail.activity", [("res_model", "=", "servicedesk.ticket"), ("res_id", "=", self.tickets["mine"].id)]),
                ("ir.attachment", [("res_model", "=", "servicedesk.item"),
                                   ("res_id", "in", self.tickets["mine"].item_ids.ids)])):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(junior).search_count(domain))
        self.assertTrue(self.env["res.partner"].with_user(self.agent).search_count(
            [("servicedesk_ticket_ids.subject", "=", words)]), "who may see it is answered")

    def test_no_asking_by_number(self):
        """Whose a ticket is, that one does not see, is not told by its number either, nor who has any."""
        hidden, Partner = self.tickets["mine"], self.env["res.partner"].with_user(self.users["own"])
        for field, number in (("partner_id", hidden.partner_id.id), ("department_id", hidden.department_id.id)):
            self.assertTrue(number, field)
        stranger = self.env["res.partner"].create({"name": "Only hidden", "is_company": True})
        hidden.partner_id = stranger
        self.env.flush_all()
        self.env.invalidate_all()
        mine = [("id", "=", stranger.id)]
        for leaf in (("servicedesk_ticket_ids", "in", hidden.ids), ("servicedesk_ticket_ids", "=", hidden.id),
                     ("servicedesk_ticket_ids", "!=", False), ("servicedesk_ticket_ids.id", "=", hidden.id),
                     ("servicedesk_ticket_ids", "child_of", hidden.ids), ("servicedesk_ticket_ids", "any", [])):
            with self.subTest(leaf=leaf):
                self.assertFalse(Partner.search_count([*mine, leaf]))
        for leaf in (("servicedesk_ticket_ids", "not in", hidden.ids), ("servicedesk_ticket_ids", "=", False),
                     ("servicedesk_ticket_ids", "in", [False, hidden.id])):
            with self.subTest(leaf=leaf):
                self.assertTrue(Partner.search_count([*mine, leaf]))
        seeing = Partner.with_user(self.agent)
        self.assertTrue(seeing.search_count([*mine, ("servicedesk_ticket_ids", "in", hidden.ids)]))
        self.assertFalse(seeing.search_count([*mine, ("servicedesk_ticket_ids", "=", False)]))

    def test_every_relation_to_what_is_seen_in_part_asks_by_rules(self):
        """All but dialogs, which are their writer's, and what is seen as its record is, by the way to its ticket."""
        def is_open(field):
            other = self.env[field.comodel_name]
            with_record = field.type == "one2many" and other._ticket_path.split(".")[0] == field.inverse_name
            return not with_record and not isinstance(field, (RuledOne2many, RuledMany2many))

        wrong = {str(field) for model in self.env.registry.values() for field in model._fields.values()
                 if field.type in ("one2many", "many2many") and field.store and not model._transient
                 and "user_scope" in self.env[field.comodel_name]._fields and is_open(field)}
        self.assertFalse(sorted(wrong))

    def test_counts_beside_names(self):
        """Numbers on cards of departments and clients count what the reader sees."""
        for name, (seen, unseen) in self.limited.items():
            user = self.users[name]
            self.env.invalidate_all()
            with self.subTest(user=name):
                partners = unseen.partner_id - seen.partner_id
                self.assertEqual(set(partners.with_user(user).mapped("servicedesk_ticket_count")) - {0}, set())
                shown = self.support.with_user(user).read(["open_count", "unassigned_count"])[0]
                count = self.env["servicedesk.ticket"].with_user(user).search_count(
                    [("department_id", "=", self.support.id), ("state", "=", "open")])
                self.assertEqual(shown["open_count"], count)

    def test_suggestions(self):
        """Typing into fields and searches suggests nothing that is out of sight."""
        for name, (seen, unseen) in self.limited.items():
            Ticket = self.env["servicedesk.ticket"].with_user(self.users[name])
            for ticket in unseen:
                with self.subTest(user=name):
                    for words in (ticket.number, ticket.subject):
                        self.assertNotIn(ticket.id, [id_ for id_, _name in Ticket.name_search(words)])
                        self.assertNotIn(ticket.subject, str(Ticket.web_name_search(words, {"display_name": {}})))
            self.assertEqual({id_ for id_, _name in Ticket.name_search(SECRET, limit=None)} & set((seen | unseen).ids),
                             set(seen.ids))
