from dataclasses import replace
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError

from ...models.sla import alarm as sla_alarm
from .test_sla import WEDNESDAY, SlaCase


class TestAlarms(SlaCase):
    """Warned once, breached once, each step once; the clock is moved by hand, the job is the real one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.first_response_hours = 0
        cls.manager = cls._new_agent("manager", cls.billing, "supervisor")
        cls.boss = cls._new_agent("boss", cls.billing, "supervisor")
        cls.support.manager_id = cls.manager
        cls.support.parent_id = cls.env["servicedesk.department"].create({"name": "House", "manager_id": cls.boss.id})

    def run_cron(self):
        """Let the worker do one batch, and tell how many clocks it took; it commits, so the loop is not run here."""
        self.env.flush_all()
        Clock = self.env["servicedesk.sla.clock"]
        clocks = Clock.search(Clock._get_due_domain())
        clocks._process_due_alarms()
        self.env.flush_all()
        return len(clocks)

    def step(self, **vals):
        return self.env["servicedesk.escalation.step"].create(
            {"policy_id": self.policy.id, "trigger": "breach", "recipient": "manager"} | vals)

    def told(self, ticket, kind=None):
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id)], order="id")
        return [(notice.kind, notice.user_id.login) for notice in notices if not kind or notice.kind == kind]

    def steps_of(self, ticket):
        return ticket.event_ids.filtered(lambda event: event.kind == "escalation").sorted("id").mapped("new_value")

    def test_warned_and_breached_once(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        ticket.env["servicedesk.notice"].search([]).unlink()
        self.later(hours=3)
        self.assertFalse(self.run_cron())
        self.later(hours=1)
        self.assertTrue(self.run_cron())
        self.assertEqual(ticket.sla_state, "soon")
        self.assertFalse(self.run_cron())
        self.later(hours=4)
        self.assertTrue(self.run_cron())
        self.assertEqual((ticket.sla_state, self.clock(ticket).breached_at), ("late", WEDNESDAY + timedelta(hours=8)))
        self.later(days=3)
        self.assertFalse(self.run_cron())
        self.assertEqual(self.told(ticket), [("sla_warning", "agent"), ("sla_breach", "agent")])
        self.assertEqual(ticket.event_ids.mapped("kind").count("sla_breach"), 1)

    def test_a_batch_stays_a_batch_whatever_the_planner_thinks(self):
        for _number in range(6):
            self.new_ticket()
        self.later(days=2)
        self.env.flush_all()
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            self.env.cr.execute(f"SET LOCAL enable_{way} = off")
        taken, Clock = [], type(self.env["servicedesk.sla.clock"])
        ring = Clock._process_due_alarms
        self.patch(sla_alarm, "RINGING", replace(sla_alarm.RINGING, batch=2))
        self.patch(Clock, "_process_due_alarms", lambda clocks: (taken.append(len(clocks)), ring(clocks)))
        with self.job() as env:
            env["servicedesk.sla.clock"]._cron_alarm()
        self.assertEqual(taken, [2, 2, 2])

    def test_found_late_is_told_once(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(days=2)
        self.run_cron()
        self.assertEqual(self.told(ticket, "sla_warning"), [])
        self.assertEqual(self.told(ticket, "sla_breach"), [("sla_breach", "agent")])

    def test_without_owner_the_members_are_told(self):
        ticket = self.new_ticket()
        self.later(hours=4)
        self.run_cron()
        self.assertEqual(self.told(ticket, "sla_warning"), [("sla_warning", "agent"), ("sla_warning", "junior")])

    def test_warning_in_minutes(self):
        self.support.sla_warning_minutes = 30
        self.new_ticket()
        self.later(hours=7, minutes=29)
        self.assertFalse(self.run_cron())
        self.later(minutes=1)
        self.assertTrue(self.run_cron())

    def test_a_waiting_clock_does_not_ring(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(hours=1)
        ticket.action_wait()
        self.later(days=9)
        self.assertFalse(self.run_cron())
        ticket.action_close()
        self.assertFalse(self.run_cron())

    def test_a_later_deadline_warns_again(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(days=2)
        self.run_cron()
        ticket.manual_deadline = self.now + timedelta(days=1)
        self.assertEqual(ticket.sla_state, "running")
        self.later(days=2)
        self.run_cron()
        self.assertEqual(self.told(ticket, "sla_breach"), [("sla_breach", "agent")] * 2)

    def test_another_deadline_is_another_warning(self):
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(hours=4)
        self.run_cron()
        self.assertEqual(ticket.sla_state, "soon")
        ticket.manual_deadline = self.now + timedelta(days=4)
        self.assertEqual(ticket.sla_state, "running")
        ticket.action_wait()
        ticket.action_reopen()
        self.later(days=3, hours=23)
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.told(ticket, "sla_warning"), [("sla_warning", "agent")] * 2)

    def test_the_ladder(self):
        """When each step is due, in working time, and who is told; nobody twice."""
        for vals in ({"trigger": "percent", "percent": 25, "recipient": "owner"},
                     {"trigger": "warning", "delay": 30, "recipient": "manager"},
                     {"trigger": "breach", "recipient": "superior"},
                     {"trigger": "breach", "delay": 60, "recipient": "users", "user_ids": self.clerk.ids}):
            self.step(**vals)
        ticket = self.new_ticket(owner_id=self.agent.id)
        for hour, logins in (
            (1.9, []), (2, ["agent"]), (4.4, ["agent"]), (4.5, ["agent", "manager"]), (7.9, ["agent", "manager"]),
            (8, ["agent", "manager", "boss"]), (20, ["agent", "manager", "boss"]),
            (25, ["agent", "manager", "boss", "clerk"]), (72, ["agent", "manager", "boss", "clerk"]),
        ):
            with self.subTest(hour):
                self.now = WEDNESDAY + timedelta(hours=hour)
                self.run_cron()
                self.run_cron()
                self.assertEqual([login for _kind, login in self.told(ticket, "escalation")], logins)
        self.assertEqual(self.steps_of(ticket), [
            "step 1, notified: Agent", "step 2, notified: Manager", "step 3, notified: Boss",
            "step 4, notified: Clerk"])

    def test_steps_stay_taken(self):
        self.step(trigger="percent", percent=10)
        ticket = self.new_ticket()
        self.later(hours=1)
        self.run_cron()
        ticket.action_wait()
        self.later(hours=1)
        ticket.action_reopen()
        ticket.priority = "3"
        ticket.manual_deadline = self.now + timedelta(days=5)
        self.later(days=5)
        self.run_cron()
        self.assertEqual(len(self.steps_of(ticket)), 1)

    def test_steps_of_the_department_where_the_policy_has_none(self):
        self.step(policy_id=False, department_id=self.support.id, recipient="superior")
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        self.assertEqual(self.told(ticket, "escalation"), [("escalation", "boss")])

    def test_empty_places_go_up(self):
        self.support.manager_id = False
        self.step(recipient="owner")
        self.step(recipient="manager")
        self.step(recipient="on_duty")
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        self.assertEqual([login for _kind, login in self.told(ticket, "escalation")],
                         ["agent", "junior", "boss", "boss"])

    def test_on_duty(self):
        self.support.on_duty_ids = self.junior
        self.step(recipient="on_duty")
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        self.assertEqual(self.told(ticket, "escalation"), [("escalation", "junior")])

    def test_nobody_started(self):
        self.step(trigger="not_started", delay=30)
        begun, waiting, untouched = (self.new_ticket(subject=name) for name in ("begun", "waiting", "untouched"))
        Item = self.env["servicedesk.item"]
        Item.create(Item._prepare_note_vals(begun, "<p>On it</p>", self.agent))
        self.env.cr.execute("UPDATE servicedesk_item SET create_date = %s WHERE ticket_id = %s",
                            (self.now + timedelta(minutes=1), begun.id))
        waiting.action_wait()
        waiting.action_reopen()
        self.later(minutes=29)
        self.assertFalse(self.run_cron())
        self.later(minutes=1)
        self.run_cron()
        self.assertEqual(len(self.steps_of(untouched)), 1)
        self.assertEqual(len(self.steps_of(waiting)), 1)
        self.assertFalse(self.steps_of(begun))

    def test_channels(self):
        self.step(sms="urgent", mail=False)
        urgent, normal = self.new_ticket(priority="3"), self.new_ticket()
        self.later(days=1)
        self.run_cron()
        notices = self.env["servicedesk.notice"].search([("kind", "=", "escalation")])
        by_ticket = {notice.ticket_id: notice for notice in notices}
        self.assertTrue(by_ticket[urgent].sms_due_at)
        self.assertFalse(by_ticket[normal].sms_due_at or by_ticket[normal].mail_due_at or by_ticket[urgent].mail_due_at)
        self.assertTrue(by_ticket[normal].inbox)

    def test_activity_for_those_who_see_the_ticket(self):
        self.step(activity=True)
        self.step(activity=True, recipient="users", user_ids=self.clerk.ids)
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        self.assertEqual(ticket.activity_ids.user_id, self.manager, "the clerk does not see it")

    def test_what_else_happens(self):
        self.step(raise_priority=True, reassign="told")
        low, urgent = self.new_ticket(priority="0", owner_id=self.agent.id), self.new_ticket(priority="3")
        deadline = low.resolution_deadline
        self.later(days=1)
        self.run_cron()
        self.assertRecordValues(low | urgent, [
            {"priority": "1", "owner_id": self.manager.id}, {"priority": "3", "owner_id": self.manager.id}])
        self.assertEqual(low.resolution_deadline, deadline, "the promise stays")
        self.assertEqual(self.steps_of(low), ["step 1, notified: Manager; priority raised"])

    def test_free_to_take(self):
        self.step(reassign="release")
        ticket = self.new_ticket(owner_id=self.agent.id)
        self.later(days=1)
        self.run_cron()
        self.assertFalse(ticket.owner_id)

    def test_the_history_says_it_in_words(self):
        self.step()
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        lines = self.env["servicedesk.timeline"].with_user(self.agent).get_page(ticket.id)["entries"]
        self.assertEqual([(line["label"], line["words"]) for line in lines if line["kind"] != "created"], [
            ("Deadline passed", "Resolution"), ("Escalation", "step 1, notified: Manager")])

    def test_a_hundred_cost_no_more_queries_than_ten(self):
        self.step(raise_priority=True, activity=False)
        counts = []
        for size in (10, 10, 100):
            for _number in range(size):
                self.new_ticket(owner_id=self.agent.id)
            self.later(days=3)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.run_cron(), size)
            counts.append(self.env.cr.sql_log_count - before)
            self.now += timedelta(days=5)
        self.assertLessEqual(counts[2], counts[1] + 5, counts)

    def test_rights(self):
        step = self.step()
        ticket = self.new_ticket()
        self.later(days=1)
        self.run_cron()
        taken = self.env["servicedesk.escalation"].search([("step_id", "=", step.id)])
        taken.with_user(self.agent).read(["told"])
        self.assertFalse(taken.with_user(self.clerk).search([("id", "=", taken.id)]))
        with self.assertRaises(AccessError):
            step.with_user(self.agent).write({"delay": 5})
        with self.assertRaises(AccessError):
            taken.with_user(self.agent).unlink()
        self.assertTrue(ticket)

    def test_a_step_needs_somebody(self):
        with self.assertRaises(ValidationError):
            self.step(recipient="users")
        with self.assertRaises(ValidationError):
            self.step(trigger="percent", percent=0)
