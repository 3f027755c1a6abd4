from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, ValidationError

from ..common import ServicedeskCase


class TestSubstitution(ServicedeskCase):
    """X does Y's work from … to …, and sees nothing of it before and after."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(owner_id=self.agent.id)
        self.note = self.env["servicedesk.item"].create(
            self.env["servicedesk.item"]._prepare_note_vals(self.ticket, "<p>Key</p>", self.agent))
        self.now = fields.Datetime.now().replace(microsecond=0)

    def substitute(self, **vals):
        return self.env["servicedesk.substitution"].with_user(self.agent).create({
            "absent_id": self.agent.id, "substitute_id": self.clerk.id, "starts_at": self.now,
            "ends_at": self.now + timedelta(hours=8), "reason": "Leave", **vals})

    def sees(self, user):
        """What the user sees of the ticket at this moment, in a transaction of its own as it were."""
        self.env["res.users"].invalidate_model(["servicedesk_departments"])
        self.env.invalidate_all()
        return bool(self.env["servicedesk.ticket"].with_user(user).search_count([("id", "=", self.ticket.id)]))

    def test_begins_and_ends_by_itself_to_the_second(self):
        self.substitute()
        for seconds, expected in ((-1, False), (0, True), (8 * 3600 - 1, True), (8 * 3600, False)):
            with self.subTest(seconds=seconds), freeze_time(self.now + timedelta(seconds=seconds)):
                self.assertEqual(self.sees(self.clerk), expected)

    def test_items_files_counts_and_notices_go_the_same_way(self):
        self.substitute()
        with freeze_time(self.now + timedelta(minutes=1)):
            self.assertTrue(self.sees(self.clerk))
            self.assertEqual(self.env["servicedesk.item"].with_user(self.clerk).search_count(
                [("ticket_id", "=", self.ticket.id)]), 1)
            self.env["servicedesk.notice"].with_user(self.junior)._notify(self.agent, "mention", self.ticket)
            notice = self.env["servicedesk.notice"].search([("user_id", "=", self.clerk.id)])
            self.assertEqual((notice.kind, notice.for_user_id), ("mention", self.agent))
        with freeze_time(self.now + timedelta(hours=9)):
            self.assertFalse(self.sees(self.clerk))
            self.assertFalse(self.env["servicedesk.item"].with_user(self.clerk).search(
                [("ticket_id", "=", self.ticket.id)]))
            self.assertEqual(self.env["servicedesk.notice"].with_user(self.clerk).get_inbox()["unread"], 0)

    def test_templates_of_the_absent_ones_departments(self):
        template = self.env["servicedesk.template"].create(
            {"name": "Restart", "department_id": self.support.id, "body": "<p>About {{ticket.number}}.</p>"})
        Template = self.env["servicedesk.template"].with_user(self.clerk)
        self.substitute()
        for minutes, offered in ((-1, False), (1, True), (8 * 60, False)):
            with self.subTest(minutes=minutes), freeze_time(self.now + timedelta(minutes=minutes)):
                self.assertEqual(self.sees(self.clerk), offered)
                self.assertEqual(bool(Template.search([("id", "=", template.id)])), offered)
                if offered:
                    self.assertEqual([row["name"] for row in Template.find_for_ticket(self.ticket.id)], ["Restart"])
                    html = Template.render_for_ticket(template.id, self.ticket.id)["html"]
                    self.assertIn(self.ticket.number, html)
                    Template.browse(template.id).note_use()
                else:
                    with self.assertRaises(AccessError):
                        Template.render_for_ticket(template.id, self.ticket.id)

    def test_only_what_the_absent_one_owns(self):
        other = self.new_ticket(owner_id=self.junior.id)
        free = self.new_ticket()
        self.substitute()
        with freeze_time(self.now + timedelta(minutes=1)):
            self.sees(self.clerk)
            found = self.env["servicedesk.ticket"].with_user(self.clerk).search([])
            self.assertIn(self.ticket, found)
            self.assertFalse(found & (other | free))

    def test_what_is_done_is_marked(self):
        self.substitute()
        with freeze_time(self.now + timedelta(minutes=1)):
            self.sees(self.clerk)
            self.ticket.with_user(self.clerk).priority = "2"
            event = self.ticket.event_ids.filtered(lambda event: event.kind == "priority")
            self.assertEqual((event.user_id, event.for_user_id), (self.clerk, self.agent))
            item = self.write_answer(self.ticket, self.clerk)
            self.assertEqual(item.for_user_id, self.agent)
            page = self.env["servicedesk.timeline"].with_user(self.clerk).get_page(self.ticket.id)
            self.assertIn("Clerk for Agent", [entry["author"]["name"] for entry in page["entries"]
                                              if entry["type"] == "item"])

    def test_who_may_arrange_it(self):
        with self.assertRaises(AccessError):
            self.env["servicedesk.substitution"].with_user(self.clerk).create({
                "absent_id": self.agent.id, "substitute_id": self.clerk.id,
                "ends_at": self.now + timedelta(hours=1)})
        self.support.manager_id = self.clerk
        self.env["servicedesk.substitution"].with_user(self.clerk).create({
            "absent_id": self.agent.id, "substitute_id": self.junior.id, "ends_at": self.now + timedelta(hours=1)})

    def test_a_manager_gives_only_what_lies_in_managed_departments(self):
        """The colleague works elsewhere too; that is other managers' to give."""
        dispatch = self.env["servicedesk.department"].create({"name": "Dispatch", "parent_id": self.billing.id})
        self.env["servicedesk.membership"].create([
            {"user_id": self.agent.id, "department_id": department.id} for department in (self.billing, dispatch)])
        boss = self._new_agent("boss", self.support, "specialist")
        stand_in = self._new_agent("standin", self.support, "own")
        self.support.manager_id = boss
        theirs = self.new_ticket(department_id=self.billing.id, owner_id=self.agent.id)
        below = self.new_ticket(department_id=dispatch.id, owner_id=self.agent.id)
        tickets = self.ticket | theirs | below
        record = self.env["servicedesk.substitution"].with_user(boss).create({
            "absent_id": self.agent.id, "substitute_id": stand_in.id, "starts_at": self.now,
            "ends_at": self.now + timedelta(hours=8), "arranged_by_id": self.agent.id})

        def seen():
            self.sees(stand_in)
            return self.env["servicedesk.ticket"].with_user(stand_in).search([("id", "in", tickets.ids)])

        with freeze_time(self.now + timedelta(minutes=1)):
            self.assertEqual(seen(), self.ticket)
            Notice = self.env["servicedesk.notice"].with_user(self.junior)
            Notice._notify(self.agent, "mention", theirs)
            Notice._notify(self.agent, "mention", self.ticket)
            self.assertEqual(Notice.sudo().search([("user_id", "=", stand_in.id)]).ticket_id, self.ticket)
            membership = self.env["servicedesk.membership"].create(
                {"user_id": stand_in.id, "department_id": self.billing.id})
            self.assertFalse(theirs.with_user(stand_in)._is_own_work())
            self.assertTrue(self.ticket.with_user(stand_in)._is_own_work())
            membership.unlink()
            record.with_user(boss).write({"arranged_by_id": False, "ends_at": self.now + timedelta(hours=9)})
            self.assertEqual(seen(), self.ticket)
            self.billing.manager_id = boss
            self.assertEqual(seen(), tickets, "what lies below is managed too")
            self.billing.manager_id = False
            record.with_user(self.agent).ends_at = self.now + timedelta(hours=7)
            self.assertEqual(seen(), tickets, "one's own work is one's own to give")
            record.with_user(boss).substitute_id = stand_in
            self.assertEqual(seen(), self.ticket, "a manager cannot hand on what the colleague gave to somebody")

    def test_a_substitute_does_not_hand_on_what_is_not_own(self):
        record = self.substitute()
        with self.assertRaises(AccessError):
            record.with_user(self.clerk).ends_at = self.now + timedelta(days=30)

    def test_only_people_of_the_desk(self):
        outsider = self.env["res.users"].create({"name": "O", "login": "outsider"})
        with self.assertRaises(ValidationError):
            self.substitute(substitute_id=outsider.id)

    def test_ending_early_counts_at_once(self):
        record = self.substitute(starts_at=self.now - timedelta(hours=1))
        self.assertTrue(self.sees(self.clerk))
        record.action_end()
        self.assertFalse(self.sees(self.clerk))


class TestClientScope(ServicedeskCase):
    """ORG-05: a membership that covers some clients only."""

    def test_membership_for_chosen_clients(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        theirs, others, nobodys = self.new_ticket(), self.new_ticket(partner_id=other.id, contact_id=False), \
            self.new_ticket(partner_id=False, contact_id=False)
        membership = self.agent.servicedesk_membership_ids
        membership.client_ids = self.client
        Ticket = self.env["servicedesk.ticket"].with_user(self.agent)
        found = Ticket.search([("id", "in", (theirs | others | nobodys).ids)])
        self.assertEqual(found, theirs)
        self.assertFalse(self.env["servicedesk.intake"].with_user(self.agent).search([]))
        self.assertEqual(Ticket._read_group([("id", "in", (theirs | others).ids)], [], ["__count"]), [(1,)])
        membership.client_ids = False
        self.assertEqual(Ticket.search_count([("id", "in", (theirs | others | nobodys).ids)]), 3)
