from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
WEDNESDAY = fields.Datetime.to_datetime("2026-01-14 08:00:00")


class SlaCase(ServicedeskCase):
    """Office hours from 8 to 16 UTC, Wednesday morning, and a policy of 2 and 8 hours for the department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hours = cls.env["resource.calendar"].create({
            "name": "Eight to four", "tz": "UTC", "hours_per_day": 8, "attendance_ids": [(5, 0, 0)] + [(0, 0, {
                "name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 16, "day_period": "morning",
            }) for day in range(5)]})
        cls.support.write({"calendar_id": cls.hours.id, "sla_warning_percent": 50})
        cls.policy = cls.env["servicedesk.sla.policy"].create(
            {"name": "Standard", "first_response_hours": 2, "resolution_hours": 8})
        cls.support.sla_policy_id = cls.policy

    def setUp(self):
        super().setUp()
        self.now = WEDNESDAY
        for target in ("odoo.fields.Datetime.now",):
            patcher = patch(target, lambda: self.now)
            patcher.start()
            self.addCleanup(patcher.stop)

    def later(self, **delta):
        self.now += timedelta(**delta)
        return self.now

    def new_ticket(self, **vals):
        """A ticket of this (pretended) moment; its clocks count from its creation, which the database dates."""
        with patch.object(type(self.env["servicedesk.sla.clock"]), "_start", lambda *args, **kwargs: None):
            ticket = super().new_ticket(**vals)
        self.env.cr.execute("UPDATE servicedesk_ticket SET create_date = %s WHERE id = %s", (self.now, ticket.id))
        ticket.invalidate_recordset(["create_date"])
        self.env["servicedesk.sla.clock"]._start(ticket)
        return ticket

    def clock(self, ticket, promise="resolution"):
        return ticket.sudo().sla_clock_ids.filtered(lambda clock: clock.promise == promise)


class TestPolicy(SlaCase):
    def test_which_policy_wins(self):
        """Every row: what is there, which wins and why; each row takes the winner of the one before away."""
        service = self.env["servicedesk.service"].create({"name": "Backup", "partner_id": self.client.id})
        parent = self.env["servicedesk.category"].create({"name": "Network"})
        category = self.env["servicedesk.category"].create({"name": "VPN", "parent_id": parent.id})
        Policy = self.env["servicedesk.sla.policy"]
        by_service, by_client, by_category, by_priority, for_all = Policy.create([
            {"name": "Backup", "resolution_hours": 1, "service_ids": service.ids, "sequence": 50},
            {"name": "Vltava", "resolution_hours": 2, "partner_ids": self.client.ids, "sequence": 40},
            {"name": "Network", "resolution_hours": 3, "category_ids": parent.ids, "sequence": 30},
            {"name": "Urgent", "resolution_hours": 4, "priority": "3", "sequence": 20},
            {"name": "All", "resolution_hours": 5, "sequence": 1},
        ])
        facts = {"service_id": service.id, "category_id": category.id, "priority": "3"}
        for policy, source, words in (
            (by_service, "service", "by service: Backup"), (by_client, "client", "by customer: Stavby Vltava a.s."),
            (by_category, "category", "by category: Network / VPN"),
            (by_priority, "conditions", "by priority or department"),
            (self.policy, "department", "default of the department Support"), (for_all, "all", "for all tickets"),
        ):
            with self.subTest(source):
                ticket = self.new_ticket(**facts)
                clock = self.clock(ticket)
                self.assertEqual((clock.policy_id, clock.source), (policy, source))
                self.assertEqual(ticket.sla_details[-1]["why"], words)
                policy.active = False
        self.assertFalse(self.new_ticket(**facts).sla_state)

    def test_all_conditions_must_hold(self):
        both = self.env["servicedesk.sla.policy"].create({
            "name": "Vltava urgent", "resolution_hours": 1, "partner_ids": self.client.ids, "priority": "3",
            "department_ids": self.support.ids})
        self.assertEqual(self.clock(self.new_ticket(priority="3")).policy_id, both)
        self.assertEqual(self.clock(self.new_ticket(priority="2")).policy_id, self.policy)
        self.assertEqual(self.clock(self.new_ticket(priority="3", partner_id=False, contact_id=False)).policy_id,
                         self.policy)
        self.assertFalse(self.new_ticket(priority="3", department_id=self.billing.id).sla_state)

    def test_the_company_of_a_person_counts(self):
        policy = self.env["servicedesk.sla.policy"].create(
            {"name": "Vltava", "resolution_hours": 2, "partner_ids": self.client.ids})
        self.assertEqual(self.clock(self.new_ticket(partner_id=self.jana.id)).policy_id, policy)

    def test_sequence_decides_between_equals(self):
        Policy = self.env["servicedesk.sla.policy"]
        later, first = Policy.create([
            {"name": name, "resolution_hours": 1, "partner_ids": self.client.ids, "sequence": sequence}
            for name, sequence in (("Later", 20), ("First", 10))])
        self.assertEqual(self.clock(self.new_ticket()).policy_id, first)
        later.sequence = 5
        self.assertEqual(self.clock(self.new_ticket()).policy_id, later)

    def test_other_company_stays_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["servicedesk.sla.policy"].create(
            {"name": "Theirs", "resolution_hours": 1, "partner_ids": self.client.ids, "company_id": other.id})
        self.assertEqual(self.clock(self.new_ticket()).policy_id, self.policy)

    def test_start_on_tickets_that_are_there(self):
        self.policy.active = False
        ticket, closed = self.new_ticket(), self.new_ticket(state="closed")
        self.policy.active = True
        self.later(hours=1)
        self.policy.action_apply()
        self.assertEqual(self.clock(ticket).deadline, WEDNESDAY + timedelta(days=1, hours=1))
        self.assertFalse(closed.sla_clock_ids)


class TestClock(SlaCase):
    def test_new_ticket(self):
        ticket = self.new_ticket()
        self.assertRecordValues(ticket, [{
            "first_response_deadline": WEDNESDAY + timedelta(hours=2), "sla_state": "running",
            "resolution_deadline": WEDNESDAY + timedelta(hours=8), "sla_promise": "first_response",
            "sla_deadline": WEDNESDAY + timedelta(hours=2)}])

    def test_a_mail_starts_it_too(self):
        row = self.arrive(build_mail(JANA, "support@severka.example", "New", "new"))
        self.assertEqual(row.item_id.ticket_id.sla_clock_ids.mapped("state"), ["running", "running"])

    def test_waiting_stops_the_clock(self):
        ticket = self.new_ticket()
        self.later(hours=3)
        ticket.action_wait()
        self.assertRecordValues(ticket, [{"sla_state": "paused", "sla_deadline": False, "resolution_deadline": False}])
        self.assertEqual(self.clock(ticket).used_seconds, 3 * 3600)
        self.assertEqual(ticket.sla_badge["waiting"], "customer")
        self.later(days=2)  # Friday, 11:00
        ticket.action_reopen()
        self.assertEqual(ticket.resolution_deadline, fields.Datetime.to_datetime("2026-01-16 16:00:00"))
        self.assertEqual(self.clock(ticket).state, "running")

    def test_an_answer_by_a_person_keeps_the_first_promise(self):
        ticket = self.new_ticket()
        self.later(hours=1)
        item = self.write_answer(ticket, self.agent)
        self.assertEqual(self.clock(ticket, "first_response").state, "paused", "it waits, and has not left yet")
        self.later(minutes=1)
        self.send_queued(item)
        self.assertRecordValues(self.clock(ticket, "first_response"), [{
            "state": "met", "used_seconds": 3600, "met_at": WEDNESDAY + timedelta(hours=1)}])
        self.assertFalse(ticket.first_response_deadline)
        ticket.action_reopen()
        self.assertEqual(self.clock(ticket, "first_response").state, "met")
        self.assertEqual(ticket.sla_promise, "resolution")

    def test_what_is_no_answer(self):
        ticket = self.new_ticket()
        Item = self.env["servicedesk.item"]
        common = {"ticket_id": ticket.id, "direction": "out", "kind": "email", "state": "sent", "body": "<p>x</p>",
                  "author_user_id": self.agent.id, "email_to": self.jana.email, "date": self.now}
        Item.create([
            common | {"author_user_id": False, "automatic": True},
            common | {"email_to": "supplier@example.com"},
            common | {"state": "failed"},
            common | {"kind": "note", "direction": "internal", "state": "done", "email_to": False},
        ])
        self.assertEqual(self.clock(ticket, "first_response").state, "running")
        Item.create(common | {"email_to": "supplier@example.com", "email_cc": self.alena.email})
        self.assertEqual(self.clock(ticket, "first_response").state, "met", "one of the client's people")

    def test_closing_ends_and_opening_goes_on(self):
        ticket = self.new_ticket()
        self.later(hours=2)
        ticket.action_close()
        self.assertEqual(set(ticket.sla_clock_ids.mapped("state")), {"met"})
        self.assertRecordValues(ticket, [{"sla_state": "met", "sla_deadline": False}])
        self.later(hours=24)  # Thursday, 10:00
        ticket.action_reopen()
        self.assertEqual(self.clock(ticket).deadline, self.now + timedelta(hours=6))
        self.assertEqual(self.clock(ticket).used_seconds, 2 * 3600)

    def test_late_is_missed(self):
        ticket = self.new_ticket()
        self.later(hours=26)
        ticket.action_close()
        self.assertRecordValues(self.clock(ticket), [{"state": "missed", "used_seconds": 10 * 3600}])
        self.assertEqual(ticket.sla_state, "missed")

    def test_manual_deadline_beats_and_is_kept_in_history(self):
        self.agent.servicedesk_membership_ids.can_deadline = True
        ticket = self.new_ticket().with_user(self.agent)
        friday = fields.Datetime.to_datetime("2026-01-16 18:00:00")  # after hours: a word is a word
        ticket.write({"manual_deadline": friday, "manual_deadline_reason": "Promised on the phone"})
        self.assertEqual((ticket.resolution_deadline, self.clock(ticket).source), (friday, "manual"))
        self.assertEqual((ticket.sla_details[-1]["policy"], ticket.sla_details[-1]["why"]), ("", "set manually"))
        ticket.action_wait()
        self.assertEqual(ticket.resolution_deadline, friday, "a deadline by hand does not wait")
        ticket.action_reopen()
        self.later(hours=1)
        ticket.manual_deadline = False
        self.assertEqual(ticket.resolution_deadline, WEDNESDAY + timedelta(hours=8))
        lines = self.env["servicedesk.timeline"].with_user(self.agent).get_page(ticket.id)["entries"]
        by_hand = [line for line in lines if line["kind"] == "manual_deadline"]
        self.assertEqual([line["author"] for line in by_hand], ["Agent", "Agent"])
        self.assertIn("(Promised on the phone)", by_hand[0]["new"])
        self.assertIn("7:00", by_hand[0]["new"], "18:00 UTC as the agent in Prague reads it")
        self.assertEqual(len([line for line in lines if line["kind"] == "resolution"]), 2)

    def test_another_reason_is_in_history_too(self):
        ticket = self.new_ticket(manual_deadline=WEDNESDAY, manual_deadline_reason="Phone")
        ticket.manual_deadline_reason = "Contract"
        ticket.manual_deadline_reason = "Contract"
        event = ticket.event_ids.filtered(lambda event: event.kind == "manual_deadline")
        self.assertEqual(event.mapped("new_value"), ["2026-01-14 08:00:00 Contract"])

    def test_manual_deadline_without_any_policy(self):
        self.policy.active = False
        ticket = self.new_ticket(manual_deadline=WEDNESDAY + timedelta(hours=1))
        self.assertRecordValues(ticket, [{"sla_state": "running", "sla_deadline": WEDNESDAY + timedelta(hours=1)}])
        ticket.manual_deadline = False
        self.assertFalse(ticket.sla_state or ticket.sla_clock_ids)

    def test_new_conditions_new_deadline_and_the_old_one_in_history(self):
        category = self.env["servicedesk.category"].create({"name": "Network"})
        self.env["servicedesk.sla.policy"].create(
            {"name": "Network", "resolution_hours": 4, "category_ids": category.ids})
        ticket = self.new_ticket()
        self.later(hours=1)
        ticket.category_id = category
        self.assertRecordValues(self.clock(ticket), [{
            "deadline": WEDNESDAY + timedelta(hours=4), "target_seconds": 4 * 3600, "used_seconds": 3600}])
        self.assertFalse(self.clock(ticket, "first_response"), "no longer promised")
        event = ticket.event_ids.filtered(lambda event: event.kind == "resolution")
        self.assertEqual((event.old_value, event.new_value), ("2026-01-14 16:00:00", "2026-01-14 12:00:00"))
        ticket.department_id = self.billing
        self.assertEqual(ticket.resolution_deadline and self.clock(ticket).source, "category")

    def test_an_answered_ticket_may_change(self):
        """The promise of a first response is kept for good, whatever promises the ticket gets later."""
        category = self.env["servicedesk.category"].create({"name": "Network"})
        self.env["servicedesk.sla.policy"].create(
            {"name": "Network", "first_response_hours": 1, "resolution_hours": 4, "category_ids": category.ids})
        for change in ({"category_id": category.id}, {"priority": "3"}, {"department_id": self.billing.id},
                       {"manual_deadline": WEDNESDAY + timedelta(days=2), "manual_deadline_reason": "Phone"}):
            with self.subTest(change):
                ticket = self.new_ticket()
                self.env["servicedesk.item"].create({
                    "ticket_id": ticket.id, "direction": "out", "kind": "email", "state": "sent", "body": "<p>x</p>",
                    "author_user_id": self.agent.id, "email_to": self.jana.email, "date": self.now})
                ticket.with_user(self._both()).write(change)
                self.assertEqual(self.clock(ticket, "first_response").state, "met")
                self.assertEqual(self.clock(ticket, "first_response").policy_id, self.policy)

    def _both(self):
        """An agent who may do anything in both departments."""
        found = self.env["res.users"].search([("login", "=", "both")])
        if not found:
            found = self._new_agent("both", self.support, "supervisor")
            self.env["servicedesk.membership"].create(
                {"user_id": found.id, "department_id": self.billing.id, "level": "supervisor"})
        return found

    def test_hours_of_the_new_department(self):
        self.billing.calendar_id = False
        self.billing.sla_policy_id = self.policy
        ticket = self.new_ticket()
        self.later(hours=7)
        ticket.department_id = self.billing
        self.assertEqual(ticket.resolution_deadline, WEDNESDAY + timedelta(hours=8))
        self.later(hours=20)
        self.assertLess(ticket.sla_badge["remaining"], 0)

    def test_many_at_once_cost_no_more(self):
        tickets = self.env["servicedesk.ticket"].union(*(self.new_ticket() for _n in range(2)))
        more = self.env["servicedesk.ticket"].union(*(self.new_ticket() for _n in range(20)))
        self.env.flush_all()
        counts = []
        for batch in (tickets, tickets, more):
            batch.action_reopen()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.action_wait()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_the_badge_counts_down_over_the_night(self):
        ticket = self.new_ticket()
        self.later(hours=1)
        badge = ticket.sla_badge
        self.assertEqual((badge["remaining"], badge["day"]), (3600, 8 * 3600))
        self.assertEqual(badge["periods"][0][1] - badge["periods"][0][0], 7 * 3600)

    def test_rights(self):
        ticket = self.new_ticket()
        self.assertEqual(len(ticket.with_user(self.agent).sla_clock_ids), 2)
        self.assertFalse(self.env["servicedesk.sla.clock"].with_user(self.clerk).search([]))
        for record, vals in ((ticket, {"sla_deadline": False}), (self.clock(ticket), {"deadline": False}),
                             (self.policy, {"resolution_hours": 1}), (ticket, {"sla_clock_ids": [(5,)]})):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.agent).write(vals)
        self.policy.with_user(self.agent).read(["name"])
        admin = new_test_user(self.env, "sla_admin", "servicedesk.group_admin")
        self.policy.with_user(admin).write({"resolution_hours": 9})


class TestQueries(SlaCase):
    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["servicedesk.ticket"].create({
            "subject": "x", "department_id": self.support.id, "partner_id": self.client.id})
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_what_a_policy_costs_a_new_ticket(self):
        self.now = fields.Datetime.to_datetime("2026-01-14 08:00:00")
        self._count()
        with_policy = self._count()
        self.policy.active = False
        self._count()
        self.assertLessEqual(with_policy, self._count() + 3)
