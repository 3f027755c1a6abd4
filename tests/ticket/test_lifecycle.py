from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.base.models.ir_cron import IrCron

from ..common import ServicedeskCase, build_mail

REFUSED = "refused"
STATES = ("open", "waiting", "closed", "archived")
# What each event makes of each state, in the order of STATES; see the table in models/ticket/lifecycle.py.
TABLE = {
    "wait": ("waiting", "waiting", "waiting", REFUSED),
    "wait_for_third_party": ("waiting", "waiting", "waiting", REFUSED),
    "wait_until": ("waiting", "waiting", "waiting", REFUSED),
    "resolve_to_acceptance": ("waiting", "waiting", "closed", REFUSED),
    "resolve_to_closed": ("closed", "closed", "closed", REFUSED),
    "close": ("closed", "closed", "closed", REFUSED),
    "reopen": ("open", "open", "open", "open"),
    "archive": (REFUSED, REFUSED, "archived", "archived"),
    "drag_to_open": ("open", "open", "open", "open"),
    "drag_to_waiting": ("waiting", "waiting", "waiting", REFUSED),
    "drag_to_closed": ("closed", "closed", "closed", REFUSED),
    "drag_to_archived": (REFUSED, REFUSED, "archived", "archived"),
    "bulk_waiting": ("waiting", "waiting", "waiting", REFUSED),
    "bulk_closed": ("closed", "closed", "closed", REFUSED),
    "mail": ("open", "open", "open", "archived"),
    "answer": ("waiting", "waiting", "closed", "archived"),
    "undeliverable": ("open", "open", "open", "archived"),
    "reopen_time": ("open", "open", "open", "archived"),
    "waited_too_long": ("open", "closed", "closed", "archived"),
    "closed_long_ago": ("open", "waiting", "archived", "archived"),
}


class LifeCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        # Jobs commit after each batch; a test has one transaction.
        self.startPatcher(patch.object(IrCron, "_commit_progress", lambda *args, **kwargs: 60.0))

    def ticket_in(self, state, **vals):
        ticket = self.new_ticket(**vals)
        if state == "waiting":
            ticket.action_wait()
        elif state in ("closed", "archived"):
            ticket.action_close()
        if state == "archived":
            ticket.action_archive_ticket()
        self.env.flush_all()
        return ticket

    def run_jobs(self, after=timedelta()):
        Ticket = self.env["servicedesk.ticket"].sudo()
        with freeze_time(fields.Datetime.now() + after):
            Ticket._cron_wake()
            Ticket._cron_close_and_archive()


