from odoo.tests import Form

from .common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestQueryCounts(ServicedeskCase):
    """The hot paths cost a known number of queries, whatever the size of the data."""

    def setUp(self):
        super().setUp()
        self.arrive(build_mail(JANA, "support@severka.example", "Warm up", "caches"))
        self.ticket = self.new_ticket()
        other = self.new_ticket(subject="Other")
        self.write_answer(other, self.agent)  # rules, access lists and defaults are cached by now
        self.env["servicedesk.timeline"].with_user(self.agent).get_page(other.id)

    def _fresh(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_new_mail(self):
        row = self.env["servicedesk.intake"]._store(
            build_mail(JANA, "support@severka.example", "VPN", "new").as_bytes(), self.support)
        self._fresh()
        with self.assertQueryCount(25):
            row._process()
            self.env.flush_all()

    def test_reply(self):
        answer = self.write_answer(self.ticket, self.agent)
        row = self.env["servicedesk.intake"]._store(build_mail(
            JANA, "support@severka.example", "VPN", "reply", In_Reply_To=answer.message_id).as_bytes(), self.support)
        self._fresh()
        with self.assertQueryCount(24):
            row._process()
            self.env.flush_all()

    def test_store(self):
        raw = build_mail(JANA, "support@severka.example", "VPN", "ledger").as_bytes()
        self._fresh()
        with self.assertQueryCount(6):
            self.env["servicedesk.intake"]._store(raw, self.support)
            self.env.flush_all()

    def test_answer(self):
        self.arrive(build_mail(JANA, "support@severka.example", f"[{self.ticket.number}]", "question"))
        self._fresh()
        with self.assertQueryCount(22):
            self.write_answer(self.ticket, self.agent)
            self.env.flush_all()

    def test_change_of_priority(self):
        ticket = self.ticket.with_user(self.agent)
        ticket.priority = "2"
        self._fresh()
        with self.assertQueryCount(6):  # rights, companies, the ticket, its change with its line, the ticket, the bus
            ticket.priority = "1"
            self.env.flush_all()

    def test_list(self):
        self.env["servicedesk.ticket"].create([
            {"subject": f"t{n}", "department_id": self.support.id, "owner_id": self.agent.id} for n in range(80)])
        self._fresh()
        specification = {name: {} for name in (
            "number", "subject", "requester", "last_item_preview", "priority", "state", "unread", "last_item_at")}
        specification |= {"partner_id": {"fields": {"display_name": {}}}, "owner_id": {"fields": {"display_name": {}}},
                          "department_id": {"fields": {"display_name": {}}},
                          "tag_ids": {"fields": {"display_name": {}, "color": {}}}}
        Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        Ticket.search([], limit=1)
        self._fresh()
        with self.assertQueryCount(9):
            Ticket.web_search_read([("state", "=", "open")], specification, limit=80)

    def test_opening_a_ticket_of_200_items(self):
        self.env["servicedesk.item"].create([{
            "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "body": f"<p>{n}</p>", "author_user_id": self.agent.id} for n in range(200)])
        self._fresh()
        Timeline = self.env["servicedesk.timeline"].with_user(self.agent)
        # One of them asks who has read what and what is new to the reader, one what other apps have posted.
        with self.assertQueryCount(10):
            page = Timeline.get_page(self.ticket.id)
        self.assertEqual(len(page["entries"]), 30)

    def test_the_form_of_a_ticket(self):
        tickets = self.ticket.with_user(self.agent)
        Form(tickets)
        self._fresh()
        with self.assertQueryCount(16):  # two of them for activities
            Form(tickets)

    def test_marking_a_ticket_and_30_items_as_read(self):
        items = self.env["servicedesk.item"].create([{
            "ticket_id": self.ticket.id, "kind": "note", "direction": "internal", "state": "done",
            "body": f"<p>{n}</p>"} for n in range(30)])
        self._fresh()
        with self.assertQueryCount(3):  # may one read the ticket (two), and one INSERT for all
            self.ticket.with_user(self.agent).mark_shown(items.ids)

    def test_create_100_tickets(self):
        self._fresh()
        with self.assertQueryCount(7):
            self.env["servicedesk.ticket"].create(
                [{"subject": f"t{n}", "department_id": self.support.id} for n in range(100)])
            self.env.flush_all()
