import json
import runpy
import time
from unittest.mock import patch
from urllib.parse import parse_qs, urlencode, urlsplit

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools.misc import file_path

from ...tools.sms.sms_gateway import ACCEPTED, DOWN, REFUSED, UNKNOWN, Result, base, generic, kannel, twilio
from ..common import ServicedeskCase

JANA = "+420602123456"


class SmsCase(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cz")
        cls.gateway = cls.env["servicedesk.sms.gateway"].create({
            "name": "Kannel", "provider": "kannel", "url": "http://127.0.0.1:9/cgi-bin/sendsms", "username": "odoo",
            "new_password": "out-secret", "new_secret": "in-secret", "numbers": "+420 910 000 001"})
        cls.support.write({"sms_enabled": True, "sms_gateway_id": cls.gateway.id, "sms_number": "910 000 001"})
        cls.jana.write({"phone": "602 12 34 56", "country_id": cls.env.ref("base.cz").id})
        cls.item = cls.env["servicedesk.item"]

    def setUp(self):
        super().setUp()
        self.patch(self.env.cr, "commit", lambda: None)
        self.patch(self.env.cr, "rollback", lambda: None)
        self.ticket = self.new_ticket(partner_id=self.client.id)
        self.support.undo_seconds = 0

    def write_sms(self, text="Technik dorazí zítra.", to="602 123 456 (Jana)", ticket=None, user=None):
        Item = self.item.with_user(user or self.agent)
        item = Item.browse(Item.save_draft((ticket or self.ticket).id, "sms", {"phone_to": to, "sms_text": text}))
        item.action_send()
        return item.sudo()

    def run_worker(self, outcome=ACCEPTED, **values):
        """Run the sending worker against a gateway that answers with ``outcome``; return the messages it was given."""
        given = []

        def send_one(gateway, message):
            given.append(message)
            answer = outcome(message) if callable(outcome) else outcome
            return answer if isinstance(answer, Result) else Result(message.reference, answer, **values)

        with patch.object(kannel.Kannel, "_send_one", send_one):
            self.env["servicedesk.sms"]._cron_send()
        return given

    def report(self, sms, status, reason="", minutes=0):
        self.gateway._store_report(base.Report(sms.reference, "", status, reason))
        self.env["servicedesk.intake"]._cron_process_sms()

    def receive(self, text, sender="420602123456", to="+420910000001", number=None, process=True):
        """Let an SMS come in through the gateway's door; return its row in the ledger."""
        params = {"secret": "in-secret", "from": sender, "to": to, "text": text}
        if number:
            params["id"] = number
        url = "/servicedesk/sms/x/in?" + urlencode(params)
        before = self.env["servicedesk.intake"].search([], limit=1, order="id desc").id or 0
        status, *_rest = self.gateway._receive(self.gateway.token, "in", base.Request("GET", url), "192.0.2.1")
        self.assertEqual(status, 200)
        row = self.env["servicedesk.intake"].search([("id", ">", before)])
        if process:
            self.env["servicedesk.intake"]._cron_process_sms()
        return row


class TestSmsOut(SmsCase):
    def test_leaves_and_is_delivered(self):
        item = self.write_sms(to="602 123 456 (Jana), 00421912123456")
        self.assertEqual((item.state, item.direction, item.phone_from), ("queued", "out", "+420910000001"))
        self.assertEqual(item.phone_to, "+420602123456 (Jana), +421912123456")
        self.assertEqual(item.sms_ids.mapped("number"), [JANA, "+421912123456"])
        self.assertEqual((self.ticket.state, self.ticket.waiting_for), ("waiting", "customer"))
        given = self.run_worker()
        self.assertEqual([(m.number, m.sender, m.text) for m in given], [
            (JANA, "+420910000001", "Technik dorazí zítra."),
            ("+421912123456", "+420910000001", "Technik dorazí zítra.")])
        self.assertEqual(item.state, "sent")
        self.report(item.sms_ids[0], "delivered")
        self.assertEqual(item.state, "sent", "one of two")
        self.report(item.sms_ids[1], "delivered")
        self.assertEqual((item.state, item.failure_reason), ("delivered", False))
        self.assertFalse(self.run_worker(), "nothing leaves twice")

    def test_refused_by_the_gateway_can_be_mended(self):
        item = self.write_sms()
        self.run_worker(REFUSED, reason="number is barred")
        self.assertEqual(item.state, "failed")
        self.assertEqual(item.failure_reason, "+420 602 123 456: The number is blocked for SMS.")
        self.assertEqual(item.failure_detail, "+420 602 123 456: number is barred")
        self.assertEqual((self.ticket.state, self.ticket.unread), ("open", True))
        item.with_user(self.agent).action_edit()
        self.assertEqual((item.state, len(item.sms_ids)), ("draft", 0))
        item.with_user(self.agent).write({"phone_to": "+420 602 999 888"})
        item.with_user(self.agent).action_send()
        self.assertEqual([message.number for message in self.run_worker()], ["+420602999888"])

    def test_retry_reaches_only_those_without(self):
        item = self.write_sms(to="602123456, 602999888")
        self.run_worker(lambda message: ACCEPTED if message.number == JANA else REFUSED)
        self.assertEqual(item.state, "failed")
        with self.assertRaisesRegex(UserError, "reached nobody"):
            item.with_user(self.agent).action_edit()
        first = item.sms_ids[1].reference
        item.with_user(self.agent).action_retry()
        [again] = self.run_worker()
        self.assertEqual(again.number, "+420602999888")
        self.assertNotEqual(again.reference, first, "a late report of the first attempt is not about the second")
        self.assertEqual(item.state, "sent")

    def test_gateway_down_keeps_everything_and_is_tried_less_and_less(self):
        items = [self.write_sms(f"SMS {n}", ticket=self.new_ticket()) for n in range(3)]
        given = self.run_worker(DOWN, reason="ConnectionError")
        self.assertEqual(len(given), 1, "the others wait without trying")
        self.assertEqual([item.state for item in items], ["queued"] * 3)
        self.assertIn("not available", items[0].failure_reason)
        self.assertIn("ConnectionError", items[0].failure_detail)
        self.assertEqual(self.gateway.down_reason, "The SMS gateway is not available.")
        self.assertTrue(self.gateway.down_since)
        pauses = []
        for _round in range(7):
            pauses.append((self.gateway.retry_at - fields.Datetime.now()).total_seconds() / 60)
            self.gateway.retry_at = fields.Datetime.now()
            self.run_worker(DOWN)
        self.assertEqual([round(pause) for pause in pauses], [1, 2, 5, 10, 30, 60, 60])
        self.assertFalse(self.run_worker(), "it is left alone until then")
        self.gateway.with_user(self.env.ref("base.user_admin")).action_try_now()
        self.assertEqual([message.text for message in self.run_worker()], ["SMS 0", "SMS 1", "SMS 2"])
        self.assertEqual([item.state for item in items], ["sent"] * 3)
        self.assertFalse(self.gateway.down_since or self.gateway.down_reason)
        self.assertFalse(items[0].failure_reason)

    def test_cut_off_becomes_unknown_and_the_late_report_settles_it(self):
        item = self.write_sms()
        item.sms_ids.state = item.state = "sending"
        self.assertFalse(self.run_worker())
        self.assertEqual(item.state, "unknown")
        self.report(item.sms_ids, "delivered")
        self.assertEqual((item.state, item.failure_reason), ("delivered", False))
        other = self.write_sms("Again")
        self.run_worker(UNKNOWN, reason="ReadTimeout")
        self.assertEqual(other.state, "unknown")
        self.assertFalse(self.run_worker())
        other.with_user(self.agent).action_mark_sent()
        self.assertEqual((other.state, other.sms_ids.state), ("sent", "sent"))

    def test_reports_late_twice_and_against_each_other(self):
        item = self.write_sms()
        self.run_worker()
        sms = item.sms_ids
        self.report(sms, "failed", "expired")
        self.assertEqual((item.state, item.failure_reason), (
            "failed", "+420 602 123 456: The message expired before it could be delivered."))
        self.report(sms, "sent")
        self.assertEqual(item.state, "failed")
        self.report(sms, "delivered")
        self.report(sms, "delivered")
        self.report(sms, "failed", "expired")
        self.assertEqual(item.state, "delivered")
        long = self.write_sms("x" * 200)
        self.run_worker()
        self.assertEqual(long.sms_ids.segment_count, 2)
        self.report(long.sms_ids, "failed", "expired")
        self.report(long.sms_ids, "delivered")
        self.assertEqual(long.state, "failed", "one of its parts is missing")
        count = self.env["servicedesk.sms.report"].search_count([])
        self.gateway._store_report(base.Report("nobody", "", "delivered"))
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertEqual(self.env["servicedesk.sms.report"].search([], limit=1, order="id desc").state, "unmatched")
        self.assertEqual(self.env["servicedesk.sms.report"].search_count([]), count + 1)

    def test_nothing_incomplete_leaves(self):
        for text, to, words in (("", JANA, "nothing to send"), ("Hi", "", "Whom"), ("Hi", "12", "not a phone number"),
                                ("ž" * 700, JANA, "too long")):
            with self.assertRaisesRegex(UserError, words):
                self.write_sms(text, to)
        self.support.sms_enabled = False
        with self.assertRaisesRegex(UserError, "sends no SMS"):
            self.write_sms()
        self.support.sms_enabled = True
        self.env["phone.blacklist"]._add([JANA])
        with self.assertRaisesRegex(UserError, "STOP"):
            self.write_sms()
        self.assertFalse(self.env["servicedesk.sms"].search([("item_id.ticket_id", "=", self.ticket.id)]))

    def test_stop_that_comes_while_it_waits(self):
        item = self.write_sms()
        self.env["phone.blacklist"]._add([JANA])
        self.assertFalse(self.run_worker())
        self.assertEqual(item.state, "failed")
        self.assertIn("STOP", item.failure_reason)

    def test_a_person_typed_with_a_name_becomes_a_contact(self):
        self.write_sms(to="777 123 123 (Tomáš Vlk), 602 123 456 (Jana), 777 321 321")
        vlk = self.env["res.partner"].search([("phone_sanitized", "=", "+420777123123")])
        self.assertEqual((vlk.name, vlk.parent_id), ("Tomáš Vlk", self.client))
        self.assertEqual(self.env["res.partner"].search([("phone_sanitized", "=", JANA)]), self.jana)
        self.assertFalse(self.env["res.partner"].search([("phone_sanitized", "=", "+420777321321")]))
        stray = self.env["servicedesk.ticket"].create({"subject": "No client", "department_id": self.support.id})
        self.write_sms(to="777 999 999 (Eva)", ticket=stray)
        self.assertEqual((stray.contact_name, stray.contact_phone, stray.partner_id.id), (
            "Eva", "+420777999999", False))

    def test_can_be_taken_back_and_scheduled_as_mail(self):
        self.support.undo_seconds = 10
        item = self.write_sms("Přijedeme zítra")
        self.assertFalse(self.run_worker(), "it can still be had back")
        item.with_user(self.agent).action_take_back()
        self.assertEqual((item.state, item.sms_text, len(item.sms_ids)), ("draft", "Přijedeme zítra", 0))
        self.assertEqual(self.ticket.state, "open")
        item.with_user(self.agent).action_schedule(fields.Datetime.add(fields.Datetime.now(), hours=1))
        self.assertEqual((item.state, self.ticket.state), ("scheduled", "open"))
        self.assertFalse(self.run_worker())
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), minutes=61)):
            [message] = self.run_worker()
        self.assertEqual((message.text, item.state, self.ticket.state), ("Přijedeme zítra", "sent", "waiting"))

    def test_a_scheduled_one_is_edited_cancelled_and_sent_now(self):
        item = self.write_sms("Přijedeme zítra")
        item.with_user(self.agent).action_take_back()
        tomorrow = fields.Datetime.add(fields.Datetime.now(), days=1)
        item.with_user(self.agent).action_schedule(tomorrow)
        item.with_user(self.agent).action_edit()
        self.assertEqual((item.state, item.sms_text, len(item.sms_ids)), ("draft", "Přijedeme zítra", 0))
        item.with_user(self.agent).action_schedule(tomorrow)
        item.with_user(self.agent).action_cancel_schedule()
        self.assertEqual((item.state, item.send_at, len(item.sms_ids)), ("draft", False, 0))
        item.with_user(self.agent).action_schedule(tomorrow)
        self.assertFalse(self.run_worker())
        item.with_user(self.agent).action_send_now()
        self.assertEqual([message.text for message in self.run_worker()], ["Přijedeme zítra"])
        with self.assertRaisesRegex(UserError, "reached nobody"):
            item.with_user(self.agent).action_edit()

    def test_a_variable_without_a_value_stops_it(self):
        Item = self.env["servicedesk.item"].with_user(self.agent)
        start = Item.prepare_draft(self.ticket.id, "sms")
        self.assertIn("your telephone number", start["variables"])
        draft = Item.browse(Item.save_draft(self.ticket.id, "sms", {
            "phone_to": JANA, "sms_text": "Volejte [[your telephone number]], viz [[2]]"}))
        with self.assertRaisesRegex(UserError, "your telephone number$"):
            draft.action_send()
        draft.sms_text = "Volejte 222 333 444, viz [[2]]"
        draft.action_send()
        self.assertEqual(draft.state, "queued")

    def test_draft_starts_with_the_asker(self):
        start = self.item.with_user(self.agent).prepare_draft(self.ticket.id, "sms")
        self.assertEqual((start["phone_to"], start["phone_from"]), (f"{JANA} ({self.jana.name})", "+420910000001"))
        self.receive("Prosím volejte", "+420777888999")
        stranger = self.env["servicedesk.ticket"].search([("contact_phone", "=", "+420777888999")])
        start = self.item.with_user(self.agent).prepare_draft(stranger.id, "sms")
        self.assertEqual(start["phone_to"], "+420777888999")
        self.assertEqual(self.item.with_user(self.agent).suggest_numbers(self.ticket.id, "60212")[0]["number"], JANA)

    def test_agents_see_the_sms_of_their_tickets_only(self):
        item = self.write_sms()
        Sms = self.env["servicedesk.sms"]
        self.assertEqual(Sms.with_user(self.agent).search([("id", "in", item.sms_ids.ids)]), item.sms_ids)
        self.assertFalse(Sms.with_user(self.clerk).search([("id", "in", item.sms_ids.ids)]))
        self.gateway._send_text([JANA], "Urgent", self.env.company)
        self.assertFalse(Sms.with_user(self.agent).search([("origin", "=", "system")]))
        for change in (lambda: item.sms_ids.with_user(self.agent).write({"state": "delivered"}),
                       lambda: Sms.with_user(self.agent).create({"number": JANA, "gateway_id": self.gateway.id})):
            with self.assertRaises(AccessError):
                change()

    def test_texts_of_the_system(self):
        queued = self.env["servicedesk.sms.gateway"]._send_text(["602 123 456", "+420602123456", "x"], "Urgent",
                                                                self.env.company)
        self.assertEqual(queued.mapped("number"), [JANA])
        [message] = self.run_worker()
        self.assertEqual((message.text, message.sender), ("Urgent", "+420910000001"))
        self.assertEqual(queued.state, "sent")

    def test_secrets_are_never_shown(self):
        admin = self.env.ref("base.user_admin")
        gateway = self.gateway.with_user(admin)
        values = gateway.read()[0]
        self.assertNotIn("password", values)
        self.assertNotIn("secret", values)
        self.assertFalse(values["new_password"] or values["new_secret"])
        self.assertTrue(values["password_set"] and values["secret_set"])
        for name in ("password", "secret"):
            with self.assertRaises(AccessError):
                gateway.read([name])
            with self.assertRaises(AccessError):
                gateway.search([(name, "=like", "o%")])
        gateway.new_password = "other"
        self.assertEqual(self.gateway.sudo().password, "other")
        with self.assertRaises(AccessError):
            self.gateway.with_user(self.agent).read(["token"])

    def test_other_apps_go_the_same_way_if_the_company_wishes(self):
        partner = self.jana
        self.gateway.with_user(self.env.ref("base.user_admin")).carries_all = True
        self.assertEqual(self.env.company.servicedesk_sms_gateway_id, self.gateway)
        message = partner._message_sms("Vaše zakázka je hotová.", partner_ids=partner.ids)
        self.env["sms.sms"].search([("mail_message_id", "=", message.id)]).send()
        [sent] = self.run_worker()
        self.assertEqual((sent.number, sent.text), (JANA, "Vaše zakázka je hotová."))
        notification = message.notification_ids
        self.assertEqual(notification.notification_status, "pending")
        self.report(self.env["servicedesk.sms"].search([("reference", "=", sent.reference)]), "delivered")
        self.assertEqual(notification.notification_status, "sent")
        self.gateway.carries_all = False
        self.assertFalse(self.env.company.servicedesk_sms_gateway_id)