class TestEveryStateAndEvent(LifeCase):
    def test_table(self):
        for event, outcomes in TABLE.items():
            for state, outcome in zip(STATES, outcomes, strict=True):
                with self.subTest(event=event, state=state):
                    ticket = self.ticket_in(state)
                    if outcome == REFUSED:
                        with self.assertRaises(UserError), self.env.cr.savepoint():
                            getattr(self, f"_{event}")(ticket.with_user(self.agent))
                        ticket.invalidate_recordset()
                        self.assertEqual(ticket.state, state)
                    else:
                        getattr(self, f"_{event}")(ticket.with_user(self.agent))
                        self.assertEqual(ticket.state, outcome)
                        self._check_marks(ticket)

    def _check_marks(self, ticket):
        """What goes with a state is there, what goes with another is not."""
        self.assertEqual(bool(ticket.waiting_for), ticket.state == "waiting")
        self.assertEqual(bool(ticket.closed_at), ticket.state in ("closed", "archived"))
        if ticket.state == "open":
            self.assertFalse(ticket.resolved_at)
            self.assertFalse(ticket.reopen_at)

    def _wait(self, ticket):
        ticket.action_wait()

    def _wait_for_third_party(self, ticket):
        ticket.with_context(waiting_for="third_party").action_wait()

    def _wait_until(self, ticket):
        ticket.write({"state": "waiting", "waiting_for": "date",
                      "reopen_at": fields.Datetime.now() + timedelta(days=1)})

    def _resolve_to_acceptance(self, ticket):
        ticket.department_id.sudo().resolve_to = "acceptance"
        ticket.action_resolve()

    def _resolve_to_closed(self, ticket):
        ticket.department_id.sudo().resolve_to = "closed"
        ticket.action_resolve()

    def _close(self, ticket):
        ticket.action_close()

    def _reopen(self, ticket):
        ticket.action_reopen()

    def _archive(self, ticket):
        ticket.action_archive_ticket()

    def _drag(self, ticket, state):
        """What a card dragged into another column writes."""
        ticket.web_save({"state": state}, {"state": {}})

    def _drag_to_open(self, ticket):
        self._drag(ticket, "open")

    def _drag_to_waiting(self, ticket):
        self._drag(ticket, "waiting")

    def _drag_to_closed(self, ticket):
        self._drag(ticket, "closed")

    def _drag_to_archived(self, ticket):
        self._drag(ticket, "archived")

    def _bulk(self, ticket, state):
        """Two tickets at once; the other one always changes."""
        other = self.new_ticket(state="waiting" if state == "closed" else "open", waiting_for="customer")
        wizard = self.env["servicedesk.change.tickets"].with_user(self.agent).create(
            {"ticket_ids": [(6, 0, [ticket.id, other.id])], "state": state, "waiting_for": "third_party"})
        wizard.action_apply()
        self.assertEqual(other.state, state)
        if ticket.state != state:
            self.assertIn(ticket.number, wizard.preview)
            raise UserError(ticket.number)

    def _bulk_waiting(self, ticket):
        self._bulk(ticket, "waiting")

    def _bulk_closed(self, ticket):
        self._bulk(ticket, "closed")

    def _mail(self, ticket):
        row = self.arrive(build_mail(self.jana.email, "support@severka.example", f"[{ticket.number}]", "Answer"))
        self.assertEqual(row.item_id.ticket_id == ticket, ticket.state != "archived")

    def _answer(self, ticket):
        self.write_answer(ticket, self.agent, email_to=self.jana.email)

    def _undeliverable(self, ticket):
        ticket.sudo()._on_undelivered()

    def _reopen_time(self, ticket):
        if ticket.state in ("waiting", "closed"):
            ticket.reopen_at = fields.Datetime.now() + timedelta(minutes=1)
        self.run_jobs(timedelta(minutes=1))

    def _waited_too_long(self, ticket):
        self.support.write({"waiting_days": 5, "archive_days": 0, "notice_days": 0})
        self.run_jobs(timedelta(days=5))

    def _closed_long_ago(self, ticket):
        self.support.write({"waiting_days": 0, "archive_days": 30})
        self.run_jobs(timedelta(days=30))


class TestResolving(LifeCase):
    def test_resolving_is_a_moment_of_its_own(self):
        ticket = self.new_ticket().with_user(self.agent)
        ticket.action_resolve()
        self.assertEqual((ticket.state, ticket.waiting_for), ("waiting", "acceptance"))
        resolved = ticket.resolved_at
        self.assertTrue(resolved)
        with freeze_time(resolved + timedelta(days=1)):
            ticket.action_close()
        self.assertEqual(ticket.resolved_at, resolved, "closing later does not move it")
        ticket.action_reopen()
        self.assertFalse(ticket.resolved_at)

    def test_waiting_for_acceptance_is_resolving_however_it_is_chosen(self):
        ticket = self.new_ticket().with_user(self.agent)
        ticket.with_context(waiting_for="acceptance").action_wait()
        self.assertTrue(ticket.resolved_at)
        ticket.waiting_for = "customer"
        self.assertFalse(ticket.resolved_at, "we asked again, so it is not settled")

    def test_agents_do_not_write_the_marks(self):
        ticket = self.new_ticket().with_user(self.agent)
        for name in ("resolved_at", "closed_at", "state_since", "closing_announced_at"):
            with self.subTest(name), self.assertRaises(AccessError):
                ticket.write({name: fields.Datetime.now()})

    def test_unattended_is_not_for_the_asking(self):
        """A context that anybody may send opens no door."""
        ticket = self.new_ticket(category_id=self._demanding_category().id).with_user(self.agent)
        for called in (ticket, ticket.sudo()):
            with self.assertRaisesRegex(UserError, "requires a detailed status"):
                called.with_context(servicedesk_unattended=True).action_close()

    def _demanding_category(self):
        status = self.env["servicedesk.status"].create({"name": "Solved", "state": "closed"})
        return self.env["servicedesk.category"].create(
            {"name": "Printers", "status_ids": [(6, 0, status.ids)], "status_required": True})


