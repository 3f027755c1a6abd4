from unittest.mock import patch

from psycopg2.extensions import TransactionRollbackError

from odoo import fields
from odoo.tools import mute_logger

from ..common import ServicedeskCase

LONG_AGO = fields.Datetime.to_datetime("2026-01-05 10:00:00")


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
