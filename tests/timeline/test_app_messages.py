from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..common import ServicedeskCase


class TestAppMessages(ServicedeskCase):
    """What other apps post on a ticket stands on the time line, as theirs, for agents."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(owner_id=self.agent.id)

    def page(self, user=None, **options):
        self.env.flush_all()
        return self.env["servicedesk.timeline"].with_user(user or self.agent).get_page(self.ticket.id, **options)

    def posted(self, **options):
        return [entry for entry in self.page(**options)["entries"] if entry["type"] == "message"]

    def post(self, **values):
        return self.ticket.message_post(**values)

    def test_a_posted_message(self):
        file = self.env["ir.attachment"].create({"name": "order.pdf", "raw": b"%PDF-"})
        message = self.post(
            body="<p>Order S0042 confirmed</p>", subject="Order", author_id=self.alena.id, attachment_ids=file.ids)
        (entry,) = self.posted()
        self.assertEqual((entry["id"], entry["author"]["name"], entry["subject"], entry["recipients"]),
                         (message.id, "Alena Hájková", "Order", ""))
        self.assertIn("S0042", entry["body"])
        self.assertEqual([one["name"] for one in entry["attachments"]], ["order.pdf"])
        self.assertEqual(file.with_user(self.agent).raw, b"%PDF-", "an agent opens its file")

    def test_what_only_tells_one_user_is_left_out(self):
        self.ticket.message_notify(body="hush", partner_ids=self.agent.partner_id.ids)
        self.assertFalse(self.posted())

    def test_a_template_mail_stays_after_it_has_left(self):
        template = self.env["mail.template"].create({
            "name": "Survey", "model_id": self.env["ir.model"]._get_id("servicedesk.ticket"), "auto_delete": True,
            "subject": "How was it?", "body_html": "<p>Tell us</p>", "email_to": "jana.novotna@stavbyvltava.example"})
        mail = self.env["mail.mail"].browse(template.send_mail(self.ticket.id))
        mail._postprocess_sent_message(success_pids=[], success_emails=[])
        self.assertEqual([entry["subject"] for entry in self.posted()], ["How was it?"])

    def test_a_done_activity(self):
        activity = self.ticket.with_user(self.agent).activity_schedule(
            "mail.mail_activity_data_todo", summary="Ring the supplier", user_id=self.agent.id)
        activity.action_feedback("He sends it on Monday")
        (entry,) = self.posted()
        self.assertEqual(entry["author"]["user_id"], self.agent.id)
        self.assertTrue(entry["activity"])
        self.assertIn("He sends it on Monday", entry["body"])

    def test_what_core_tells_of_a_tracked_field(self):
        message = self.post(body="")
        field = self.env["ir.model.fields"]._get("servicedesk.ticket", "contact_email")
        self.env["mail.tracking.value"].create({
            "mail_message_id": message.id, "field_id": field.id, "old_value_char": "a@b.example",
            "new_value_char": "c@d.example"})
        self.assertEqual(self.posted()[0]["changes"], [
            {"label": "Contact's e-mail", "old": "a@b.example", "new": "c@d.example"}])

    def test_pages(self):
        start = fields.Datetime.now() - timedelta(days=1)
        for number in range(25):
            self.post(body=f"message {number}", date=start + timedelta(minutes=number))
            note = self.env["servicedesk.item"]._prepare_note_vals(self.ticket, f"<p>note {number}</p>", self.agent)
            self.env["servicedesk.item"].create(note | {"date": start + timedelta(minutes=number)})
        seen, cursor, pages = [], None, 0
        while pages == 0 or cursor:
            page = self.page(cursor=cursor, limit=7)
            seen = [entry["key"] for entry in page["entries"]] + seen
            cursor, pages = page["cursor"], pages + 1
        self.assertEqual(len(seen), len(set(seen)), "none twice")
        self.assertEqual(sum(key.startswith("mail.message") for key in seen), 25)
        self.assertEqual(sum(key.startswith("servicedesk.item") for key in seen), 25)

    def test_no_statement_more_for_more_messages(self):
        def count(number):
            for _turn in range(number):
                self.post(body="x", author_id=self.jana.id, partner_ids=self.alena.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.page(limit=100)
            return self.env.cr.sql_log_count - before

        self.page()
        self.assertEqual(count(2), count(20))

    def test_open_screens_hear_of_it(self):
        self.env["bus.bus"].search([]).unlink()
        self.post(body="x")
        self.env.cr.precommit.run()
        self.assertTrue(self.env["bus.bus"].search([("message", "like", "servicedesk.ticket/changed")]))

    def test_customers_never_see_it(self):
        customer = new_test_user(self.env, "jana", "base.group_portal", partner_id=self.jana.id)
        self.post(body="Tajenka", subtype_xmlid="mail.mt_comment")
        self.post(body="Tajenka 2", subtype_xmlid="mail.mt_comment", partner_ids=self.alena.ids)
        mine = self.ticket.with_user(customer)._customer_tickets()
        self.assertIn(self.ticket.id, mine.ids)
        shown = repr([ticket._serialize_for_customer() for ticket in mine])
        self.assertIn("VPN", shown)
        self.assertNotIn("Tajenka", shown)


@tagged("post_install", "-at_install")
class TestActivityTour(ServicedeskCase, HttpCase):
    """Activities on a ticket as everywhere in Odoo, in a real browser."""

    def test_schedule_and_mark_done(self):
        self.agent.password = "agent"
        ticket = self.new_ticket(subject="Router", owner_id=self.agent.id)
        self.start_tour(f"/odoo/tickets/{ticket.id}", "servicedesk_activities", login="agent")
        self.assertFalse(ticket.activity_ids)
        self.assertIn("Order the router", "".join(ticket.message_ids.mapped("body")))
