from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class ChangeCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.second = self._new_agent("second", self.support, "specialist")
        self.boss = self._new_agent("boss", self.support, "supervisor")
        self.follower = self._new_agent("follower", self.support, "specialist")
        self.Ticket = self.env["servicedesk.ticket"]
        self.Notice = self.env["servicedesk.notice"]
        for event in ("started", "planned", "third_party", "resolved", "closed"):
            self.env["servicedesk.requester.message"].create({"department_id": self.support.id, "event": event})

    def follow(self, ticket):
        ticket.with_user(self.follower).action_watch()
        return ticket

    def told(self, ticket, act):
        """Do ``act`` and return ``({login: [kinds of notices]}, [subjects of mails to the requester])``."""
        notices = self.Notice.search([])
        mails = self.env["servicedesk.item"].search([("automatic", "=", True)])
        act()
        told = {}
        for notice in (self.Notice.search([]) - notices).sorted("id"):
            told.setdefault(notice.user_id.login, []).append(notice.kind)
        new = self.env["servicedesk.item"].search([("automatic", "=", True)]) - mails
        return told, len(new)


class TestWhoIsToldWhat(ChangeCase):
    """Each person once for one act, however many writes are in it."""

    def test_owner_with_priority(self):
        ticket = self.follow(self.new_ticket())
        told = self.told(ticket, lambda: ticket.with_user(self.boss).write(
            {"owner_id": self.second.id, "priority": "3"}))
        self.assertEqual(told, ({"second": ["urgent"], "follower": ["watched"]}, 1))
        notice = self.Notice.search([("user_id", "=", self.second.id)])
        self.assertTrue(notice.mail_due_at, "by all the channels that either of the two takes")

    def test_a_category_that_brings_an_owner_together_with_the_state(self):
        category = self.env["servicedesk.category"].create(
            {"name": "Router", "priority": "3", "owner_rule": "member", "owner_id": self.second.id})
        ticket = self.follow(self.new_ticket(state="closed"))
        told, mails = self.told(ticket, lambda: ticket.with_user(self.boss).write(
            {"category_id": category.id, "state": "open"}))
        self.assertEqual((ticket.owner_id, ticket.priority), (self.second, "3"))
        self.assertEqual(told, {"second": ["urgent"], "follower": ["watched"]})
        self.assertEqual(mails, 1, "work begins; it is told once")

    def test_resolving(self):
        ticket = self.follow(self.new_ticket(owner_id=self.second.id))
        self.assertEqual(self.told(ticket, ticket.with_user(self.boss).action_resolve), ({"follower": ["watched"]}, 1))

    def test_bulk(self):
        tickets = self.new_ticket() | self.new_ticket() | self.new_ticket()
        for ticket in tickets:
            self.follow(ticket)
        wizard = self.env["servicedesk.change.tickets"].with_user(self.boss).create({
            "ticket_ids": [(6, 0, tickets.ids)], "owner_id": self.second.id, "priority": "2", "state": "closed"})
        told, mails = self.told(tickets, wizard.action_apply)
        self.assertEqual(told, {"second": ["assigned"] * 3, "follower": ["watched"] * 3})
        self.assertEqual(mails, 3)

    def test_macro(self):
        ticket = self.follow(self.new_ticket())
        macro = self.env["servicedesk.macro"].create({"name": "All of it", "step_ids": [
            (0, 0, {"type": "owner", "owner_id": self.second.id}),
            (0, 0, {"type": "priority", "priority": "3"}),
            (0, 0, {"type": "note", "body": "<p>Look</p>"}),
            (0, 0, {"type": "wait", "waiting_for": "third_party"})]})
        told, mails = self.told(ticket, lambda: macro.with_user(self.boss).run(ticket.ids))
        self.assertEqual(told, {"second": ["urgent"], "follower": ["watched"]})
        self.assertEqual(mails, 1)
        change = self.env["servicedesk.change"].search([], order="id desc", limit=1)
        self.assertEqual((change.cause_model, change.cause_id), (macro._name, macro.id))
        self.assertLessEqual({"owner_id", "priority", "state"}, set(change.line_ids.mapped("kind")))

    def test_rule_on_a_new_mail(self):
        self.env["servicedesk.rule"].create({
            "name": "VIP", "senders": "stavbyvltava.example", "set_owner_id": self.second.id, "set_priority": "3"})
        told, _mails = self.told(None, lambda: self.arrive(build_mail(JANA, "support@severka.example", "VPN")))
        self.assertEqual(told, {"second": ["urgent"]})

    def test_reopening_by_mail(self):
        ticket = self.follow(self.new_ticket(owner_id=self.second.id))
        answer = self.write_answer(ticket, self.second)
        ticket.with_user(self.second).action_close()
        told, mails = self.told(ticket, lambda: self.arrive(build_mail(
            JANA, "support@severka.example", "Re: VPN", "Again", In_Reply_To=answer.message_id)))
        self.assertEqual(ticket.state, "open")
        self.assertEqual((told, mails), ({"second": ["answer"], "follower": ["watched"]}, 0))

    def test_answering(self):
        ticket = self.follow(self.new_ticket(owner_id=self.agent.id))
        told, mails = self.told(ticket, lambda: self.write_answer(ticket, self.agent))
        self.assertEqual((ticket.state, told, mails), ("waiting", {"follower": ["watched"]}, 0))

    def test_handing_over_to_another_department(self):
        self.billing.write({"assignment": "dispatcher", "dispatcher_ids": [(6, 0, self.clerk.ids)]})
        ticket = self.new_ticket()
        wizard = self.env["servicedesk.hand.over"].with_user(self.boss).create({
            "ticket_ids": [(6, 0, ticket.ids)], "department_id": self.billing.id, "reason": "Theirs"})
        told, _mails = self.told(ticket, wizard.action_apply)
        self.assertEqual(told, {"clerk": ["dispatch"]})

    def test_merging_is_no_news(self):
        survivor, source = self.follow(self.new_ticket()), self.follow(self.new_ticket(owner_id=self.second.id))
        told = self.told(survivor, lambda: self.env["servicedesk.merge"].with_user(self.boss)._merge(
            survivor | source, survivor))
        self.assertEqual(told, ({}, 0))

    def test_closing_with_children(self):
        self.support.child_rule = "cascade"
        parent = self.follow(self.new_ticket())
        child = self.follow(self.new_ticket(parent_id=parent.id))
        told, mails = self.told(parent, parent.with_user(self.boss).action_close)
        self.assertEqual(child.state, "closed")
        self.assertEqual((told, mails), ({"follower": ["watched", "watched"]}, 2), "one for each ticket")

    def test_reopening_by_the_clock(self):
        ticket = self.follow(self.new_ticket(owner_id=self.second.id))
        tomorrow = fields.Datetime.now() + timedelta(days=1)
        ticket.write({"state": "waiting", "waiting_for": "date", "reopen_at": tomorrow})
        told, mails = self.told(ticket, ticket._wake)
        self.assertEqual((told, mails), ({"second": ["reminder"], "follower": ["watched"]}, 0))

    def test_an_owner_who_left(self):
        ticket = self.new_ticket(owner_id=self.second.id)
        answer = self.write_answer(ticket, self.second)
        self.second.active = False
        told, _mails = self.told(ticket, lambda: self.arrive(build_mail(
            JANA, "support@severka.example", "Re: VPN", "And?", In_Reply_To=answer.message_id)))
        self.assertEqual({login: len(kinds) for login, kinds in told.items()},
                         dict.fromkeys(("agent", "junior", "boss", "follower"), 1))