class TestByTheClock(LifeCase):
    def test_reopens_to_the_minute_and_reminds_once(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        at = fields.Datetime.now() + timedelta(days=2)
        ticket.with_user(self.agent).write({"state": "waiting", "waiting_for": "date", "reopen_at": at})
        self.run_jobs(timedelta(days=2, minutes=-1))
        self.assertEqual(ticket.state, "waiting")
        with self._told() as told:
            self.run_jobs(timedelta(days=2))
            self.run_jobs(timedelta(days=2, minutes=1))
        self.assertRecordValues(ticket, [{"state": "open", "unread": True, "reopen_at": False}])
        self.assertEqual([(users, kind, tickets) for users, kind, tickets, _text in told],
                         [(self.agent, "reminder", ticket)])
        self.assertIn("reopened", told[0][3])

    def test_a_date_is_demanded(self):
        ticket = self.new_ticket().with_user(self.agent)
        with self.assertRaises(ValidationError):
            ticket.write({"state": "waiting", "waiting_for": "date"})
        with self.assertRaisesRegex(UserError, "is not waiting"):
            self.new_ticket().with_user(self.agent).waiting_for = "customer"

    def test_reminder_of_a_change_of_state(self):
        ticket = self.new_ticket()
        ticket.with_user(self.agent).write({
            "remind_at": fields.Datetime.now() + timedelta(hours=1), "remind_state": "closed",
            "remind_note": "the licence ends"})
        with self._told() as told:
            self.run_jobs(timedelta(minutes=59))
            self.assertFalse(told)
            self.run_jobs(timedelta(hours=1))
            self.run_jobs(timedelta(hours=2))
        self.assertEqual(ticket.state, "open", "a reminder changes nothing by itself")
        self.assertEqual(len(told), 1)
        users, _kind, tickets, text = told[0]
        self.assertEqual((users, tickets), (self.agent | self.junior, ticket), "nobody owns it: everybody is told")
        self.assertIn("Closed", text)
        self.assertIn("the licence ends", text)
        self.assertIn("reminded", ticket.event_ids.mapped("kind"))

    def test_closes_after_a_notice_to_the_requester(self):
        self.support.write({"acceptance_days": 7, "notice_days": 2})
        ticket = self.new_ticket()
        ticket.with_user(self.agent).action_resolve()
        self.run_jobs(timedelta(days=4, hours=23))
        self.assertFalse(ticket.item_ids)
        self.run_jobs(timedelta(days=5))
        self.run_jobs(timedelta(days=5, hours=1))
        notice = ticket.item_ids
        self.assertEqual(len(notice), 1)
        self.assertRecordValues(notice, [{
            "automatic": True, "state": "queued", "direction": "out", "email_to": self.jana.email_normalized}])
        self.assertIn(ticket.number, notice.subject)
        self.assertEqual(ticket.state, "waiting", "the notice itself changes nothing")
        self.run_jobs(timedelta(days=6))
        self.assertEqual(ticket.state, "waiting")
        self.run_jobs(timedelta(days=7, hours=1))
        self.assertEqual(ticket.state, "closed")

    def test_an_answer_after_the_notice_begins_anew(self):
        self.support.write({"waiting_days": 7, "notice_days": 2})
        ticket = self.new_ticket()
        question = self.write_answer(ticket, self.agent, email_to=self.jana.email)
        self.run_jobs(timedelta(days=5))
        self.assertTrue(ticket.closing_announced_at)
        self.arrive(build_mail(self.jana.email, "support@severka.example", "Re", "Wait!",
                               In_Reply_To=question.message_id))
        self.assertFalse(ticket.closing_announced_at)
        self.run_jobs(timedelta(days=8))
        self.assertEqual(ticket.state, "open")

    def test_notices_are_capped_and_come_the_next_hour(self):
        self.support.write({"acceptance_days": 7, "notice_days": 2})
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket() for _n in range(8)))
        tickets.action_resolve()
        self.run_jobs(timedelta(days=5))
        self.assertEqual(len(tickets.item_ids), 5, "five automatic mails an hour to one address")
        self.assertEqual(len(tickets.filtered("closing_announced_at")), 5)
        self.run_jobs(timedelta(days=5, hours=2))
        self.assertEqual(len(tickets.item_ids), 8)

    def test_without_an_address_it_closes_in_time(self):
        self.support.write({"acceptance_days": 7, "notice_days": 2})
        ticket = self.env["servicedesk.ticket"].create({"subject": "By phone", "department_id": self.support.id})
        ticket.action_resolve()
        self.run_jobs(timedelta(days=5))
        self.run_jobs(timedelta(days=7, hours=1))
        self.assertEqual(ticket.state, "closed")

    def test_what_reopens_is_not_archived(self):
        self.support.archive_days = 30
        ticket = self.ticket_in("closed")
        ticket.reopen_at = fields.Datetime.now() + timedelta(days=40)
        self.run_jobs(timedelta(days=31))
        self.assertEqual(ticket.state, "closed")
        self.run_jobs(timedelta(days=41))
        self.assertEqual(ticket.state, "open")

    def test_one_that_fails_does_not_hold_up_the_others(self):
        at = fields.Datetime.now() + timedelta(minutes=1)
        tickets = self.env["servicedesk.ticket"].union(*(
            self.new_ticket(state="waiting", waiting_for="date", reopen_at=at) for _n in range(5)))
        bad, cls = tickets[2], type(tickets)
        wake = cls._wake

        def fail(tickets):
            if bad in tickets:
                raise UserError(bad.number)
            return wake(tickets)

        with patch.object(cls, "_wake", fail), self.assertLogs("odoo.addons.servicedesk", "WARNING"), \
                patch.object(IrCron, "_commit_progress", lambda job, *args, **kwargs: job.env.cr.commit() or 60.0), \
                freeze_time(at), self.job() as env:
            env["servicedesk.ticket"]._cron_wake()
        self.assertEqual(set((tickets - bad).mapped("state")), {"open"})
        self.assertEqual(bad.state, "waiting")

    def test_ten_times_as_many_cost_the_same_queries(self):
        def queries(count):
            self.env["servicedesk.ticket"].create([{
                "subject": f"t{n}", "department_id": self.support.id, "state": "waiting", "waiting_for": "date",
                "owner_id": self.agent.id, "reopen_at": fields.Datetime.now()} for n in range(count)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.run_jobs(timedelta(minutes=1))
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(200), queries(20) + 10)

    @contextmanager
    def _told(self):
        """Collect what is told to whom: a list of ``(users, kind, ticket, text)``."""
        told = []

        def notify(notice, pairs, kind, item=None, text=""):
            told.extend((users, kind, ticket, text) for ticket, users in pairs)

        with patch.object(type(self.env["servicedesk.notice"]), "_notify_many", notify):
            yield told
