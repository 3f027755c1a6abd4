from unittest.mock import patch

from psycopg2.extensions import TransactionRollbackError

from ..common import ServicedeskCase


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