class TestStoredChange(ChangeCase):
    """What a change keeps, and what it must not."""

    def newest(self):
        return self.env["servicedesk.change"].search([], order="id desc", limit=1)

    def test_raw_values_of_all_that_changed(self):
        ticket = self.new_ticket(owner_id=self.agent.id, unread=True)
        ticket.with_user(self.boss).write({"owner_id": self.second.id, "state": "closed"})
        change = self.newest()
        values = change.values[str(ticket.id)]
        self.assertEqual((change.user_id, change.reversible), (self.boss, True))
        self.assertEqual(values["owner_id"], [[self.agent.id], [self.second.id]])
        self.assertEqual(values["state"], ["open", "closed"])
        self.assertEqual(values["closed_at"], [False, fields.Datetime.to_string(ticket.closed_at)])
        self.assertEqual(set(change.line_ids.mapped("kind")), {"owner_id", "state"}, "what was written by name")

    def test_what_a_savepoint_took_back_leaves_no_trace(self):
        ticket, other = self.new_ticket(), self.new_ticket()
        Change = self.env["servicedesk.change"]
        with Change._span():
            ticket.priority = "2"
            with suppress(ValueError), self.env.cr.savepoint():
                other.priority = "3"
                self.new_ticket(subject="Never was", owner_id=self.second.id)
                raise ValueError
        self.assertEqual(set(self.newest().values), {str(ticket.id)})
        self.assertFalse(self.Notice.search([("user_id", "=", self.second.id)]))
        self.assertFalse(self.history(other))

    def test_a_failed_change_leaves_none_open(self):
        ticket = self.new_ticket()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ticket.write({"state": "archived"})
        self.assertIsNone(self.env["servicedesk.change"]._get_open())

    def test_no_context_silences_history(self):
        ticket = self.follow(self.new_ticket())
        silenced = ticket.with_user(self.boss).with_context(
            servicedesk_change=True, servicedesk_mirrored=True, servicedesk_sla_keep=True, quiet=True)
        silenced.write({"priority": "3"})
        self.assertEqual([kind for kind, *_rest in self.history(ticket)], ["priority"])
        self.assertEqual(self.Notice.search([("user_id", "=", self.follower.id)]).kind, "watched")

    def test_nothing_changed_is_no_change(self):
        ticket = self.new_ticket(priority="2")
        before = self.newest()
        ticket.write({"priority": "2", "unread": True})
        self.assertEqual(self.newest(), before)

    def test_agents_read_history_not_the_raw_values(self):
        ticket = self.new_ticket()
        ticket.priority = "2"
        with self.assertRaises(AccessError):
            self.newest().with_user(self.boss).read(["values"])

    def test_a_follower_reads_changes_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("cs_CZ")
        ticket = self.follow(self.new_ticket())
        ticket.with_user(self.boss).priority = "2"
        notice = self.Notice.search([("user_id", "=", self.follower.id)])
        label = self.Ticket.with_context(lang="cs_CZ").fields_get(["priority"], ["string"])["priority"]["string"]
        self.assertEqual(notice.with_context(lang="cs_CZ")._get_text(), label)


