"""The contract of models/queue/queue.py, for every queue of the desk."""
from datetime import timedelta
from unittest.mock import patch

from psycopg2.extensions import TransactionRollbackError

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ...models.queue import queue
from ...tools.storable import reason_of, storable
from ..common import ServicedeskCase, build_mail

JANA = "jana.novotna@stavbyvltava.example"
LOUD = ("odoo.addons.servicedesk.models.queue.queue", "odoo.sql_db")
EVIL = "bad \0 news \ud800"


def raise_evil(_records):
    raise ValueError(EVIL)


def raise_in_database(records):
    records.env.cr.execute("SELECT 1/0")


def raise_at_flush(records):
    records.env.cr.execute("SET CONSTRAINTS ALL DEFERRED")
    records.browse(records.ids[:1]).write({"write_date": "x"})
    raise AttributeError("no such thing")


class QueueCase(ServicedeskCase):
    def poison(self, model, method, is_bad, hurt=raise_evil):
        """Let a method fail whenever a bad record is among those that it is called on."""
        cls = type(self.env[model])
        original = getattr(cls, method)

        def poisoned(records, *args, **kwargs):
            if bad := records.filtered(is_bad):
                hurt(bad)
            return original(records, *args, **kwargs)

        self.patch(cls, method, poisoned)

    def run_quietly(self, name):
        with mute_logger(*LOUD):
            self.run_job(name)

    def get_mark(self, queue, record):
        return self.env["servicedesk.queue.mark"].search([("queue", "=", queue), ("res_id", "=", record.id)])

    def triggers(self, name):
        return self.env["ir.cron.trigger"].search_count([
            ("cron_id", "=", self.env.ref(f"servicedesk.{name}").id), ("call_at", "<=", fields.Datetime.now())])

    def store(self, *subjects):
        return self.env["servicedesk.intake"].union(*(self.env["servicedesk.intake"]._store(
            build_mail(JANA, "support@severka.example", subject, subject).as_bytes(), self.support)
            for subject in subjects))


