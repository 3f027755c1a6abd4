from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


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
