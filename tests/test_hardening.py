from datetime import timedelta
from unittest.mock import patch

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
LONG_AGO = fields.Datetime.to_datetime("2026-01-05 10:00:00")


class TestMixedSelection(ServicedeskCase):
    """One change of state for tickets that stand in different ones."""

    def test_closing_all_leaves_the_closed_ones_as_they_were(self):
        closed, opened = self.new_ticket(), self.new_ticket()
        closed.action_close()
        closed.closed_at = closed.state_since = LONG_AGO
        (closed | opened).action_close()
        self.assertEqual((closed.closed_at, closed.state_since), (LONG_AGO, LONG_AGO))
        self.assertEqual(opened.state, "closed")
        self.assertTrue(opened.closed_at)

    def test_resolving_all_keeps_the_day_of_each(self):
        resolved, opened = self.new_ticket(), self.new_ticket()
        resolved.action_resolve()
        resolved.resolved_at = LONG_AGO
        (resolved | opened).write({"state": "waiting", "waiting_for": "acceptance"})
        self.assertEqual(resolved.resolved_at, LONG_AGO)
        self.assertTrue(opened.resolved_at)

    def test_a_status_that_fits_stays(self):
        done, asking = self.env["servicedesk.status"].create([
            {"name": "Done", "state": "closed"}, {"name": "Asking", "state": "open"}])
        category = self.env["servicedesk.category"].create({
            "name": "Network", "status_ids": [(6, 0, (done | asking).ids)]})
        first = self.new_ticket(category_id=category.id)
        second = self.new_ticket(category_id=category.id)
        first.action_close()
        first.status_id = done
        second.status_id = asking
        (first | second).action_close()
        self.assertEqual(first.status_id, done)
        self.assertFalse(second.status_id)

    def test_one_that_cannot_holds_up_all(self):
        archived, opened = self.new_ticket(), self.new_ticket()
        archived.action_close()
        archived.action_archive_ticket()
        with self.assertRaises(UserError):
            (opened | archived).write({"state": "waiting"})
        self.assertEqual(opened.state, "open")

    def test_a_ticket_that_is_created_closed_is_closed_like_any_other(self):
        closed, waiting = self.env["servicedesk.ticket"].create([
            {"subject": "Old", "department_id": self.support.id, "state": "closed"},
            {"subject": "Old", "department_id": self.support.id, "state": "waiting"}])
        self.assertTrue(closed.closed_at)
        self.assertEqual(waiting.waiting_for, "customer")
        closed.closed_at = LONG_AGO
        self.assertIn(closed, closed.search(closed._get_archive_domain()))


class TestRuleThatCannotClose(ServicedeskCase):
    def test_the_mail_is_filed_all_the_same(self):
        """Nobody can be asked for a status, and an open child is no reason to lose a mail."""
        status = self.env["servicedesk.status"].create({"name": "Done", "state": "closed"})
        category = self.env["servicedesk.category"].create({
            "name": "Backup", "status_ids": [(6, 0, status.ids)], "status_required": True})
        ticket = self.arrive(build_mail(JANA, "support@severka.example", "Nothing yet")).ticket_id
        ticket.category_id = category
        self.env["servicedesk.rule"].create({
            "name": "Backup", "subject_words": "backup", "event": "any", "close": True, "set_owner_id": self.agent.id})
        self.agent.active = False
        row = self.arrive(build_mail(JANA, "support@severka.example", f"Backup done {ticket.number}"))
        self.assertEqual((row.state, row.ticket_id, ticket.state), ("done", ticket, "closed"))
        self.assertFalse(ticket.owner_id)

    def test_an_open_child_keeps_the_ticket_open(self):
        self.support.child_rule = "block"
        ticket = self.arrive(build_mail(JANA, "support@severka.example", "Nothing yet")).ticket_id
        self.new_ticket(parent_id=ticket.id)
        self.env["servicedesk.rule"].create({
            "name": "Backup", "subject_words": "backup", "event": "answer", "close": True, "set_priority": "0"})
        row = self.arrive(build_mail(JANA, "support@severka.example", f"Backup done {ticket.number}"))
        self.assertEqual((row.state, row.ticket_id), ("done", ticket))
        self.assertEqual((ticket.state, ticket.priority), ("open", "0"))