class TestPoison(QueueCase):
    """A poisoned row of each kind is set aside with its reason, the others go on, and it is not tried at once again."""

    def test_received_mail(self):
        for hurt in (raise_evil, raise_in_database, raise_at_flush):
            with self.subTest(hurt.__name__), self.env.cr.savepoint() as savepoint:
                bad, good = self.store(f"bad {hurt.__name__}", f"good {hurt.__name__}")
                self.poison("servicedesk.intake", "_step_new_ticket", lambda row: "bad" in row.subject, hurt)
                self.run_quietly("cron_intake_1")
                self.assertEqual(good.state, "done", good.reason)
                self.assertRecordValues(bad, [{"state": "new", "attempts": 1}])
                self.assertGreater(bad.next_attempt_at, fields.Datetime.now())
                self.assertTrue(bad.reason and bad.traceback)
                self.assertNotIn("\0", bad.reason + bad.traceback)
                savepoint.rollback()

    def test_received_mail_fails_in_the_end(self):
        bad = self.store("bad")
        self.poison("servicedesk.intake", "_step_new_ticket", lambda row: row == row)
        for _attempt in range(6):
            bad.next_attempt_at = False
            self.run_quietly("cron_intake_1")
        self.assertRecordValues(bad, [{"state": "failed", "attempts": 6, "reason": "bad � news ?"}])
        bad.action_process_again()
        self.assertEqual((bad.state, bad.attempts), ("new", 0))

    def test_even_the_noting_fails(self):
        bad, good = self.store("bad", "good")
        self.poison("servicedesk.intake", "_step_new_ticket", lambda row: row.subject == "bad")
        self.poison("servicedesk.intake", "_note_failure", lambda row: row.subject == "bad", raise_in_database)
        self.run_quietly("cron_intake_1")
        self.assertEqual((bad.state, good.state), ("new", "done"))
        mark = self.get_mark("intake", bad)
        self.assertEqual((mark.attempts, mark.reason), (1, "bad � news ?"))
        self.assertGreater(mark.next_at, fields.Datetime.now())

    def test_answer(self):
        tickets = [self.new_ticket() for _number in range(3)]
        bad, cut, good = (self.write_answer(ticket, self.agent) for ticket in tickets)
        (bad | cut | good).write({"send_at": False})
        Item = type(bad)
        self.poison("servicedesk.item", "_begin_sending", lambda item: item == bad)
        self.patch(Item, "_send_now", lambda item: (
            raise_in_database(item) if item == cut else item.write({"state": "sent"})))
        self.run_quietly("cron_send_1")
        self.assertEqual((bad.state, bad.failure_detail), ("failed", "bad � news ?"))
        self.assertEqual(cut.state, "unknown")
        self.assertIn("may have left", cut.failure_reason)
        self.assertEqual(good.state, "sent")

    def test_a_conflict_after_the_server_was_spoken_to_sends_nothing_twice(self):
        item, spoken = self.write_answer(self.new_ticket(), self.agent), []
        item.send_at = False

        def speak(sent):
            spoken.append(sent)
            raise TransactionRollbackError

        self.patch(type(item), "_send_now", speak)
        self.run_quietly("cron_send_1")
        self.run_quietly("cron_send_1")
        self.assertEqual((item.state, len(spoken)), ("unknown", 1))

    def _new_gateway(self):
        self.env.company.country_id = self.env.ref("base.cz")
        return self.env["servicedesk.sms.gateway"].create({
            "name": "Kannel", "provider": "kannel", "url": "http://127.0.0.1:9/", "username": "odoo",
            "new_password": "x", "new_secret": "in", "numbers": "+420 910 000 001"})

    def _new_sms(self, *texts, **vals):
        gateway = self._new_gateway()
        return self.env["servicedesk.sms"].create([{
            "gateway_id": gateway.id, "number": "+420602123456", "text": text, "origin": "system", **vals}
            for text in texts])

    def test_sms(self):
        bad, cut, good = self._new_sms("bad", "cut", "good")
        self.poison("servicedesk.sms", "_begin_sending", lambda sms: sms == bad)
        self.patch(type(bad), "_send_now", lambda sms: (
            raise_in_database(sms) if sms == cut else sms.write({"state": "sent"})))
        self.run_quietly("cron_sms_send")
        self.assertEqual((bad.state, bad.detail), ("failed", "bad � news ?"))
        self.assertEqual((cut.state, good.state), ("unknown", "sent"))

    def test_delivery_report(self):
        bad, good = self._new_sms("bad", "good", state="sent")
        for sms in bad | good:
            self.env["servicedesk.sms.report"].create(
                {"gateway_id": sms.gateway_id.id, "reference": sms.reference, "status": "delivered"})
        self.poison("servicedesk.sms", "_apply_report", lambda sms: sms == bad)
        self.run_quietly("cron_sms_intake")
        self.assertEqual((bad.state, good.state), ("sent", "delivered"))
        report = self.env["servicedesk.sms.report"].search([("reference", "=", bad.reference)])
        for attempt in range(1, 7):
            mark = self.get_mark("sms reports", report)
            self.assertEqual((report.state, mark.attempts), ("new" if attempt < 6 else "unmatched", attempt))
            mark.write({"next_at": False})
            self.run_quietly("cron_sms_intake")
        self.assertEqual(report.detail, "bad � news ?")

    def test_received_sms(self):
        gateway = self._new_gateway()
        self.support.write({"sms_enabled": True, "sms_gateway_id": gateway.id, "sms_number": "910 000 001"})
        rows = self.env["servicedesk.intake"].create([{
            "channel": "sms", "sms_gateway_id": gateway.id, "sha256": text, "email_from": "+420602123456",
            "subject": text} for text in ("bad", "good")])
        self.poison("servicedesk.intake", "_file_original", lambda row: row.subject == "bad")
        self.run_quietly("cron_sms_intake")
        bad, good = rows
        self.assertEqual((bad.attempts, bad.reason, good.attempts), (1, "bad � news ?", 0))
        self.assertNotEqual(good.state, "new")

    def _new_notices(self, **vals):
        bad, good = self.new_ticket(subject="bad"), self.new_ticket(subject="good")
        notices = self.env["servicedesk.notice"]._notify(self.agent, "assigned", bad | good)
        notices.write({"mail_due_at": False, "sms_due_at": False} | vals)
        return notices.sorted(lambda notice: notice.ticket_id.subject)

    def test_notice_by_mail(self):
        bad, good = self._new_notices(mail_due_at=fields.Datetime.now() - timedelta(minutes=5))
        self.poison("servicedesk.notice", "_describe", lambda notice: notice.ticket_id.subject == "bad")
        self.run_quietly("cron_notices")
        self.assertTrue(good.mailed_at, "the mail to the same person leaves without it")
        self.assertFalse(bad.mailed_at)
        for attempt in range(1, 7):
            mark = self.get_mark("notices by mail", bad)
            self.assertEqual((bool(bad.mail_due_at), mark.attempts), (attempt < 6, attempt))
            mark.write({"next_at": False})
            self.run_quietly("cron_notices")
        self.assertEqual(mark.reason, "bad � news ?", "given up, and said why")

    def test_notice_by_sms(self):
        self._new_gateway()
        self.agent.partner_id.phone = "602 123 456"
        self.agent.write({"servicedesk_quiet_from": 0, "servicedesk_quiet_to": 0})
        bad, good = self._new_notices(sms_due_at=fields.Datetime.now())
        self.poison("servicedesk.notice", "_get_sms_text", lambda notice: notice.ticket_id.subject == "bad")
        self.run_quietly("cron_notices")
        self.assertTrue(good.sms_sent_at)
        self.assertFalse(bad.sms_sent_at)
        self.assertEqual(self.get_mark("notices by SMS", bad).attempts, 1)

    def test_assignment(self):
        self.support.write({"assignment": "round_robin", "assign_present": False})
        bad, good = self.new_ticket(subject="bad"), self.new_ticket(subject="good")
        self.poison("servicedesk.ticket", "_assign", lambda ticket: ticket.subject == "bad")
        for _attempt in range(6):
            self.assertTrue(bad.assignment_due)
            self.get_mark("assignment", bad).write({"next_at": False})
            self.run_quietly("cron_assign")
        self.assertTrue(good.owner_id)
        self.assertFalse(bad.owner_id or bad.assignment_due, "it waits for whoever takes it")
        self.assertEqual(self.get_mark("assignment", bad).reason, "bad � news ?")

    def _new_clocks(self):
        self.env["servicedesk.sla.policy"].create({"name": "All", "resolution_hours": 1})
        return self.new_ticket(subject="bad"), self.new_ticket(subject="good")

    def test_alarm(self):
        bad, good = self._new_clocks()
        past = fields.Datetime.now() - timedelta(days=2)
        (bad | good).sla_clock_ids.write({"deadline": past, "alarm_at": past})
        self.poison("servicedesk.sla.clock", "_notify_responsible", lambda clock: clock.ticket_id.subject == "bad")
        pauses = []
        for _attempt in range(2):
            self.run_quietly("cron_sla_1")
            pauses.append(round((bad.sla_clock_ids.alarm_at - fields.Datetime.now()).total_seconds() / 60))
            bad.sla_clock_ids.alarm_at = past
            self.get_mark("SLA alarms", bad.sla_clock_ids).next_at = False
        self.assertTrue(good.sla_clock_ids.breached_at)
        self.assertFalse(bad.sla_clock_ids.breached_at)
        self.assertEqual(pauses, [5, 30])

    def test_recount(self):
        bad, good = self._new_clocks()
        good.department_id = self.billing
        (self.support | self.billing)._await_recount()
        self.poison("servicedesk.sla.clock", "_recount", lambda clock: clock.department_id == self.support)
        self.run_quietly("cron_sla_1")
        self.assertEqual((self.support.sla_recount_from, self.billing.sla_recount_from), (1, 0))
        self.assertEqual(self.get_mark("SLA recount", self.support).attempts, 1)

    def test_life_of_tickets(self):
        now = fields.Datetime.now()
        for method, job, vals in (
            ("_remind", "cron_wake", {"remind_at": now}),
            ("_wake", "cron_wake", {"state": "waiting", "waiting_for": "date", "reopen_at": now}),
        ):
            with self.subTest(method):
                bad, good = self.new_ticket(subject="bad", **vals), self.new_ticket(subject="good", **vals)
                self.poison("servicedesk.ticket", method, lambda ticket: ticket.subject == "bad")
                self.run_quietly(job)
                self.assertEqual((good.remind_at, good.state), (False, "open"))
                self.assertTrue(bad.remind_at or bad.state == "waiting")
                mark = self.get_mark(f"tickets: {method}", bad)
                self.assertGreater(mark.next_at, now + timedelta(hours=23), "passed over until tomorrow")

    def test_text_of_a_file(self):
        message = build_mail(JANA, "support@severka.example", "Two files", "See both")
        message.add_attachment("text of the bad one", filename="bad.txt")
        message.add_attachment("text of the good one", filename="good.txt")
        item = self.arrive(message).item_id
        bad, good = item.attachment_ids.sorted("name").sudo()
        self.assertEqual((bad.index_content, good.index_content), (False, False), "not while the mail is filed")
        self.assertTrue(self.triggers("cron_read_files"))
        self.poison("ir.attachment", "_servicedesk_read_text", lambda file: file == bad)
        self.run_quietly("cron_read_files")
        self.assertEqual((good.index_content, good.servicedesk_unread), ("text of the good one", False))
        self.assertEqual((bad.index_content, bad.servicedesk_unread), (False, True))
        mark = self.get_mark("texts of files", bad)
        for _attempt in range(5):
            mark.next_at = False
            self.run_quietly("cron_read_files")
        self.assertFalse(bad.servicedesk_unread, "given up")


