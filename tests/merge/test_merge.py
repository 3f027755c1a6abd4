import json
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..common import ServicedeskCase, build_mail

# Whatever happens to a row, these say when it was last touched.
TOUCHED = ("write_date", "write_uid")

# What may hang on a ticket; each is built by a method of its own below.
EXTRAS = ("reads", "notices", "reminder", "form", "watcher", "note", "sms", "meeting", "ledger", "hit", "file",
          "activity", "post", "former", "escalated")
# A merge adds to these; all else is as it was.
GROWING = ("servicedesk_merge", "servicedesk_merge_source_rel")
TICKETS = st.lists(st.fixed_dictionaries({
    "extras": st.sets(st.sampled_from(EXTRAS)),
    "state": st.sampled_from(("open", "waiting", "closed", "archived", "until")),
    "items": st.integers(0, 3), "drafts": st.sets(st.sampled_from(("agent", "lead"))),
    "tags": st.sets(st.integers(0, 2)), "tasks": st.sets(st.integers(0, 2)), "related": st.sets(st.integers(0, 4)),
    "followers": st.sets(st.integers(0, 1)), "client": st.integers(0, 1), "children": st.integers(0, 1),
    "parent": st.booleans(), "owner": st.booleans(), "service": st.booleans(), "unread": st.booleans(),
}), min_size=2, max_size=4)

EVERYTHING = {
    "state": "open", "items": 2, "drafts": {"agent", "lead"}, "tags": {0, 1}, "tasks": {0}, "related": {1},
    "followers": {0, 1}, "client": 0, "children": 1, "parent": True, "owner": True, "service": True, "unread": True,
    "extras": set(EXTRAS)}


class MergeCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.Merge = self.env["servicedesk.merge"]
        self.lead = self._new_agent("lead", self.support, "supervisor")
        self.other_client = self.env["res.partner"].create({"name": "Lípa", "is_company": True,
                                                             "email": "info@lipa.example"})

    def merge(self, survivor, *sources, user=None, partner=None):
        tickets = survivor.union(*sources)
        return self.Merge.with_user(user or self.agent)._merge(tickets, survivor, partner)

    def ask(self, *tickets):
        """Open the dialog as from the list."""
        tickets = self.env["servicedesk.ticket"].union(*tickets)
        return self.env["servicedesk.merge.tickets"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, tickets.ids)]})