class TestPeopleWhoLeft(ServicedeskCase):
    """An archived user gets no work and is not the only one who is told."""

    def setUp(self):
        super().setUp()
        self.support.manager_id = self.clerk

    def leave(self, user):
        user.active = False

    def test_category_and_turn_pass_them_over(self):
        category = self.env["servicedesk.category"].create({
            "name": "Network", "owner_rule": "member", "owner_id": self.agent.id})
        self.support.write({"assignment": "round_robin", "assign_present": False})
        self.leave(self.agent)
        by_category = self.new_ticket(category_id=category.id)
        self.assertFalse(by_category.owner_id)
        tickets = self.new_ticket() | self.new_ticket()
        tickets._assign()
        self.assertEqual(tickets.owner_id, self.junior)

    def test_escalations_and_promises_reach_somebody(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        step = self.env["servicedesk.escalation.step"].create({"department_id": self.support.id, "recipient": "owner"})
        self.assertEqual(step._get_told(ticket), self.agent)
        self.leave(self.agent)
        self.assertEqual(step._get_told(ticket), self.clerk)
        self.leave(self.clerk)
        self.assertEqual(step._get_told(ticket), self.junior)

    def test_a_customers_answer_reaches_somebody(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.leave(self.agent)
        told = self.answer_told(ticket)
        self.assertEqual(told, self.junior | self.clerk, "those of the department and who is responsible for it")
        self.support.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.junior.ids)]})
        self.assertEqual(self.answer_told(ticket), self.junior)
        self.leave(self.junior)
        self.assertEqual(self.answer_told(ticket), self.clerk)

    def answer_told(self, ticket):
        item = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received", "body": "<p>And?</p>"})
        notices = self.env["servicedesk.notice"].search([("item_id", "=", item.id), ("kind", "=", "answer")])
        return notices.user_id

    def test_whoever_opens_their_ticket_takes_the_bold_off(self):
        ticket = self.new_ticket(owner_id=self.agent.id, unread=True)
        second = self._new_agent("second", self.support, "specialist")
        ticket.with_user(second).mark_read()
        self.assertTrue(ticket.unread, "it is its owner's to read")
        self.leave(self.agent)
        ticket.with_user(second).mark_read()
        self.assertFalse(ticket.unread)

    def test_reminders_go_to_the_department(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.leave(self.agent)
        ticket.write({"remind_at": LONG_AGO, "remind_note": "Call Jana"})
        ticket._remind()
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id), ("kind", "=", "reminder")])
        self.assertIn(self.junior, notices.user_id)

    def test_a_scheduled_mail_of_theirs_becomes_the_draft_of_who_stops_it(self):
        ticket = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        Item = self.env["servicedesk.item"].with_user(self.agent)
        draft = Item.browse(Item.save_draft(ticket.id, "email", {
            **Item.prepare_draft(ticket.id, "email"), "body": "<p>Tomorrow</p>"}))
        draft.action_schedule(fields.Datetime.now() + timedelta(days=1))
        self.leave(self.agent)
        self.support.membership_ids.create({"department_id": self.support.id, "user_id": self.clerk.id})
        draft.with_user(self.clerk).action_cancel_schedule()
        self.assertEqual((draft.sudo().state, draft.sudo().author_user_id), ("draft", self.clerk))