class TestContract(QueueCase):
    def test_conflicts_are_borne_only_so_often(self):
        self.store("in conflict")
        tried = []

        def conflict(row):
            tried.append(row)
            raise TransactionRollbackError

        self.patch(type(self.env["servicedesk.intake"]), "_process", conflict)
        before = self.triggers("cron_intake_1")
        self.run_quietly("cron_intake_1")
        self.assertEqual(len(tried), 20)
        self.assertGreater(self.triggers("cron_intake_1"), before, "the next run comes at once")

    def test_what_remains_wakes_the_jobs_at_once(self):
        rows = self.store(*"abc")
        self.env["ir.cron.trigger"].search([]).unlink()
        with patch.object(IrCron, "_commit_progress", lambda cron, *args, **kwargs: cron.env.cr.commit()), \
                self.job() as env:
            env["servicedesk.intake"]._cron_process()
        self.assertEqual(rows.sorted("id").mapped("state"), ["done", "new", "new"])
        self.assertTrue(self.triggers("cron_intake_1") and self.triggers("cron_intake_2"))

    def test_a_burst_calls_the_other_job(self):
        self.store(*"abcdef")
        self.env["ir.cron.trigger"].search([]).unlink()
        self.run_job("cron_intake_1")
        self.assertTrue(self.triggers("cron_intake_2"))
        self.assertFalse(self.triggers("cron_intake_1"))

    def _leave_in_work(self, row, alone=False, deaths=0):
        """Leave behind what a process leaves that died at this row."""
        self.env["servicedesk.queue.mark"].create({
            "queue": "intake", "res_model": "servicedesk.intake", "res_id": row.id, "in_work": True, "alone": alone,
            "suspect": alone or bool(deaths), "deaths": deaths})

    def test_marks_go_with_the_work(self):
        rows = self.store("a", "b")
        marks = []
        process = type(rows)._process

        def look(row):
            marks.append(self.get_mark("intake", row.with_env(self.env)).in_work)
            process(row)

        self.patch(type(rows), "_process", look)
        self.run_job("cron_intake_1")
        self.assertEqual(marks, [True, True], "each was there before its row was touched")
        self.assertFalse(self.env["servicedesk.queue.mark"].search([]))

    def test_suspects_run_alone_and_are_cleared(self):
        rows = self.store("a", "b")
        self._leave_in_work(rows[0])
        self.run_job("cron_intake_1")
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertFalse(self.env["servicedesk.queue.mark"].search([]))

    def test_one_death_alone_is_forgiven_two_are_not(self):
        once, twice, fresh = self.store("once", "twice", "fresh")
        self._leave_in_work(once, alone=True)
        self._leave_in_work(twice, alone=True, deaths=1)
        self.run_quietly("cron_intake_1")
        self.assertEqual((once.state, twice.state, fresh.state), ("done", "failed", "done"))
        self.assertIn("stopped twice", twice.reason)
        twice.action_process_again()
        self.run_quietly("cron_intake_1")
        self.assertEqual(twice.state, "done", "put back by hand it has another try")

    def test_a_batch_with_a_deadly_row(self):
        now = fields.Datetime.now()
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket(remind_at=now) for _number in range(3)))
        deadly = tickets[1]
        self.env["servicedesk.queue.mark"].create({
            "queue": "tickets: _remind", "res_model": "servicedesk.ticket", "res_id": deadly.id, "in_work": True,
            "alone": True, "suspect": True, "deaths": 1})
        self.run_quietly("cron_wake")
        self.assertEqual(tickets.filtered("remind_at"), deadly)
        mark = self.get_mark("tickets: _remind", deadly)
        self.assertTrue(mark.aside)
        mark.action_process_again()
        self.run_quietly("cron_wake")
        self.assertFalse(deadly.remind_at)

    def test_suspects_run_in_small_groups(self):
        """A power cut in a large batch costs seconds; those of a group that was hit again run one by one."""
        now = fields.Datetime.now()
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket(remind_at=now) for _number in range(7)))
        for number, ticket in enumerate(tickets):
            self.env["servicedesk.queue.mark"].create({
                "queue": "tickets: _remind", "res_model": "servicedesk.ticket", "res_id": ticket.id, "in_work": True,
                "alone": number >= 5, "suspect": number >= 5})
        remind, calls = type(tickets)._remind, []

        def count(these):
            calls.append(these.ids)
            return remind(these)

        self.patch(type(tickets), "_remind", count)
        self.patch(queue, "TOGETHER", 3)
        self.run_job("cron_wake")
        ids = tickets.ids
        self.assertEqual(calls, [ids[:3], ids[3:5], ids[5:6], ids[6:]])
        self.assertFalse(tickets.filtered("remind_at"))
        self.assertFalse(self.env["servicedesk.queue.mark"].search([]))

    def test_a_group_of_suspects_that_fails_runs_one_by_one(self):
        now = fields.Datetime.now()
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket(remind_at=now) for _number in range(3)))
        self.env["servicedesk.queue.mark"].create([{
            "queue": "tickets: _remind", "res_model": "servicedesk.ticket", "res_id": ticket.id, "in_work": True,
        } for ticket in tickets])
        self.poison("servicedesk.ticket", "_remind", lambda ticket: ticket == tickets[1])
        self.run_quietly("cron_wake")
        self.assertEqual(tickets.filtered("remind_at"), tickets[1])
        self.assertRecordValues(self.get_mark("tickets: _remind", tickets[1]), [{"attempts": 1, "deaths": 0}])

    def test_what_can_be_stored(self):
        self.assertEqual(storable("a\0b\ud800c"), "a�b?c")
        self.assertEqual(storable("ž" * 10, 3), "žžž")
        self.assertEqual(reason_of(KeyError()), "KeyError")

    def test_mailboxes_are_read_in_turn(self):
        one, two = self.env["fetchmail.server"].create([{
            "name": name, "server_type": "imap", "server": "localhost", "department_id": self.support.id,
            "state": "done", "user": "x", "password": "x"} for name in ("one", "two")])
        left = {one.id: 5, two.id: 2}
        seen = []

        def read(server, share):
            count = min(share, left[server.id])
            left[server.id] -= count
            seen.append((server.name, count))
            return None, count

        self.patch(type(one), "_fetch_into_ledger", read)
        with self.job() as env:
            (one | two).with_env(env)._fetch_mail(batch_limit=2)
        self.assertEqual(seen, [("one", 2), ("two", 2), ("one", 2), ("two", 0), ("one", 1)])

    def test_a_message_whose_headers_cannot_be_stored_stops_no_mailbox(self):
        server = self.env["fetchmail.server"].create({
            "name": "one", "server_type": "imap", "server": "localhost", "department_id": self.support.id,
            "state": "done", "user": "x", "password": "x"})
        raw = build_mail(JANA, "support@severka.example", "Evil").as_bytes()
        received = type("Received", (), {
            "uid": "1/1", "position": (1, 1), "raw": raw, "received_at": None, "error": ""})
        with patch("odoo.addons.servicedesk.tools.mail.mime.parse_headers", side_effect=ValueError(EVIL)), \
                mute_logger("odoo.addons.servicedesk.models.intake.fetchmail_server"), self.job() as env:
            server.with_env(env)._store_whatever_it_is(received)
            env.flush_all()
        row = self.env["servicedesk.intake"].search([("uid", "=", "1/1"), ("mailbox_id", "=", server.id)])
        self.assertEqual(row._get_raw(), raw)
        self.assertEqual(server.servicedesk_last_uid, "1")
        self.run_job("cron_intake_1")
        self.assertEqual((row.state, row.item_id.subject), ("done", "Evil"))
