from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ...models.client.ticket import NoteConflict
from ..common import ServicedeskCase


class TestClientNote(ServicedeskCase):
    """One note on the client, on all of the client's tickets."""

    def notes(self, ticket, user):
        return self.env["servicedesk.timeline"].with_user(user).get_context(ticket.id)["notes"]

    def test_it_shows_on_every_ticket_and_is_written_on_any(self):
        first, second = self.new_ticket(), self.new_ticket()
        self.assertEqual([note["body"] for note in self.notes(first, self.agent)], [""])
        first.with_user(self.agent).set_client_note("<p>Call after nine<script>alert(1)</script></p>")
        shown = self.notes(second, self.agent)
        self.assertEqual([(note["partner_id"], str(note["body"])) for note in shown],
                         [(self.client.id, "<p>Call after nine</p>")])
        self.jana.servicedesk_note = "<p>Deaf, write only</p>"
        self.assertEqual([note["client"] for note in self.notes(second, self.agent)], [True, False])
        first.with_user(self.agent).set_client_note("<p><br></p>")
        self.assertFalse(self.client.servicedesk_note)

    def test_a_colleagues_newer_note_is_not_written_over(self):
        ticket = self.new_ticket()
        read = self.notes(ticket, self.agent)[0]["body"]
        ticket.with_user(self.junior).set_client_note("<p>Newer</p>", read)
        with self.assertRaisesRegex(NoteConflict, "has been changed meanwhile"):
            ticket.with_user(self.agent).set_client_note("<p>Older</p>", read)
        self.assertEqual(self.client.servicedesk_note, "<p>Newer</p>")
        newer = self.notes(ticket, self.agent)[0]["body"]
        ticket.with_user(self.agent).set_client_note("<p>Both</p>", newer)
        self.assertEqual(self.client.servicedesk_note, "<p>Both</p>")

    def test_only_those_read_it_who_work_for_the_client(self):
        other = self.env["res.partner"].create({"name": "Lípa", "is_company": True})
        self.client.servicedesk_note = self.jana.servicedesk_note = "<p>They never pay</p>"
        nobody = new_test_user(self.env, "nobody", "servicedesk.group_user,base.group_partner_manager")
        limited = self._new_agent("limited", self.support, "specialist", client_ids=other.ids)
        served = self._new_agent("served", self.support, "specialist", client_ids=self.client.ids)
        for partner in self.client, self.jana:
            for user, reads in ((self.agent, True), (served, True), (limited, False), (nobody, False)):
                [row] = partner.with_user(user).read(["servicedesk_note"])
                self.assertEqual(bool(row["servicedesk_note"]), reads, user.login)
        with self.assertRaises(AccessError):
            self.client.with_user(nobody).servicedesk_note = "<p>Mine</p>"
        self.assertIn("never pay", self.client.servicedesk_note)
        for name, refusal in (("servicedesk_note", ValueError), ("servicedesk_kept_note", AccessError)):
            with self.assertRaises(refusal):
                self.env["res.partner"].with_user(limited).search([(name, "ilike", "never")])

    def test_rights(self):
        ticket = self.new_ticket()
        with self.assertRaises(AccessError):
            ticket.with_user(self.clerk).set_client_note("<p>x</p>")
        self.client.servicedesk_note = "<p>They never pay</p>"
        customer = new_test_user(self.env, "customer", "base.group_portal", partner_id=self.jana.id)
        for user in (customer, new_test_user(self.env, "employee", "base.group_user")):
            with self.assertRaises(AccessError):
                self.client.with_user(user).read(["servicedesk_note"])
        self.assertNotIn("never pay", str(ticket._serialize_for_customer(details=True)))