class TestNamesInHistory(ChangeCase):
    """History keeps ids, named under the rights of the reader: a subject is a secret of its department."""

    def test_a_ticket_out_of_sight_is_a_number(self):
        secret = self.new_ticket(subject="Dismissal of Mr Novák", department_id=self.billing.id)
        ticket = self.new_ticket()
        for vals in ({"parent_id": secret.id}, {"related_ids": [(4, secret.id)]}):
            ticket.write(vals)
        lines = self.history(ticket, self.agent)
        self.assertEqual({kind for kind, *_rest in lines}, {"parent_id", "related"})
        self.assertEqual({new for _kind, _old, new in lines}, {secret.number})
        self.assertIn("Dismissal", {kind: new for kind, _old, new in self.history(ticket)}["related"])
        stored = self.env["servicedesk.event"].search([("ticket_id", "in", (ticket | secret).ids)])
        self.assertNotIn("Dismissal", str(stored.read(["old_value", "new_value", "old_ids", "new_ids"])))

    def test_on_the_screen_of_the_other_department(self):
        secret = self.new_ticket(subject="Dismissal of Mr Novák", department_id=self.billing.id)
        ticket = self.new_ticket()
        secret.write({"related_ids": [(4, ticket.id)]})
        page = self.env["servicedesk.timeline"].with_user(self.agent).get_page(ticket.id)
        line = next(entry for entry in page["entries"] if entry.get("kind") == "related")
        self.assertEqual(line["new"], secret.number)

    def test_what_is_gone_has_a_neutral_word(self):
        tag = self.env["servicedesk.tag"].create({"name": "Temporary"})
        ticket = self.new_ticket(tag_ids=[(4, tag.id)])
        ticket.tag_ids = False
        tag.unlink()
        self.assertEqual(self.history(ticket), [("tag_ids", "(deleted)", "")])