class TestSmsIn(SmsCase):
    def test_joins_the_newest_ticket_or_opens_one(self):
        older = self.ticket
        self.env.flush_all()
        newer = self.new_ticket(partner_id=self.client.id, state="waiting")
        newer.last_item_at = fields.Datetime.add(fields.Datetime.now(), minutes=1)
        row = self.receive("Už to jede, díky 😀", number="a1")
        item = row.item_id
        self.assertEqual((row.outcome, item.ticket_id, newer.state), ("reply", newer, "open"))
        self.assertEqual((item.kind, item.direction, item.phone_from, item.author_partner_id), (
            "sms", "in", JANA, self.jana))
        self.assertIn("Už to jede, díky 😀", item.body)
        (older | newer).write({"state": "closed"})
        row = self.receive("Zase nejde tiskárna. Prosím o pomoc", number="a2")
        ticket = row.item_id.ticket_id
        self.assertEqual((row.outcome, ticket.subject), ("new", "Zase nejde tiskárna."))
        self.assertEqual((ticket.partner_id, ticket.contact_id, ticket.contact_phone), (self.client, self.jana, JANA))
        ticket.last_item_at = fields.Datetime.subtract(fields.Datetime.now(), days=15)
        self.assertEqual(self.receive("A co teď?", number="a3").outcome, "new", "the old one is too old")

    def test_strangers_answer_lands_on_their_ticket(self):
        first = self.receive("Haló", "+421912123456", number="b1").item_id.ticket_id
        self.assertEqual((first.requester, first.partner_id.id), ("+421912123456", False))
        item = self.write_sms("Dobrý den", "+421 912 123 456", ticket=first)
        self.run_worker()
        self.assertEqual(self.receive("Díky", "00421912123456", number="b2").item_id.ticket_id, item.ticket_id)

    def test_client_is_found_in_any_notation_and_by_further_numbers(self):
        self.jana.phone = "00420/602-123-456"
        self.assertEqual(self.receive("x", "602123456", number="c1").item_id.author_partner_id, self.jana)
        self.env["servicedesk.address"].with_user(self.agent).create(
            {"partner_id": self.jana.id, "value": "777 555 444"})
        self.assertEqual(self.jana.servicedesk_address_ids.mapped("value"), ["+420777555444"])
        self.assertEqual(self.receive("y", "+420777555444", number="c2").item_id.author_partner_id, self.jana)
        with self.assertRaises(ValidationError):
            self.env["servicedesk.address"].create({"partner_id": self.jana.id, "value": "777 55"})

    def test_order_is_that_of_the_network(self):
        """What the gateway brings late, because nobody answered it, stands where it was said."""
        now = int(time.time())
        for number, (text, age) in enumerate((("second", 60), ("first", 90), ("ancient", 10**9), ("future", -999))):
            url = "/servicedesk/sms/x/in?" + urlencode({"secret": "in-secret", "from": JANA, "to": "+420910000001",
                                                        "text": text, "id": f"o{number}", "ts": now - age})
            self.gateway._receive(self.gateway.token, "in", base.Request("GET", url), "192.0.2.1")
        self.env["servicedesk.intake"]._cron_process_sms()
        items = self.item.search([("ticket_id", "=", self.ticket.id), ("kind", "=", "sms")], order="date, id")
        self.assertEqual(items.mapped("sms_text"), ["first", "second", "ancient", "future"])

    def test_the_same_again_changes_nothing(self):
        self.receive("Jednou", number="d1")
        self.assertFalse(self.receive("Jednou", number="d1"))
        self.assertTrue(self.receive("Jednou", number="d2"), "another SMS with the same words")
        row = self.receive("Bez čísla")
        self.assertFalse(self.receive("Bez čísla"))
        twin = row.copy({"message_id": False})  # two calls in the same moment, neither of which saw the other
        self.env["ir.attachment"].create({"name": "x", "res_model": row._name, "res_id": twin.id, "res_field": "raw",
                                          "raw": row._get_raw()})
        twin.state = "new"
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertEqual((twin.outcome, twin.item_id), ("duplicate", row.item_id))
        self.assertEqual(self.item.search_count([("kind", "=", "sms"), ("phone_from", "=", JANA)]), 3)

    def test_banned_number_waits_in_quarantine(self):
        ban = self.env["servicedesk.ban"].create({"value": "602 123 456", "reason": "spam"})
        self.assertEqual((ban.value, ban.kind), (JANA, "number"))
        row = self.receive("Kupte si", number="e1")
        self.assertEqual((row.state, row.outcome, row.item_id.id, ban.hits), ("quarantined", "banned", False, 1))
        row.with_user(self.env.ref("base.user_admin")).action_release()
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertEqual((row.state, row.item_id.ticket_id), ("done", self.ticket))
        with self.assertRaisesRegex(ValidationError, "your own"):
            self.env["servicedesk.ban"].create({"value": "+420 910 000 001"})

    def test_ban_from_a_ticket(self):
        ticket = self.receive("Kupte si", "+420777111222", number="e2").item_id.ticket_id
        wizard = self.env["servicedesk.ban.senders"].create({"ticket_ids": ticket.ids, "then": "close"})
        self.assertEqual(wizard.values, "+420777111222")
        wizard.action_ban()
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self.receive("Kupte si hned", "+420777111222", number="e3").outcome, "banned")

    def test_ban_of_a_sender_with_a_name(self):
        Ban = self.env["servicedesk.ban"]
        ban = Ban.create({"value": "SMS: INFO-SMS", "reason": "advertising"})
        self.assertEqual((ban.value, ban.kind), ("sms:info-sms", "sender"))
        row = self.receive("Sleva", "Info-SMS", number="f1")
        self.assertEqual((row.state, row.outcome, ban.hits), ("quarantined", "banned", 1))
        self.assertIn("advertising", row.reason)
        self.assertEqual(self.receive("Sleva", "INFO-SMS2", number="f2").state, "done")
        row.with_user(self.env.ref("base.user_admin")).action_release()
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertEqual((row.state, row.item_id.phone_from), ("done", "Info-SMS"))

    def test_a_sender_named_as_a_domain_is_not_that_domain(self):
        Ban = self.env["servicedesk.ban"]
        domain = Ban.create({"value": "alza.example"})
        self.assertEqual(self.receive("Sleva", "Alza.example", number="f1").state, "done")
        sender = Ban.create({"value": "sms:Alza.example"})
        self.assertEqual((domain.kind, sender.kind), ("domain", "sender"))
        self.assertEqual(self.receive("Sleva 2", "Alza.example", number="f2").state, "quarantined")
        self.assertEqual((Ban._find("a@alza.example", self.env.company), sender.hits, domain.hits), (domain, 1, 1))
        sender.unlink()
        domain.unlink()
        self.assertFalse(Ban._find("a@alza.example", self.env.company))

    def test_a_department_s_number_can_be_answered(self):
        for name in ("hello", "Severka"):
            with self.assertRaisesRegex(ValidationError, name):
                self.support.sms_number = name
        self.support.sms_number = "90210"  # a short code

    def test_names_that_cannot_be_banned(self):
        Ban = self.env["servicedesk.ban"]
        with self.assertRaisesRegex(ValidationError, "sms:info-sms"):
            Ban.create({"value": "INFO-SMS"})
        with self.assertRaisesRegex(ValidationError, "name"):
            Ban.create({"value": "sms: "})
        self.gateway.numbers = "910 000 001, Severka"
        with self.assertRaisesRegex(ValidationError, "your own"):
            Ban.create({"value": "sms:SEVERKA"})
        self.assertEqual(Ban.create({"value": "sms:602 123 456"}).value, JANA)

    def test_ban_a_sender_with_a_name_from_a_ticket(self):
        ticket = self.receive("Kupte si", "INFO-SMS", number="f1").item_id.ticket_id
        wizard = self.env["servicedesk.ban.senders"].create({"ticket_ids": ticket.ids, "then": "close"})
        self.assertEqual((wizard.values, wizard.open_count), ("sms:info-sms", 1))
        wizard.action_ban()
        wizard.action_ban()  # again: it is known already
        self.assertEqual(ticket.state, "closed")
        self.assertEqual(self.receive("Kupte si hned", "INFO-SMS", number="f2").outcome, "banned")

    def test_stop_and_start(self):
        tickets = self.env["servicedesk.ticket"].search_count([])
        row = self.receive("Stop!", number="f1")
        blacklisted = self.env["phone.blacklist"].search([("number", "=", JANA)])
        self.assertTrue(blacklisted)
        self.assertEqual((row.outcome, row.item_id.ticket_id, row.item_id.automatic), ("stop", self.ticket, True))
        self.assertEqual(self.ticket.event_ids.filtered(lambda event: event.kind == "sms_stop").new_value,
                         "+420 602 123 456")
        self.receive("Odhlásit", "+420777111222", number="f2")
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", "+420777111222")]))
        self.assertEqual(self.env["servicedesk.ticket"].search_count([]), tickets, "STOP opens none")
        self.receive("Stop posílání faktur poštou, prosím", number="f3")
        self.assertEqual(self.receive("STOP", "90211", number="f5").outcome, "stop", "a short code cannot be blocked")
        self.receive("START", number="f4")
        self.assertFalse(self.env["phone.blacklist"].search([("number", "=", JANA)]))

    def test_whose_number(self):
        self.billing.write({"sms_enabled": True, "sms_gateway_id": self.gateway.id, "sms_number": "+420910000002"})
        self.assertEqual(self.receive("Faktura", to="420910000002", number="g1").item_id.ticket_id.department_id,
                         self.billing)
        lost = self.receive("Kam?", to="+420910000003", number="g2")
        self.assertEqual((lost.state, lost.department_id.id), ("failed", False))
        self.billing.sms_number = "+420910000003"
        lost.action_process_again()
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertEqual((lost.state, lost.department_id), ("done", self.billing))

    def test_flood_and_policy(self):
        self.support.flood_limit = 2
        outcomes = [self.receive(f"alarm {n}", number=f"h{n}").outcome for n in range(4)]
        self.assertEqual(outcomes, ["reply", "reply", "flood", "flood"])
        self.support.sender_policy = "known"
        row = self.receive("Kdo jsem?", "+420777111222", number="h9")
        self.assertEqual((row.state, row.outcome), ("refused", "refused"))

    def test_parts_of_a_long_sms(self):
        self.gateway.write({"provider": "generic", "verification": "secret", "in_part_key": "ref",
                            "in_part_number": "part", "in_part_total": "parts"})

        def part(number, text, key="7", total=3):
            url = "/x?" + urlencode({"secret": "in-secret", "from": JANA, "to": "+420910000001", "text": text,
                                          "id": f"{key}-{number}", "ref": key, "part": number, "parts": total})
            return self.gateway._receive(self.gateway.token, "in", base.Request("GET", url), "192.0.2.1")[0]

        self.assertEqual([part(3, "tři"), part(1, "jedna "), ], [200, 200])
        self.env["servicedesk.intake"]._cron_process_sms()
        self.assertFalse(self.item.search([("kind", "=", "sms"), ("ticket_id", "=", self.ticket.id)]))
        part(2, "dva ")
        self.env["servicedesk.intake"]._cron_process_sms()
        [item] = self.item.search([("kind", "=", "sms"), ("ticket_id", "=", self.ticket.id)])
        self.assertEqual(item.sms_text, "jedna dva tři")
        rows = self.env["servicedesk.intake"].search([("item_id", "=", item.id)])
        self.assertEqual((len(rows), set(rows.mapped("state"))), (3, {"done"}))
        part(1, "jen začátek", key="8", total=2)
        with freeze_time(fields.Datetime.add(fields.Datetime.now(), minutes=6)):
            self.env["servicedesk.intake"]._cron_process_sms()
        newest = self.item.search([("kind", "=", "sms"), ("ticket_id", "=", self.ticket.id)], order="id desc", limit=1)
        self.assertEqual(newest.sms_text, "jen začátek")
        self.assertIn("1 of 2", newest.intake_id.reason)