class TestMerge(MergeCase):
    def test_nothing_is_lost(self):
        survivor, source = self.new_ticket(), self.new_ticket(contact_id=self.alena.id)
        row = self.arrive(build_mail(self.alena.email, "support@severka.example", f"[{source.number}]", "Please help"))
        item = row.item_id
        file = self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": item._name, "res_id": item.id})
        task = self.env["project.task"].create({"name": "Task", "servicedesk_ticket_ids": [(4, source.id)],
                                                "project_id": self.env["project.project"].create({"name": "P"}).id})
        source.message_subscribe([self.lead.partner_id.id])
        activity = source.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)
        tag = self.env["servicedesk.tag"].create({"name": "VIP"})
        source.tag_ids = tag
        child = self.new_ticket(parent_id=source.id)
        bystander = self.new_ticket()
        source._relate(bystander)
        self.merge(survivor, source)
        self.assertEqual(item.ticket_id, survivor)
        self.assertEqual(file.with_user(self.agent).raw, b"x")
        self.assertEqual(task.servicedesk_ticket_ids, survivor)
        self.assertIn(self.lead.partner_id, survivor.message_partner_ids)
        self.assertEqual(activity.res_id, survivor.id)
        self.assertEqual(survivor.tag_ids, tag)
        self.assertEqual(child.parent_id, survivor)
        self.assertEqual((survivor.related_ids, bystander.related_ids), (bystander, survivor))
        self.assertEqual(survivor.last_item_preview, "Please help")
        self.assertIn("created", source.event_ids.mapped("kind") + survivor.event_ids.mapped("kind"))
        self.assertRecordValues(source, [{"state": "archived", "merged_into_id": survivor.id}])
        self.assertIn("merged", survivor.event_ids.mapped("kind"))
        self.assertIn("merged_into", source.event_ids.mapped("kind"))
        self.assertEqual(survivor.event_ids.filtered(lambda event: event.kind == "merged").user_id, self.agent)

    def test_number_and_message_ids_stay_alive(self):
        survivor, source = self.new_ticket(), self.new_ticket(contact_id=self.alena.id)
        answer = self.write_answer(source, self.agent, email_to=self.alena.email)
        self.merge(survivor, source)
        third = self.new_ticket()
        self.merge(third, survivor)
        Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        for number in (source.number, survivor.number):
            found = [ticket_id for ticket_id, _name in Ticket.name_search(number)]
            self.assertIn(third.id, found)
        for subject, headers in ((f"[{source.number}] by number", {}),
                                 ("by reference", {"In_Reply_To": answer.message_id})):
            with self.subTest(subject):
                row = self.arrive(build_mail(self.alena.email, "support@severka.example", subject, subject, **headers))
                self.assertEqual(row.item_id.ticket_id, third)
                self.assertFalse(row.item_id.third_party, "who had a part in one of them has a part in the survivor")

    def test_a_stranger_gains_nothing_by_a_merge(self):
        survivor, source = self.new_ticket(), self.new_ticket(contact_id=self.alena.id)
        self.merge(survivor, source)
        row = self.arrive(build_mail("eve@evil.example", "support@severka.example", f"[{source.number}]", "Let me in"))
        self.assertNotEqual(row.item_id.ticket_id, survivor)

    def test_merged_tickets_stay_as_they_are(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        self.merge(survivor, source)
        source = source.with_user(self.agent)
        for change in (source.action_reopen, source.action_wait, source.action_close,
                       lambda: source.write({"state": "open"}), source.action_merge):
            with self.assertRaisesRegex(UserError, survivor.number):
                change()
        with self.assertRaises(AccessError):
            source.write({"merged_into_id": False})
        with self.assertRaises(UserError):
            self.merge(self.new_ticket(), source)

    def test_an_open_one_wakes_the_survivor(self):
        survivor, source = self.new_ticket(state="waiting", waiting_for="customer"), self.new_ticket()
        wizard = self.ask(survivor, source)
        wizard.survivor_id = survivor
        self.assertIn("reopens", wizard.preview)
        merge = self.merge(survivor, source)
        self.assertEqual(survivor.state, "open")
        merge.action_undo()
        self.assertRecordValues(survivor, [{"state": "waiting", "waiting_for": "customer"}])

    def test_different_clients_are_asked_about(self):
        ours = self.new_ticket()
        theirs = self.new_ticket(partner_id=self.other_client.id, contact_id=False, contact_email="x@lipa.example")
        wizard = self.ask(ours, theirs)
        self.assertEqual((wizard.client_count, wizard.partner_id.id, wizard.survivor_id), (2, False, ours))
        self.assertIn("different customers", wizard.preview)
        with self.assertRaisesRegex(UserError, "Choose the customer"):
            wizard.action_merge()
        wizard.partner_id = self.other_client
        wizard.action_merge()
        self.assertRecordValues(ours, [{"partner_id": self.other_client.id, "contact_id": False,
                                        "contact_email": "x@lipa.example"}])

    def test_who_asked_before_keeps_a_part(self):
        survivor, source = self.new_ticket(), self.new_ticket(contact_email="x@lipa.example", contact_id=False,
                                                              partner_id=self.other_client.id)
        self.merge(survivor, source, partner=self.client)
        self.assertLessEqual({"x@lipa.example", self.jana.email_normalized}, survivor._get_participants()[survivor.id])

    def test_rights(self):
        mine, foreign = self.new_ticket(), self.new_ticket(department_id=self.billing.id)
        with self.assertRaises(AccessError):
            self.merge(mine, foreign)
        both = self._new_agent("both", self.support, "specialist")
        membership = self.env["servicedesk.membership"].create(
            {"user_id": both.id, "department_id": self.billing.id, "level": "specialist"})
        merge = self.merge(mine, foreign, user=both)
        self.assertFalse(self.Merge.with_user(self.clerk).search([("id", "=", merge.id)]), "the survivor decides")
        with self.assertRaises(AccessError):
            merge.with_user(self.agent).action_undo()
        membership.unlink()
        with self.assertRaises(AccessError):
            merge.action_undo()

    def test_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        department = self.env["servicedesk.department"].create({"name": "O", "company_id": other.id})
        foreign = self.env["servicedesk.ticket"].create({"subject": "x", "department_id": department.id})
        with self.assertRaisesRegex(UserError, "companies"):
            self.Merge._merge(self.new_ticket() | foreign, foreign)

    def test_portal_shows_the_survivor_only(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        self.arrive(build_mail(self.jana.email, "support@severka.example", f"[{source.number}]", "My words"))
        self.merge(survivor, source)
        Ticket = self.env["servicedesk.ticket"].sudo()
        found = Ticket.search(Ticket._get_customer_domain(self.jana))
        self.assertIn(survivor, found)
        self.assertNotIn(source, found)
        self.assertEqual(Ticket._get_survivor_id(source.id), survivor.id, "old links lead there")
        self.assertIn("My words", survivor._get_customer_items().mapped("preview"))


class TestUndo(MergeCase):
    def test_what_arrived_since_stays(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        old = self.arrive(build_mail(self.jana.email, "support@severka.example", f"[{source.number}]", "Old")).item_id
        merge = self.merge(survivor, source)
        new = self.arrive(build_mail(self.jana.email, "support@severka.example", "Re", "New",
                                     In_Reply_To=old.message_id)).item_id
        self.assertEqual((new.ticket_id, new.parent_item_id), (survivor, old))
        self.assertEqual(merge.newer_count, 1)
        merge.action_undo()
        self.assertEqual((old.ticket_id, new.ticket_id), (source, survivor))
        self.assertFalse(new.parent_item_id, "an answer hangs on an item of its own ticket")
        self.assertEqual((survivor.last_item_preview, source.last_item_preview), ("New", "Old"))
        line = survivor.event_ids.filtered(lambda event: event.kind == "merge_undone")
        self.assertIn("arrived since: 1", line.new_value)
        self.assertFalse(survivor.former_numbers)

    def test_what_was_changed_since_stays(self):
        survivor, source = self.new_ticket(state="waiting", waiting_for="customer"), self.new_ticket()
        merge = self.merge(survivor, source)
        survivor.with_user(self.agent).action_close()
        merge.action_undo()
        self.assertEqual(survivor.state, "closed")
        self.assertTrue(survivor.closed_at)
        self.assertFalse(survivor.waiting_for)

    def test_read_marks_go_along(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        item = self.arrive(build_mail(self.jana.email, "support@severka.example", f"[{source.number}]", "Old")).item_id
        Read = self.env["servicedesk.read"]
        Read.with_user(self.agent)._record(source, item.ids)
        merge = self.merge(survivor, source)
        mark = Read.search([("item_id", "=", item.id)])
        self.assertEqual((mark.ticket_id, mark.user_id), (survivor, self.agent), "who has read it has read it")
        merge.action_undo()
        self.assertEqual(mark.ticket_id, source)

    def test_clocks_go_on_as_if_nothing_had_been(self):
        self.support.calendar_id = False
        self.env["servicedesk.sla.policy"].create({"name": "All", "resolution_hours": 8})
        survivor, source = self.new_ticket(), self.new_ticket()
        deadline, clock = source.resolution_deadline, source.sla_clock_ids
        merge = self.merge(survivor, source)
        self.assertEqual((clock.state, source.sla_deadline, clock.alarm_at), ("met", False, False))
        with freeze_time(fields.Datetime.now() + timedelta(hours=10)):
            merge.invalidate_recordset()
            merge.action_undo()
            self.assertRecordValues(clock, [{"state": "running", "deadline": deadline, "met_at": False}])
            self.assertEqual(source.sla_state, "late", "the time has passed all the same")
            self.assertLess(clock.alarm_at, fields.Datetime.now(), "and the worker tells it")

    def test_clocks_that_somebody_set_since_stay(self):
        self.support.calendar_id = False
        self.env["servicedesk.sla.policy"].create({"name": "All", "resolution_hours": 8})
        survivor, source = self.new_ticket(state="waiting", waiting_for="customer"), self.new_ticket()
        merge = self.merge(survivor, source)
        survivor.with_user(self.agent).action_close()
        merge.action_undo()
        self.assertEqual(survivor.sla_clock_ids.state, "met")

    def test_requesters_hear_nothing_of_it(self):
        self.support.requester_message_ids = [(0, 0, {"event": event}) for event in ("third_party", "closed")]
        survivor, source = self.new_ticket(), self.new_ticket(state="waiting", waiting_for="third_party")
        self.merge(survivor, source).action_undo()
        self.assertEqual(source.waiting_for, "third_party")
        self.assertFalse((survivor | source).item_ids)

    def test_only_once_and_in_time(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        merge = self.merge(survivor, source)
        with freeze_time(fields.Datetime.now() + timedelta(days=31)):
            merge.invalidate_recordset()
            with self.assertRaisesRegex(UserError, "time"):
                merge.action_undo()
        merge.invalidate_recordset()
        merge.action_undo()
        with self.assertRaisesRegex(UserError, "already"):
            merge.action_undo()

    def test_the_later_merge_first(self):
        a, b, c = self.new_ticket(), self.new_ticket(), self.new_ticket()
        first = self.merge(b, a)
        second = self.merge(c, b)
        with self.assertRaisesRegex(UserError, c.number):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertEqual((a | b | c).mapped("state"), ["open"] * 3)

    def test_records_deleted_since_are_passed_over(self):
        survivor, source = self.new_ticket(), self.new_ticket()
        item = self.arrive(build_mail(self.jana.email, "support@severka.example", f"[{source.number}]", "Old")).item_id
        tag = self.env["servicedesk.tag"].create({"name": "VIP"})
        source.tag_ids = tag
        bystander = self.new_ticket()
        source._relate(bystander)
        merge = self.merge(survivor, source)
        item.unlink()
        tag.unlink()
        bystander.unlink()
        merge.action_undo()
        self.assertEqual(source.state, "open")


class TestIdentity(MergeCase):
    """Whatever the tickets are like: after merging and undoing every row of every table is as it was."""

    def setUp(self):
        super().setUp()
        self.now = fields.Datetime.now().replace(microsecond=0)
        self.startPatcher(patch("odoo.fields.Datetime.now", lambda: self.now))
        self.tags = self.env["servicedesk.tag"].create([{"name": f"t{n}"} for n in range(3)])
        project = self.env["project.project"].create({"name": "P"})
        self.tasks = self.env["project.task"].create([{"name": f"t{n}", "project_id": project.id} for n in range(3)])
        self.bystanders = self.env["servicedesk.ticket"].union(*(self.new_ticket() for _n in range(3)))
        self.services = self.env["servicedesk.service"].create(
            [{"name": "s", "partner_id": client.id} for client in (self.client, self.other_client)])
        self.category = self.env["servicedesk.category"].create({
            "name": "Printers", "form_definition": [{"name": "serial", "string": "Serial number", "type": "char"}]})
        self.rule = self.env["servicedesk.rule"].create(
            {"name": "Paper", "subject_words": "paper", "tag_ids": [(6, 0, self.tags[:1].ids)]})
        self.gateway = self.env["servicedesk.sms.gateway"].search([], limit=1) or self.env[
            "servicedesk.sms.gateway"].create({"name": "Kannel"})
        # Another client, another promise: the survivor's clocks change with its client.
        self.support.calendar_id = False
        standard, _other = self.env["servicedesk.sla.policy"].create([
            {"name": "Standard", "first_response_hours": 2, "resolution_hours": 8},
            {"name": "Other", "first_response_hours": 1, "resolution_hours": 4, "partner_ids": self.other_client.ids}])
        self.support.sla_policy_id = standard
        self.step = self.env["servicedesk.escalation.step"].create(
            {"policy_id": standard.id, "trigger": "percent", "percent": 1, "recipient": "members"})
        self.tables = self.get_tables()

    def test_merge_and_undo_is_identity(self):
        filled = set()

        @settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
                  phases=(Phase.explicit, Phase.generate))
        @given(plans=TICKETS, survivor=st.integers(0, 3), client=st.integers(0, 1))
        @example(plans=[EVERYTHING, EVERYTHING | {"client": 1, "state": "waiting"}], survivor=0, client=1)
        def check(plans, survivor, client):
            savepoint, start = self.env.cr.savepoint(), self.now
            try:
                tickets = self.env["servicedesk.ticket"].union(*map(self.build, plans))
                around = tickets | self.bystanders
                for ticket, plan in zip(tickets, plans, strict=True):
                    for index in plan["related"]:
                        ticket._relate(around[index % len(around)])
                chosen = tickets[survivor % len(tickets)]
                if chosen.state == "archived":
                    chosen.write({"state": "open"})
                self.now += timedelta(minutes=20)
                before = self.rows()
                partner = (self.client, self.other_client)[client]
                merge = self.merge(chosen, tickets, partner=partner if partner in tickets.partner_id else None)
                self.assertNotEqual(self.rows(), before)
                self.now += timedelta(minutes=20)
                merge.action_undo()
                after = self.rows()
                for table, rows in before.items():
                    gone, new = rows - after[table], after[table] - rows
                    self.assertEqual(gone, set(), f"gone from {table}; instead there is {new}")
                    self.assertTrue(table in GROWING or not new, f"new in {table}: {new}")
                filled.update(table for table, rows in before.items() if rows)
            finally:
                self.now = start
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)

        self.maxDiff = None
        check()
        ours = {table for table in self.tables if table.startswith("servicedesk_")}
        self.assertEqual(ours - filled, set(), "no ticket here has such rows: build some, and see them come back")

    def get_tables(self):
        """Return ``{table: condition}`` of all that refers to a ticket or an item, as the registry knows it.

        Many2one to them, or to one of our models that does; many-to-many; and the models that point by name and id.
        """
        tables, names = {}, {"servicedesk.ticket", "servicedesk.item"}
        stored = [Model for name in sorted(self.env.registry) if (Model := self.env[name])._auto
                  and not Model._abstract and not Model._transient]
        known = 0
        while known != len(names):
            known = len(names)
            names |= {Model._name for Model in stored if Model._name.startswith("servicedesk.") and any(
                field.type == "many2one" and field.store and field.comodel_name in names
                for field in Model._fields.values())}
        for Model in stored:
            if Model._name in names:
                tables[Model._table] = SQL()
            for field in Model._fields.values():
                if not field.store or field.type not in ("many2many", "many2one", "many2one_reference"):
                    continue
                if field.type == "many2one_reference" and Model._name not in names:
                    tables[Model._table] = SQL("WHERE %s IN %s", SQL.identifier(field.model_field), tuple(names))
                elif field.comodel_name in names or Model._name in names:
                    if field.type == "many2many" and field.relation and {field.comodel_name, Model._name} & {
                            "servicedesk.ticket", "servicedesk.item", "servicedesk.merge"}:
                        tables[field.relation] = SQL()
                    elif field.type == "many2one" and field.comodel_name in names:
                        tables.setdefault(Model._table, SQL())
        # Whatever merging writes into history is what may be new there.
        tables["servicedesk_event"] = SQL("WHERE kind NOT IN %s", (
            "merged", "merged_into", "merge_undone", "state", "child_added", "child_removed", "parent_id", "partner_id",
            "contact_id", "contact_email", "service_id", "waiting_for", "reopen_at", "first_response", "resolution"))
        for noted in ("servicedesk_change", "servicedesk_queue_mark"):  # by the desk and its workers, about this too
            tables.pop(noted, None)
        return tables

    def rows(self):
        """Return ``{table: {row as JSON}}``; columns without a value are left out, for nothing and 0 are the same."""
        self.env.flush_all()
        found = {table: self.env.execute_query(SQL(
            "SELECT to_jsonb(t) - %s FROM %s t %s", list(TOUCHED), SQL.identifier(table), condition))
            for table, condition in self.tables.items()}
        return {table: {json.dumps({name: value for name, value in row.items() if value}, sort_keys=True)
                        for (row,) in rows} for table, rows in found.items()}

    def build(self, plan):
        client = (self.client, self.other_client)[plan["client"]]
        until = self.now + timedelta(days=2)
        state = {"state": "waiting", "waiting_for": "date", "reopen_at": until} if plan["state"] == "until" else {
            "state": plan["state"], "waiting_for": plan["state"] == "waiting" and "customer",
            "closed_at": plan["state"] in ("closed", "archived") and self.now}
        ticket = self.new_ticket(
            **state, partner_id=client.id, contact_id=self.jana.id if client == self.client else False,
            owner_id=plan["owner"] and self.agent.id, service_id=plan["service"] and self.services[plan["client"]].id,
            tag_ids=[(6, 0, [self.tags[index].id for index in sorted(plan["tags"])])],
            unread=plan["unread"], parent_id=plan["parent"] and self.bystanders[0].id)
        items = self.env["servicedesk.item"]
        for number in range(plan["items"]):
            items |= items.create({
                "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received",
                "body": f"<p>{number}</p>", "email_from": "a@b.example", "message_id": f"<{ticket.id}.{number}@x>",
                "parent_item_id": items[-1:].id})
        for login in sorted(plan["drafts"]):
            user = getattr(self, login)
            items.create({"ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft",
                          "author_user_id": user.id, "parent_item_id": items[:1].id})
        for index in sorted(plan["tasks"]):
            ticket.task_ids |= self.tasks[index]
        for index in sorted(plan["followers"]):
            ticket.message_subscribe([(self.agent, self.lead)[index].partner_id.id])
        for _n in range(plan["children"]):
            self.new_ticket(parent_id=ticket.id)
        for extra in EXTRAS:
            if extra in plan["extras"]:
                getattr(self, f"add_{extra}")(ticket, items[:1])
        return ticket

    def add_reads(self, ticket, item):
        for user in (self.agent, self.lead):
            self.env["servicedesk.read"].with_user(user)._record(ticket, item.ids)

    def add_notices(self, ticket, item):
        self.env["servicedesk.notice"].create(
            {"user_id": self.agent.id, "ticket_id": ticket.id, "item_id": item.id, "kind": "mention"})

    def add_reminder(self, ticket, item):
        ticket.write({"remind_at": self.now + timedelta(days=1), "remind_state": "closed", "remind_note": "Call",
                      "remind_user_id": self.agent.id})

    def add_form(self, ticket, item):
        ticket.category_id = self.category
        ticket.properties = {"serial": "ABC"}

    def add_watcher(self, ticket, item):
        ticket.with_user(self.lead).action_watch()

    def add_note(self, ticket, item):
        item.create(item._prepare_note_vals(ticket, "<p>Key</p>", self.agent))

    def add_sms(self, ticket, item):
        sms = item.create(
            {"ticket_id": ticket.id, "kind": "sms", "direction": "out", "state": "sent", "body": "<p>x</p>"})
        self.env["servicedesk.sms"].create({
            "item_id": sms.id, "gateway_id": self.gateway.id, "number": "+420602123456", "reference": f"r{sms.id}",
            "state": "sent", "text": "x"})

    def add_meeting(self, ticket, item):
        item.create({"ticket_id": ticket.id, "kind": "meeting", "direction": "out", "state": "done", "body": "<p>x</p>",
                     "participant_ids": [(6, 0, self.jana.ids)]})

    def add_ledger(self, ticket, item):
        raw = build_mail("a@b.example", "support@severka.example", f"Ledger {ticket.id}", "x").as_bytes()
        self.env["servicedesk.intake"]._store(raw, self.support).write({"item_id": item.id, "state": "done"})

    def add_hit(self, ticket, item):
        self.env["servicedesk.rule.hit"].create({"rule_id": self.rule.id, "item_id": item.id})

    def add_file(self, ticket, item):
        if not item:
            return
        Attachment, content = self.env["ir.attachment"], {"name": "a.txt", "raw": b"x"}
        Attachment.create(content | {"res_model": item._name, "res_id": item.id})
        self.env["servicedesk.client.file"].create({
            "partner_id": self.client.id, "name": "a.txt", "attachment_id": Attachment.create(content).id}
        ).source_item_id = item

    def add_activity(self, ticket, item):
        ticket.activity_schedule("mail.mail_activity_data_todo", user_id=self.agent.id)

    def add_post(self, ticket, item):
        ticket.message_post(body=ticket.number)

    def add_former(self, ticket, item):
        if ticket.state != "archived":
            self.merge(ticket, self.new_ticket(partner_id=ticket.partner_id.id, contact_id=ticket.contact_id.id))

    def add_escalated(self, ticket, item):
        for clock in ticket.sla_clock_ids:
            self.env["servicedesk.escalation"].create(
                {"clock_id": clock.id, "step_id": self.step.id, "date": self.now, "told": "Agent"})