class TestUndoneMerge(ServicedeskCase):
    """Answers and drafts that were written between a merge and its undo."""

    def setUp(self):
        super().setUp()
        self.survivor = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        self.source = self.arrive(build_mail(JANA, "support@severka.example", "Network", "Down")).ticket_id
        self.Item = self.env["servicedesk.item"].with_user(self.agent)

    def merge(self):
        return self.env["servicedesk.merge"].with_user(self.agent)._merge(
            self.survivor | self.source, self.survivor)

    def draft(self, ticket, reply_to=False):
        start = self.Item.prepare_draft(ticket.id, "email", reply_to_id=reply_to)
        return self.Item.browse(self.Item.save_draft(ticket.id, "email", {**start, "body": "<p>Hello</p>"}))

    def test_a_draft_that_was_turned_to_another_item_goes_back(self):
        draft = self.draft(self.source)
        merge = self.merge()
        self.assertEqual(draft.ticket_id, self.survivor)
        self.draft(self.survivor, reply_to=self.survivor.item_ids[0].id)
        merge.action_undo()
        self.assertEqual((draft.ticket_id, draft.parent_item_id), (self.source, self.Item))

    def test_a_new_draft_that_answers_what_went_back_can_still_be_saved(self):
        mail = self.source.item_ids
        merge = self.merge()
        draft = self.draft(self.survivor, reply_to=mail.id)
        merge.action_undo()
        self.assertEqual(mail.ticket_id, self.source)
        self.assertFalse(draft.parent_item_id)
        start = self.Item.prepare_draft(self.survivor.id, "email")
        self.Item.save_draft(self.survivor.id, "email", {**start, "body": "<p>More</p>"})

    def test_a_second_draft_on_the_source_does_not_hold_up_the_undo(self):
        draft = self.draft(self.source)
        merge = self.merge()
        late = self.draft(self.source)  # from a screen that has not heard of the merge
        merge.action_undo()
        self.assertEqual(self.source.state, "open")
        self.assertEqual({draft.ticket_id, late.ticket_id}, {self.source, self.survivor})


