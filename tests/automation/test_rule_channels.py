from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import new_test_user

from ..common import build_mail
from ..sms.test_sms import JANA as NUMBER
from ..sms.test_sms import SmsCase

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
PDF = b"%PDF-1.4 what the printer says"


class TestRuleChannels(SmsCase):
    """Mail, SMS and portal pass the same rules, and the preview says what they do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id, name=cls.jana.name,
                                     email=cls.jana.email)
        (cls.support | cls.billing).portal_visible = True
        cls.tag = cls.env["servicedesk.tag"].create({"name": "Printers"})
        cls.category = cls.env["servicedesk.category"].create({"name": "Printers"})
        cls.team = cls.env["servicedesk.team"].create({"name": "First line", "department_id": cls.billing.id})

    def setUp(self):
        super().setUp()
        self.ticket.state = "closed"  # what comes by SMS opens one of its own

    def rule(self, channel="any", **vals):
        return self.env["servicedesk.rule"].create({
            "name": "Printers", "text_words": "tiskarna", "channel": channel, **vals})

    def by_email(self, text, ticket=None):
        number = f" [{ticket.number}]" if ticket else ""
        message = build_mail(JANA, "support@severka.example", f"Dotaz{number}", text)
        message.add_attachment(PDF, maintype="application", subtype="octet-stream", filename="log.pdf")
        return self.arrive(message).item_id

    def by_sms(self, text, ticket=None):
        return self.receive(text).item_id

    def by_portal(self, text, ticket=None):
        Ticket = self.env["servicedesk.ticket"].with_user(self.customer)
        files = [("log.pdf", PDF, "application/octet-stream")]
        if ticket:
            own = Ticket._customer_tickets([("id", "=", ticket.id)])
            return self.env["servicedesk.item"].browse(own._customer_answer(text, files).id)
        department = Ticket._get_customer_departments().filtered(lambda found: found == self.support)
        ticket = Ticket._customer_request(department, "Dotaz", text, files)
        return self.env["servicedesk.item"].browse(ticket.item_ids.ids)

    @contextmanager
    def each_way(self, channel):
        """Undo what one channel left behind, so that the next begins as this one did."""
        with self.subTest(channel=channel), self.env.cr.savepoint() as savepoint:
            yield {"email": self.by_email, "sms": self.by_sms, "portal": self.by_portal}[channel]
            savepoint.close(rollback=True)

    def assert_caught(self, rule, items):
        """By what the rule did, and by what the preview says that it would do."""
        tried = self.env["servicedesk.item"].search(rule.action_try()["domain"])
        self.assertEqual((rule.hit_ids.item_id, tried), (items, items))

    def test_consequences_on_what_opens_a_ticket(self):
        for channel in ("email", "sms", "portal"):
            with self.each_way(channel) as write:
                rule = self.rule(
                    channel, department_ids=[(6, 0, self.support.ids)], set_department_id=self.billing.id,
                    set_category_id=self.category.id, set_priority="3", set_owner_id=self.clerk.id,
                    set_team_id=self.team.id, tag_ids=[(6, 0, self.tag.ids)])
                others = self.env["servicedesk.rule"].create([
                    {"name": other, "text_words": "tiskarna", "channel": other, "set_priority": "0", "sequence": 99}
                    for other in {"email", "sms", "portal"} - {channel}])
                item = write("Tiskárna nejede.")
                ticket = item.ticket_id
                self.assertEqual(
                    (ticket.department_id, ticket.category_id, ticket.priority, ticket.owner_id, ticket.team_id,
                     ticket.tag_ids, ticket.state),
                    (self.billing, self.category, "3", self.clerk, self.team, self.tag, "open"))
                self.assertEqual(item.kind, channel)
                self.assert_caught(rule, item)
                for other in others:
                    self.assert_caught(other, item.browse())
                lines = ticket.event_ids.filtered(lambda event: event.kind in ("rule", "priority", "owner_id"))
                self.assertFalse(lines.user_id, "the desk did it, not the customer")

    def test_new_and_answers(self):
        for channel in ("email", "sms", "portal"):
            with self.each_way(channel) as write:
                opening = self.rule(event="new", set_priority="2")
                answering = self.rule(event="answer", set_priority="3", close=True)
                first = write("Tiskárna nejede.")
                ticket = first.ticket_id
                self.assertEqual((ticket.priority, ticket.state), ("2", "open"))
                second = write("Ta tiskárna zase nejede.", ticket)
                self.assertEqual((second.ticket_id, ticket.priority, ticket.state), (ticket, "3", "closed"))
                write("Děkuji.", ticket)
                self.assert_caught(opening, first)
                self.assert_caught(answering, second)

    def test_files_words_and_senders_are_the_same_facts(self):
        for channel, senders in (("email", "@stavbyvltava.example"), ("sms", NUMBER),
                                 ("portal", "jana.novotna@stavbyvltava.example")):
            with self.each_way(channel) as write:
                files = "none" if channel == "sms" else "pdf"
                rules = [self.rule(senders=senders), self.rule(files=files), self.rule(client_ids=self.client.ids),
                         self.rule(subject_words="tiskarna" if channel == "sms" else "dotaz")]
                other = [self.rule(senders="@else.example"), self.rule(files="picture"), self.rule(header_name="X-No")]
                item = write("Tiskárna nejede. Pomoc!")
                for rule in rules:
                    self.assert_caught(rule, item)
                for rule in other:
                    self.assert_caught(rule, item.browse())

    def test_working_hours_are_those_when_it_arrived(self):
        self.support.calendar_id = self.env.company.resource_calendar_id
        for channel in ("email", "sms", "portal"):
            with self.each_way(channel) as write:
                working, off = self.rule(moment="working"), self.rule(moment="off")
                with freeze_time(datetime(2026, 3, 8, 12)):  # a Sunday
                    item = write("Tiskárna nejede.")
                with freeze_time(datetime(2026, 3, 9, 12)):
                    self.assert_caught(off, item)
                    self.assert_caught(working, item.browse())

    def test_a_template_answers_mail_and_portal(self):
        template = self.env["servicedesk.template"].create({"name": "T", "subject": "Known", "body": "<p>We know.</p>"})
        for channel, answers in (("email", 1), ("sms", 0), ("portal", 1)):
            with self.each_way(channel) as write:
                self.rule(template_id=template.id)
                answer = write("Tiskárna nejede.").ticket_id.item_ids.filtered("automatic")
                self.assertEqual(answer.mapped("email_to"), ["jana.novotna@stavbyvltava.example"] * answers)

    def test_a_ban_lets_mail_and_sms_wait_and_leaves_the_portal_alone(self):
        for channel in ("email", "sms", "portal"):
            with self.each_way(channel) as write:
                rule = self.rule(ban=True, tag_ids=[(6, 0, self.tag.ids)])
                item = write("Tiskárna nejede.")
                self.assertEqual(rule.hits, 1)
                if channel == "portal":
                    self.assertEqual(item.ticket_id.tag_ids, self.tag)
                    self.assertFalse(self.env["servicedesk.ban"].search([]))
                else:
                    self.assertFalse(item)
                    row = self.env["servicedesk.intake"].search([], limit=1)
                    self.assertEqual((row.state, row.outcome), ("quarantined", "banned"))
                    write("Něco jiného.")
                    self.assertEqual(self.env["servicedesk.intake"].search([], limit=1).outcome, "banned")

    def test_a_rule_that_fails_stops_no_message(self):
        for channel in ("email", "sms", "portal"):
            for step in ("_apply", "_get_facts"):
                with self.each_way(channel) as write:
                    self.rule(set_priority="3", tag_ids=[(6, 0, self.tag.ids)])
                    with patch.object(self.registry["servicedesk.rule"], step, side_effect=ValueError("SECRET")), \
                            self.assertLogs("odoo.addons.servicedesk.models.automation.rule", "WARNING"):
                        item = write("Tiskárna nejede.")
                    self.assertEqual((item.kind, item.ticket_id.priority), (channel, "1"))
                    history = item.ticket_id.event_ids.filtered(lambda event: event.kind == "rule")
                    self.assertIn("SECRET", history.new_value)

    def test_one_act_is_one_change(self):
        """The people whom a request in the portal concerns are told of what came of it, each once."""
        self.rule(set_owner_id=self.agent.id, set_priority="3")
        ticket = self.by_portal("Tiskárna nejede.").ticket_id
        self.assertEqual(len(ticket.event_ids.change_id), 1)
        notices = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id)])
        self.assertEqual(len(notices.filtered(lambda notice: notice.user_id == self.agent)), 1)
        ticket.state = "closed"
        self.env["servicedesk.rule"].search([]).write({"event": "answer", "set_priority": "0"})
        changes = ticket.event_ids.change_id
        self.by_portal("Tiskárna zase nejede.", ticket)
        change = ticket.event_ids.change_id - changes
        self.assertEqual({line.kind: line.user_id for line in change.line_ids},
                         {"state": self.customer, "priority": self.env["res.users"]})