@tagged("-at_install", "post_install")
class TestSmsDoor(HttpCase):
    """The addresses that gateways call, over HTTP as they come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.cz")
        cls.gateway = cls.env["servicedesk.sms.gateway"].create({
            "name": "Door", "provider": "kannel", "url": "http://127.0.0.1:9/", "username": "odoo",
            "new_password": "token", "new_secret": "in-secret"})
        cls.department = cls.env["servicedesk.department"].create({
            "name": "Door", "sms_enabled": True, "sms_gateway_id": cls.gateway.id, "sms_number": "+420910000009"})

    def call(self, kind, token=None, **params):
        return self.url_open(f"/servicedesk/sms/{token or self.gateway.token}/{kind}?{urlencode(params)}")

    def rows(self):
        return self.env["servicedesk.intake"].search([("sms_gateway_id", "=", self.gateway.id)])

    def codes(self, record):
        return [reason.code for reason in record._fields["reason"].get_reasons(record)]

    def refusals(self):
        return self.env["servicedesk.sms.refusal"].search([("gateway_id", "=", self.gateway.id)])

    def test_genuine(self):
        response = self.call("in", secret="in-secret", **{"from": "+420602123456"}, to="420910000009",
                             text="Žluťoučký kůň 😀", id="1")
        self.assertEqual((response.status_code, response.text), (200, ""))
        [row] = self.rows()
        self.assertEqual((row.email_from, row.phone_to, row.subject), (
            "+420602123456", "+420910000009", "Žluťoučký kůň 😀"))
        self.assertNotIn("in-secret", row.raw_text, "no secret in the ledger")
        self.assertFalse(self.refusals())

    def test_forged_unsigned_and_replayed(self):
        genuine = {"from": "+420602123456", "to": "420910000009", "text": "Ahoj", "id": "1"}
        self.assertEqual(self.call("in", token="wrong", secret="in-secret", **genuine).status_code, 403)
        self.assertFalse(self.refusals())
        self.assertEqual(self.call("in", **genuine).status_code, 403)
        self.assertEqual(self.call("in", secret="guess", **genuine).status_code, 403)
        self.assertEqual(self.call("in", secret="in-secret", text="nobody").status_code, 403)
        self.assertEqual(self.call("report", id="abc", type="1").status_code, 403)
        self.assertEqual(self.call("report", id="abc", type="1", sig=base.sign("in-secret", "other")).status_code, 403)
        self.assertFalse(self.rows() or self.env["servicedesk.sms.report"].search(
            [("gateway_id", "=", self.gateway.id)]))
        self.assertEqual(len(self.refusals()), 5)
        self.assertEqual(self.gateway.refusal_count, 5)
        self.assertEqual(self.call("in", secret="in-secret", **genuine).status_code, 200)
        self.assertEqual(self.call("in", secret="in-secret", **genuine).status_code, 200, "the gateway repeats itself")
        self.env.cr.execute("UPDATE servicedesk_intake SET create_date = create_date - interval '1 hour' WHERE id = %s",
                            [self.rows().id])
        self.env.invalidate_all()
        self.assertEqual(self.call("in", secret="in-secret", **genuine).status_code, 403)
        self.assertEqual(self.codes(self.refusals()[0]), ["webhook_replayed"])
        self.assertEqual(self.codes(self.refusals()[-1]), ["webhook_secret_wrong"])
        self.assertEqual(len(self.rows()), 1)

    def test_flood_of_forgeries(self):
        codes = [self.call("in", secret="guess").status_code for _n in range(25)]
        self.assertEqual(codes, [403] * 20 + [429] * 5)
        self.assertEqual(len(self.refusals()), 20)

    def test_report(self):
        sig = base.sign("in-secret", "abc")
        self.assertEqual(self.call("report", id="abc", sig=sig, type="2", answer="id:1 stat:EXPIRED err:0b1").text, "")
        report = self.env["servicedesk.sms.report"].search([("gateway_id", "=", self.gateway.id)])
        self.assertEqual((report.reference, report.status), ("abc", "failed"))
        self.assertEqual((self.codes(report), report.detail), (["sms_expired"], "expired (0b1)"))

    def test_report_of_before_there_were_codes(self):
        report = self.env["servicedesk.sms.report"].create({
            "gateway_id": self.gateway.id, "reference": "abc", "status": "failed", "reason": "expired (0b1)"})
        [reason] = report._get_reasons()
        self.assertEqual((reason.code, reason.detail), ("sms_expired", "expired (0b1)"))

    def test_reasons_of_before_there_were_codes_become_codes(self):
        refusal, other = self.env["servicedesk.sms.refusal"].create([
            {"gateway_id": self.gateway.id, "kind": "in", "reason": words}
            for words in ("wrong secret", "other words")])
        script = runpy.run_path(file_path("servicedesk/migrations/19.0.1.0.3/post-webhook_reasons.py"))
        self.env.flush_all()
        script["migrate"](self.env.cr, "19.0.1.0.2")
        self.env.invalidate_all()
        self.assertEqual((self.codes(refusal), other.reason), (["webhook_secret_wrong"], "other words"))

    def test_twilio(self):
        self.gateway.write({"provider": "twilio", "new_password": "token"})
        form = {"From": "+420602123456", "To": "+420910000009", "Body": "Příliš žluťoučký", "MessageSid": "SM1"}
        path = f"/servicedesk/sms/{self.gateway.token}/in"
        signature = twilio.signature("token", self.gateway.inbound_url, form)
        response = self.url_open(path, data=form, headers={"X-Twilio-Signature": signature})
        self.assertEqual((response.status_code, response.text), (
            200, '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'))
        self.assertEqual(self.rows().subject, "Příliš žluťoučký")
        forged = self.url_open(path, data=form | {"Body": "Jiný"}, headers={"X-Twilio-Signature": signature})
        self.assertEqual(forged.status_code, 403)
        self.assertEqual(self.url_open(path, data=form).status_code, 403)

    def test_generic_signature(self):
        self.gateway.write({"provider": "generic", "in_sender": "message.from", "in_text": "message.text"})
        path = f"/servicedesk/sms/{self.gateway.token}/in"
        body = json.dumps({"message": {"from": "+420602123456", "text": "Ahoj"}, "to": "+420910000009",
                           "id": 17}).encode()

        def post(stamp, content=body, secret="in-secret", kind="application/json"):
            signature = base.sign(secret, generic.signed_text(stamp, base.Request("POST", path, body=content)))
            return self.url_open(path, data=content, headers={
                "Content-Type": kind, "X-Timestamp": stamp, "X-Signature": f"sha256={signature}"}).status_code

        now = str(int(time.time()))
        self.assertEqual(post(now), 200)
        self.assertEqual((self.rows().subject, self.rows().message_id), ("Ahoj", "17"))
        self.assertEqual(post(str(int(time.time()) - 600)), 403, "replayed after five minutes")
        self.assertEqual(post(now, secret="wrong"), 403)
        self.assertEqual(self.url_open(path, data=body, headers={"Content-Type": "application/json"}).status_code, 403)
        self.gateway.write({"in_sender": "from", "in_text": "text"})
        form = urlencode({"from": "+420602123456", "to": "+420910000009", "text": "Formulář", "id": "18"}).encode()
        self.assertEqual(post(now, form, kind="application/x-www-form-urlencoded"), 200)
        self.assertEqual(self.rows()[0].subject, "Formulář")

    def test_address_of_reports_is_signed(self):
        sms = self.env["servicedesk.sms"].create({"gateway_id": self.gateway.id, "number": "+420602123456"})
        url = urlsplit(self.gateway._prepare_message(sms).report_url)
        params = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.assertEqual(params, {"id": sms.reference, "sig": base.sign("in-secret", sms.reference)})
        self.assertEqual(url.path, f"/servicedesk/sms/{self.gateway.token}/report")
