"""This add-on."""
from odoo import SUPERUSER_ID, api

from . import fill_servicedesk
from .desk import DEPARTMENTS, MAILBOX, Desk


class Servicedesk(Desk):
    model = "servicedesk.ticket"
    counters = ["servicedesk_ticket_count", "servicedesk_open_count"]
    portal_path = "/my/requests?filterby=all"
    portal_ticket_path = "/my/requests/{}"
    closing, department_field, owner_field = {"state": "closed"}, "department_id", "owner_id"

    def agent_groups(self):
        return "servicedesk.group_user"

    def create_departments(self, env, agents):
        departments = env["servicedesk.department"].create([
            {"name": f"Oddělení {number}", "email": MAILBOX.format(number=number)} for number in range(DEPARTMENTS)])
        env["servicedesk.membership"].create([
            {"department_id": department.id, "user_id": agents[index % len(agents)].id, "level": "specialist"}
            for index, department in enumerate(departments)])

    def teams(self, env):
        departments = env["servicedesk.department"].search([], order="id")
        return {department.id: (department.member_ids | department.manager_id).ids or [1]
                for department in departments}

    def fill(self, env, first, last, people, teams):
        fill_servicedesk.fill(env, first, last, people, teams)

    def active(self):
        return [("state", "in", ("open", "waiting"))]

    def alive(self):
        return [("state", "!=", "archived")]

    def list_default(self, clock, number):
        """The list as it opens from the menu."""
        self._list(clock, self.agent, [("state", "=", "open")])

    def word(self, text):
        return ["|", ("number", "ilike", text), ("subject", "ilike", text)]

    def receive(self, clock, raw):
        """Two transactions: the mailbox's job stores the bytes, a worker files them."""
        department = self.departments[self.mails % DEPARTMENTS]
        with clock.transaction() as env:
            row = env["servicedesk.intake"]._store(raw, env["servicedesk.department"].browse(department)).id
        with clock.transaction() as env:
            env["servicedesk.intake"].browse(row)._process()

    def take_burst(self, clock, count):
        """All are stored first; then the worker's own loop files what it can get hold of."""
        with clock.transaction() as env:
            departments = env["servicedesk.department"].browse(self.departments)
            for number in range(count):
                env["servicedesk.intake"]._store(self.write_mail("Nával"), departments[number % DEPARTMENTS])
                env.cr.commit()
        self.retry(lambda: self._file_all(clock))

    def _file_all(self, clock):
        with clock.transaction() as env:
            env["servicedesk.intake"]._cron_process()

    def sent(self, registry, ticket):
        with registry.cursor() as cr:
            cr.execute("SELECT message_id, email_to FROM servicedesk_item WHERE ticket_id = %s AND state = 'sent'"
                       " ORDER BY id DESC LIMIT 1", [ticket])
            message_id, to = cr.fetchone()
        return message_id, to.partition("<")[2].rstrip(">")

    def answer(self, clock, number):
        """The screen's own calls: the draft is saved, then sent."""
        ticket = self.answered[number]
        with clock.transaction(self.agent) as env:
            Item = env["servicedesk.item"]
            parent = Item.search([("ticket_id", "=", ticket), ("direction", "=", "in")], limit=1)
            values = {"email_to": parent.email_from, "subject": "Re: žádost", "body": "<p>Vyřešeno.</p>",
                      "parent_item_id": parent.id}
            draft = Item.save_draft(ticket, "email", values)
        with clock.transaction(self.agent) as env:
            env["servicedesk.item"].browse(draft).action_send()

    def prepare_assignment(self, clock, count):
        """Tickets of departments whose members get them in turn, not yet given to anybody."""
        with clock.transaction() as env:
            env["servicedesk.department"].browse(self.departments).write(
                {"assignment": "round_robin", "assign_present": False})
        with clock.transaction() as env:
            env["servicedesk.ticket"].create([self.ticket_vals(number) for number in range(count)])

    def assign(self, clock):
        """The worker's own steps, a transaction for each batch; then no department assigns by itself any more."""
        batches = 0
        while True:
            with clock.transaction() as env:
                due = env["servicedesk.ticket"].search([("assignment_due", "=", True)], order="id", limit=500)
                due._assign()
            if not due:
                break
            batches += 1
        seconds, queries = clock.seconds, clock.queries
        with clock.transaction() as env:
            env["servicedesk.department"].browse(self.departments).write({"assignment": "none"})
        return seconds, queries, batches

    def prepare_escalation(self, clock, count):
        """Tickets whose solution was due, with a ladder of two steps; their first alarm is this minute's."""
        with clock.transaction() as env:
            policy = env["servicedesk.sla.policy"].create({"name": "Bench", "resolution_hours": 0.0003, "step_ids": [
                (0, 0, {"trigger": "breach", "recipient": "members", "raise_priority": True}),
                (0, 0, {"trigger": "breach", "recipient": "users", "user_ids": [(6, 0, [self.admin])]})]})
            env["servicedesk.department"].browse(self.departments).write(
                {"sla_policy_id": policy.id, "calendar_id": False})
        with clock.transaction() as env:
            env["servicedesk.ticket"].create([self.ticket_vals(number) for number in range(count)])
        with clock.transaction() as env:
            # As if the alarms had been written before the deadline: nothing has been told yet.
            env.cr.execute("UPDATE servicedesk_sla_clock SET alarm_at = now() at time zone 'utc' - interval '1 second'")

    def escalate(self, clock):
        """The worker's own steps, a transaction for each batch."""
        batches = 0
        while True:
            with clock.transaction() as env:
                clocks = env["servicedesk.sla.clock"]
                clocks = clocks.search(clocks._get_due_domain(), order="alarm_at, id", limit=1000)
                clocks._process_due_alarms()
            if not clocks:
                return batches
            batches += 1

    def ticket_vals(self, number):
        person, client, _name, _email = self.people[number % len(self.people)]
        return {"subject": f"Žádost {number}", "department_id": self.departments[number % DEPARTMENTS],
                "contact_id": person, "partner_id": client}

    def merge_50(self, clock, number):
        with clock.transaction(self.admin, commit=False) as env:
            tickets = env["servicedesk.ticket"].browse(self.selection[:50])
            env["servicedesk.merge"]._merge(tickets, tickets[0], tickets[0].partner_id)

    def deadlines_1000(self, clock, number):
        """Another priority, another promise: new deadlines for all."""
        with clock.transaction(commit=False) as env:
            env["servicedesk.sla.policy"].create({"name": "Bench", "first_response_hours": 4, "resolution_hours": 40})
            tickets = env["servicedesk.ticket"].browse(self.selection)
            priority = "3" if number % 2 else "2"
            moved = tickets.filtered(lambda ticket: ticket.priority != priority)
            tickets.write({"priority": priority})
            assert moved and all(ticket.sla_state for ticket in moved)

    # with everything switched on that follows from a change --------------------------------------------------------

    full = None  # ids of what switches it on, by model

    def switch_on(self):
        """Policies for all, all messages to requesters, a rule that catches a third of the mails, followers."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            departments = env["servicedesk.department"].browse(self.departments)
            policies = env["servicedesk.sla.policy"].create([
                {"name": f"Bench {priority}", "first_response_hours": 4, "resolution_hours": 40, "priority": priority}
                for priority in ("0", "1", "2", "3")])
            messages = env["servicedesk.requester.message"].create([
                {"department_id": department.id, "event": event} for department in departments
                for event in ("started", "planned", "third_party", "resolved", "closed")])
            rules = env["servicedesk.rule"].create({"name": "Bench", "senders": "posta3.example, bench-3.example",
                                                    "text_words": "prosím, žádost", "set_priority": "2"})
            env["servicedesk.ticket"].browse(self.selection[::3]).with_user(self.agent).sudo().action_watch()
            self.full = {records._name: records.ids for records in (messages, rules, policies)}
            cr.commit()

    def switch_off(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            for model, ids in self.full.items():
                records = env[model].browse(ids)
                if "active" in records._fields:
                    records.active = False
                else:
                    records.unlink()
            cr.commit()

    full_new_mail, full_answer = Desk.new_mail, lambda self, clock, number: self.answer(clock, number)

    def full_close_1000(self, clock, number):
        self._change(clock, self.closing)

    def full_state_1000(self, clock, number):
        self._change(clock, {"state": "waiting", "waiting_for": "third_party"})

    def full_department_1000(self, clock, number):
        self._change(clock, {self.department_field: self.departments[number]})

    def full_merge_50(self, clock, number):
        self.merge_50(clock, number)

    def read_history(self, clock, ticket):
        with clock.transaction(self.agent) as env:
            env["servicedesk.timeline"].get_page(ticket)
        with clock.transaction(self.agent) as env:
            env["servicedesk.timeline"].get_context(ticket)