class TestDeleting(ServicedeskCase):
    def test_files_of_colleagues_drafts_go_with_the_ticket(self):
        ticket = self.new_ticket()
        Item = self.env["servicedesk.item"].with_user(self.junior)
        draft = Item.browse(Item.save_draft(ticket.id, "email", {"body": "<p>Hello</p>"}))
        file = self.env["ir.attachment"].create({
            "name": "a.txt", "raw": b"a", "res_model": "servicedesk.item", "res_id": draft.id})
        self.agent.servicedesk_membership_ids.can_delete = True
        self.env.invalidate_all()
        ticket.with_user(self.agent).unlink()
        self.assertFalse(file.exists())

    def test_what_is_in_use_is_archived_not_deleted(self):
        """Else tickets would lose it without a line in their history, rules would vanish, macros would empty it."""
        category = self.env["servicedesk.category"].create({"name": "Network"})
        status = self.env["servicedesk.status"].create({"name": "Done", "category_ids": [(6, 0, category.ids)]})
        team = self.env["servicedesk.team"].create({"name": "Night", "department_id": self.support.id})
        Rule, Macro = self.env["servicedesk.rule"], self.env["servicedesk.macro"]
        uses = {
            "category of a ticket": (category, lambda: self.new_ticket(category_id=category.id)),
            "status of a ticket": (status, lambda: self.new_ticket(category_id=category.id, status_id=status.id)),
            "category in a rule": (category, lambda: Rule.create(
                {"name": "R", "subject_words": "x", "set_category_id": category.id})),
            "group in a rule": (team, lambda: Rule.create(
                {"name": "R", "subject_words": "x", "set_team_id": team.id})),
            "category in a macro": (category, lambda: Macro.create(
                {"name": "M", "step_ids": [(0, 0, {"type": "category", "category_id": category.id})]})),
            "group in a macro": (team, lambda: Macro.create(
                {"name": "M", "step_ids": [(0, 0, {"type": "team", "team_id": team.id})]})),
        }
        for name, (record, use) in uses.items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                use()
                with self.assertRaises(psycopg2.IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    record.unlink()
                    self.env.flush_all()
                savepoint.rollback()


class TestTwoWindows(ServicedeskCase):
    """The same agent writes on the same ticket in two windows."""

    def setUp(self):
        super().setUp()
        self.ticket = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        self.Item = self.env["servicedesk.item"].with_user(self.agent)

    def open(self, name):
        values = self.Item.prepare_draft(self.ticket.id, "email")
        return {"draft_window": name, "known": {"id": values["id"], "window": values.get("draft_window")},
                "email_to": values["email_to"], "body": values["body"]}

    def save(self, window, text):
        window["body"] = f"<p>{text}</p>"
        number = self.Item.save_draft(self.ticket.id, "email", window)
        window["known"] = {"id": number, "window": window["draft_window"]}
        return self.Item.browse(number)

    def test_none_writes_over_what_it_has_not_read(self):
        one, two = self.open("one"), self.open("two")
        draft = self.save(one, "A long answer")
        with self.assertRaises(UserError):
            self.save(two, "B")
        self.assertIn("A long answer", draft.body)
        self.save(one, "A longer answer")
        two = self.open("two")
        self.save(two, "Going on elsewhere")
        with self.assertRaises(UserError):
            self.save(one, "Still here")
        self.assertIn("Going on elsewhere", draft.body)

    def test_what_was_sent_is_not_made_a_draft_again(self):
        one = self.open("one")
        draft = self.save(one, "Hello")
        two = self.open("two")
        draft.action_send()
        with self.assertRaises(UserError):
            self.save(two, "Hello")
        self.assertFalse(self.Item._find_own_draft(self.ticket, "email"))

    def test_a_save_that_came_twice_is_no_conflict(self):
        one = self.open("one")
        self.save(dict(one), "Hello")  # as the page went away; nobody heard the answer
        self.assertIn("again", self.save(one, "Hello again").body)

    def test_every_kind_of_draft(self):
        for kind in ("note", "call", "meeting"):
            with self.subTest(kind):
                start = self.Item.prepare_draft(self.ticket.id, kind)
                values = {"draft_window": "one", "known": {"id": start["id"], "window": ""}}
                number = self.Item.save_draft(self.ticket.id, kind, values)
                self.assertEqual(self.Item.prepare_draft(self.ticket.id, kind)["draft_window"], "one")
                with self.assertRaises(UserError):
                    self.Item.save_draft(self.ticket.id, kind, {**values, "draft_window": "two"})
                self.assertEqual(self.Item.save_draft(self.ticket.id, kind, values), number)


class TestWorkers(ServicedeskCase):
    def test_a_conflict_with_a_person_costs_the_worker_another_look_only(self):
        self.support.write({"assignment": "round_robin", "assign_present": False})
        ticket = self.new_ticket()
        assign, calls = type(ticket)._assign, []

        def conflict_once(tickets):
            calls.append(tickets)
            if len(calls) == 1:
                raise TransactionRollbackError
            assign(tickets)

        with patch.object(type(ticket), "_assign", conflict_once), patch.object(self.env.cr, "rollback"), \
                patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 0):
            ticket._cron_assign()
        self.assertEqual(len(calls), 2)
        self.assertTrue(ticket.owner_id)

    def test_one_alarm_that_fails_does_not_silence_the_others(self):
        self.env["servicedesk.sla.policy"].create({"name": "All", "resolution_hours": 1})
        good, bad = self.new_ticket(), self.new_ticket()
        clocks = (good | bad).sla_clock_ids
        clocks.write({"deadline": LONG_AGO, "alarm_at": False})
        tell = type(clocks)._tell

        def fail_on_one(ringing, kind):
            if bad in ringing.ticket_id:
                raise ValueError("a step that cannot be taken")
            tell(ringing, kind)

        with patch.object(type(clocks), "_tell", fail_on_one), mute_logger("odoo.addons.servicedesk.models.sla.alarm"):
            clocks._ring_safely()
        self.assertTrue(good.sla_clock_ids.breached_at)
        self.assertFalse(bad.sla_clock_ids.breached_at)
        self.assertGreater(bad.sla_clock_ids.alarm_at, fields.Datetime.now())
