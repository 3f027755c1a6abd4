from odoo.exceptions import AccessError, ValidationError

from ...tools import rules
from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestConditions(ServicedeskCase):
    def test_table(self):
        facts = rules.Facts(
            department_id=1, client_id=7, sender="jana@it.acme.example", subject="Záloha SELHALA",
            text="Disk je plný", files=["image/png"], headers={"x-priority": "1 (Highest)"}, working=False)
        for rule, expected in (
            ({}, True),
            ({"event": "new"}, True), ({"event": "answer"}, False), ({"event": "any"}, True),
            ({"channel": "sms"}, False), ({"channel": "email"}, True), ({"channel": "any"}, True),
            ({"department_ids": [2]}, False), ({"department_ids": [1, 2]}, True),
            ({"client_ids": [7]}, True), ({"client_ids": [8]}, False),
            ({"senders": "acme.example"}, True), ({"senders": "@it.acme.example"}, True),
            ({"senders": "@acme.example"}, False), ({"senders": "me.example"}, False),
            ({"senders": "x@y.example, JANA@it.acme.example"}, True),
            ({"subject_words": "zaloha"}, True), ({"subject_words": "backup; selhala"}, True),
            ({"subject_words": "obnova"}, False),
            ({"subject_words": "zaloha", "text_words": "plny"}, True),
            ({"subject_words": "zaloha", "text_words": "prazdny"}, False),
            ({"header_name": "X-Priority:"}, True), ({"header_name": "X-Priority", "header_words": "highest"}, True),
            ({"header_name": "X-Priority", "header_words": "5"}, False), ({"header_name": "X-Other"}, False),
            ({"files": "picture"}, True), ({"files": "pdf"}, False), ({"files": "none"}, False),
            ({"moment": "off"}, True), ({"moment": "working"}, False),
        ):
            with self.subTest(rule=rule):
                self.assertEqual(rules.holds(rule, facts), expected)
        self.assertTrue(rules.holds({"senders": "+420777"}, rules.Facts(sender="+420777123456")))


class TestRule(ServicedeskCase):
    def rule(self, **vals):
        return self.env["servicedesk.rule"].create({"name": "Backup", "subject_words": "záloha", **vals})

    def arrive_about(self, subject="Zaloha selhala", **headers):
        return self.arrive(build_mail(JANA, "support@severka.example", subject, **headers))

    def test_consequences_on_a_new_ticket(self):
        tag = self.env["servicedesk.tag"].create({"name": "Backup"})
        category = self.env["servicedesk.category"].create({"name": "Backup"})
        rule = self.rule(set_department_id=self.billing.id, set_category_id=category.id, set_priority="2",
                         set_owner_id=self.clerk.id, tag_ids=[(6, 0, tag.ids)])
        ticket = self.arrive_about().ticket_id
        self.assertEqual((ticket.department_id, ticket.category_id, ticket.priority, ticket.owner_id, ticket.tag_ids),
                         (self.billing, category, "2", self.clerk, tag))
        self.assertIn(("rule", "Backup"), [(event.kind, event.new_value) for event in ticket.event_ids])
        self.assertEqual(rule.hits, 1)
        self.assertEqual(self.arrive_about("Printer").ticket_id.department_id, self.support)

    def test_order_and_stop(self):
        self.rule(name="First", sequence=1, set_priority="2")
        second = self.rule(name="Second", sequence=2, set_priority="3", stop=True)
        self.rule(name="Third", sequence=3, set_priority="0")
        self.assertEqual(self.arrive_about().ticket_id.priority, "3")
        second.stop = False
        self.assertEqual(self.arrive_about("Zaloha again").ticket_id.priority, "0")

    def test_ban_puts_into_quarantine_and_lasts(self):
        self.rule(ban=True)
        row = self.arrive_about()
        self.assertEqual((row.state, row.outcome, row.item_id.id), ("quarantined", "banned", False))
        self.assertEqual(self.arrive_about("Something else").outcome, "banned")
        row.action_release()
        row._process()
        self.assertTrue(row.ticket_id, "what is released is not banned again")

    def test_closing_and_answer(self):
        template = self.env["servicedesk.template"].create({"name": "T", "subject": "Known", "body": "<p>We know.</p>"})
        self.rule(close=True, template_id=template.id)
        ticket = self.arrive_about().ticket_id
        self.assertEqual(ticket.state, "closed")
        answer = ticket.item_ids.filtered("automatic")
        self.assertEqual((answer.email_to, answer.state), ("jana.novotna@stavbyvltava.example", "queued"))

    def test_robots_get_no_answer(self):
        template = self.env["servicedesk.template"].create({"name": "T", "subject": "Known", "body": "<p>We know.</p>"})
        self.rule(template_id=template.id)
        ticket = self.arrive_about(Precedence="bulk").ticket_id
        self.assertFalse(ticket.item_ids.filtered("automatic"))

    def test_on_answers_only(self):
        self.rule(event="answer", set_priority="3")
        ticket = self.arrive_about().ticket_id
        self.assertEqual(ticket.priority, "1")
        answer = self.write_answer(ticket, self.agent)
        self.arrive_about("Re: Zaloha", In_Reply_To=answer.message_id, Message_Id="<2@customer.example>")
        self.assertEqual(ticket.priority, "3")

    def test_trying_changes_nothing(self):
        self.arrive_about()
        self.arrive_about("Printer")
        rule = self.rule(set_priority="3")
        action = rule.action_try()
        found = self.env["servicedesk.item"].search(action["domain"])
        self.assertEqual(found.mapped("subject"), ["Zaloha selhala"])
        self.assertEqual((found.ticket_id.priority, rule.hits), ("1", 0))

    def test_too_broad_rules_are_refused(self):
        for vals in ({"subject_words": False, "close": True}, {"subject_words": False, "ban": True},
                     {"subject_words": False, "ban": True, "client_ids": [(6, 0, self.client.ids)]}):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                self.rule(**vals)

    def test_only_administrators_write_rules(self):
        with self.assertRaises(AccessError):
            self.env["servicedesk.rule"].with_user(self.clerk).create({"name": "x"})

    def test_without_rules_nothing_is_asked(self):
        self.assertEqual(self.env["servicedesk.rule"]._get_conditions(self.env.company.id), [])
