from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools.mail import own_answer
from ..common import ServicedeskCase, build_mail

VOUCHED = "mx.severka.example; dmarc=pass header.from=severka.example"


class NoticeCase(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(owner_id=self.agent.id)
        self.env["servicedesk.notice"].search([]).unlink()

    def notices(self, user=None):
        return self.env["servicedesk.notice"].search([("user_id", "=", (user or self.agent).id)])

    def tell(self):
        """Let the worker run with everything due; return the new mails."""
        notices = self.env["servicedesk.notice"].search([("mail_due_at", "!=", False)])
        notices.mail_due_at = fields.Datetime.now() - timedelta(minutes=1)
        known = self.env["mail.mail"].search([])
        self.env["servicedesk.notice"].search([("mail_due_at", "!=", False)])._mail()
        return self.env["mail.mail"].search([]) - known


@tagged("post_install", "-at_install")
class TestNotice(NoticeCase):
    def test_owner_is_told_of_the_customers_answer(self):
        item = self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "body": "<p>And?</p>"})
        notice = self.notices()
        self.assertEqual((notice.kind, notice.item_id, notice.inbox), ("answer", item, True))
        inbox = self.env["servicedesk.notice"].with_user(self.agent).get_inbox()
        self.assertEqual((inbox["unread"], inbox["notices"][0]["number"]), (1, self.ticket.number))

    def test_news_of_a_ticket_are_one_line(self):
        Notice, other = self.env["servicedesk.notice"], self.new_ticket(subject="Other")
        Notice._notify(self.agent, "reminder", self.ticket)
        Notice.with_user(self.agent).mark_read()
        items = self.env["servicedesk.item"]
        for _turn in range(2):
            items |= items.create({
                "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
                "author_partner_id": self.jana.id, "email_from": self.jana.email, "body": "<p>And?</p>"})
        self.notices().filtered(lambda notice: notice.kind == "answer" and not notice.item_id).unlink()
        Notice._notify(self.agent, "mention", other)
        Notice.with_user(self.junior)._create_once(Notice.with_user(self.junior)._prepare_notices(
            [(self.ticket, self.agent)], "watched", changed_fields="priority,owner_id"))
        Mine = Notice.with_user(self.agent)
        inbox = Mine.get_inbox()
        self.assertEqual((inbox["unread"], [line["ticket_id"] for line in inbox["notices"]]),
                         (2, [self.ticket.id, other.id]), "tickets are counted, the newest first")
        line = inbox["notices"][0]
        self.assertEqual((line["count"], line["words"], line["author"]),
                         (3, ["answer", "priority", "owner"], "Junior"))
        self.assertEqual(line["item_id"], items.sorted("id")[0].id, "reading begins at the oldest")
        action = Mine.browse(line["ids"]).action_open()
        self.assertEqual((action["res_id"], action["context"]["servicedesk_item"]),
                         (self.ticket.id, items.sorted("id")[0].id))
        inbox = Mine.get_inbox()
        self.assertEqual(inbox["unread"], 1, "all about the ticket is read")
        read = next(line for line in inbox["notices"] if line["ticket_id"] == self.ticket.id)
        self.assertEqual((read["read"], read["count"], read["kind"]), (True, 0, "watched"))

    def test_nobody_is_told_of_own_doing(self):
        self.new_ticket().with_user(self.agent).owner_id = self.agent
        self.assertFalse(self.notices())

    def test_handing_over_tells_the_new_owner(self):
        self.ticket.with_user(self.agent).owner_id = self.junior
        self.assertEqual(self.notices(self.junior).mapped("kind"), ["assigned"])

    def test_urgent_without_owner_goes_to_whoever_is_on_duty(self):
        self.support.on_duty_ids = self.junior
        self.new_ticket(priority="3")
        self.assertEqual(self.notices(self.junior).mapped("kind"), ["urgent"])
        self.assertTrue(self.notices(self.junior).sms_due_at)

    def test_what_went_out_of_sight_is_neither_shown_nor_mailed(self):
        self.env["servicedesk.notice"]._notify(self.agent, "mention", self.ticket)
        self.agent.servicedesk_membership_ids.unlink()
        inbox = self.env["servicedesk.notice"].with_user(self.agent).get_inbox()
        self.assertEqual(inbox, {"unread": 0, "notices": []})
        self.assertFalse(self.tell())

    def test_others_notices_are_out_of_reach(self):
        self.env["servicedesk.notice"]._notify(self.agent, "mention", self.ticket)
        notice = self.notices()
        with self.assertRaises(AccessError):
            notice.with_user(self.junior).read(["kind"])
        self.env["servicedesk.notice"].with_user(self.junior).mark_read(notice.ids)
        self.assertFalse(notice.read_at)

    def test_what_one_wishes_counts(self):
        Setting = self.env["servicedesk.notice.setting"]
        Setting.with_user(self.agent).create({"user_id": self.agent.id, "kind": "mention", "inbox": True})
        self.env["servicedesk.notice"]._notify(self.agent, "mention", self.ticket)
        self.assertFalse(self.notices().mail_due_at)
        with self.assertRaises(AccessError):
            Setting.with_user(self.agent).create({"user_id": self.junior.id, "kind": "mention"})

    def test_new_tickets_are_told_to_those_who_asked_for_it(self):
        self.arrive(build_mail("Jana <jana.novotna@stavbyvltava.example>", "support@severka.example"))
        self.assertFalse(self.env["servicedesk.notice"].search([("kind", "=", "new")]))
        self.env["servicedesk.notice.setting"].create(
            {"user_id": self.junior.id, "department_id": self.support.id, "kind": "new", "inbox": True})
        self.arrive(build_mail("Jana <jana.novotna@stavbyvltava.example>", "support@severka.example", "Another"))
        self.assertEqual(self.env["servicedesk.notice"].search([("kind", "=", "new")]).user_id, self.junior)

    def test_news_of_some_minutes_is_one_mail(self):
        Notice = self.env["servicedesk.notice"]
        Notice._notify(self.agent, "mention", self.ticket)
        Notice._notify(self.agent, "assigned", self.ticket)
        mail = self.tell()
        self.assertEqual(len(mail), 1)
        self.assertIn(self.ticket.number, mail.subject)
        Notice._notify(self.agent, "mention", self.ticket | self.new_ticket())
        self.assertNotIn(own_answer.MARKER, self.tell().body_html)

    def test_reading_in_the_desk_spares_the_mail(self):
        self.env["servicedesk.notice"]._notify(self.agent, "mention", self.ticket)
        self.env["servicedesk.notice"].with_user(self.agent).mark_read(ticket_id=self.ticket.id)
        self.assertFalse(self.tell())

    def test_failed_sending_is_told_to_its_author(self):
        item = self.write_answer(self.ticket, self.agent)
        item.write({"state": "failed", "failure_reason": "No such user"})
        self.assertEqual(self.notices().mapped("kind"), ["undelivered"])


@tagged("post_install", "-at_install")
class TestOwnAnswer(NoticeCase):
    """IN-19: what of an agent's own mail counts as the agent's, and what has to be confirmed."""

    def setUp(self):
        super().setUp()
        self.support.trusted_authserv = "mx.severka.example"
        self.question = self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "email_from": "Jana <jana.novotna@stavbyvltava.example>", "body": "<p>Secret of the notice</p>"})
        self.notices().write({"mail_due_at": fields.Datetime.now()})
        self.notice_mail = self.tell()

    def answer(self, sender="agent@severka.example", results=VOUCHED, text=None, html=None, **headers):
        quoted = "".join(f"> {line}\n" for line in (own_answer.MARKER, "Secret of the notice"))
        attribution = "On 4 May 2026 at 10:02, Support <support@severka.example> wrote:"
        text = text or f"Restart it, please.\n\n{attribution}\n{quoted}"
        headers = {"In_Reply_To": self.notice_mail.message_id, **headers}
        if results:
            headers["Authentication_Results"] = results
        message = build_mail(sender, "support@severka.example", f"Re: {self.notice_mail.subject}", text, **headers)
        if html:
            message.add_alternative(html, subtype="html")
        return self.arrive(message)

    def test_answer_goes_to_the_customer(self):
        row = self.answer()
        item = row.item_id
        self.assertEqual((row.outcome, item.kind, item.direction, item.state), ("agent", "email", "out", "queued"))
        self.assertEqual(item.author_user_id, self.agent)
        self.assertEqual(item.email_to, "Jana <jana.novotna@stavbyvltava.example>")
        self.assertIn("Restart it", item.body)
        self.assertNotIn("Secret", item.body)
        self.assertNotIn("wrote:", item.body)
        self.assertEqual(self.ticket.state, "waiting")

    def test_html_answers_lose_the_quoted_notice(self):
        notice = f"<p>{own_answer.MARKER}</p><p>Secret of the notice</p>"
        gmail = ('<div dir="ltr">Restart it</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon '
                 f'Support wrote:<br></div><blockquote class="gmail_quote">{notice}</blockquote></div>')
        thunderbird = ('<p>Restart it</p><div class="moz-cite-prefix">On 4.5. Support wrote:</div>'
                       f'<blockquote type="cite">{notice}</blockquote>')
        outlook = ('<div><p>Restart it</p></div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">'
                   f"<b>From:</b> Support</div><div>{notice}</div>")
        for html in (gmail, thunderbird, outlook):
            with self.subTest(html=html):
                item = self.answer(html=html, Message_Id=f"<{abs(hash(html))}@agent.example>").item_id
                self.assertEqual(item.direction, "out")
                self.assertIn("Restart it", item.body)
                self.assertNotIn("Secret", item.body)
                self.assertNotIn("wrote", item.body)
                self.assertNotIn("&lt;", item.body, "tags are tags")
                item.state = "sent"

    def test_unproven_sender_has_to_confirm(self):
        for results in ("", "mx.severka.example; dmarc=fail header.from=severka.example",
                        "mx.attacker.example; dmarc=pass header.from=severka.example",
                        "mx.severka.example; dmarc=pass header.from=attacker.example"):
            with self.subTest(results=results):
                row = self.answer(results=results, Message_Id=f"<{abs(hash(results))}@agent.example>")
                item = row.item_id
                self.assertEqual((row.outcome, item.kind, item.direction), ("claimed", "note", "internal"))
                self.assertEqual(item.claimed_user_id, self.agent)
                self.assertFalse(item.author_user_id)
        self.assertIn("confirm", self.notices().mapped("kind"))

    def test_forwarded_notice_gives_nobody_a_voice(self):
        row = self.answer(sender="stranger@elsewhere.example",
                          results="mx.severka.example; dmarc=pass header.from=elsewhere.example")
        self.assertEqual((row.outcome, row.item_id.kind), ("claimed", "note"))
        self.assertFalse(row.item_id.claimed_user_id)

    def test_former_member_has_no_voice(self):
        self.agent.servicedesk_membership_ids.unlink()
        row = self.answer()
        self.assertEqual((row.outcome, row.item_id.direction), ("claimed", "internal"))

    def test_old_notice_is_no_token(self):
        self.env["servicedesk.notice"].search([]).mailed_at = fields.Datetime.now() - timedelta(days=15)
        row = self.answer()
        self.assertNotEqual(row.outcome, "agent")

    def test_words_between_the_quoted_lines_are_looked_at_by_a_person(self):
        quoted = f"> {own_answer.MARKER}\n> Secret of the notice\n\nYes, do it.\n"
        row = self.answer(text=f"See below\n{quoted}")
        self.assertEqual(row.outcome, "claimed")
        self.assertIn("Yes, do it.", row.item_id.body)

    def test_answer_to_an_internal_matter_stays_internal(self):
        note = self.env["servicedesk.item"].create(
            self.env["servicedesk.item"]._prepare_note_vals(self.ticket, "<p>Do we have a key?</p>", self.junior))
        self.env["servicedesk.notice"]._notify(self.agent, "mention", self.ticket, item=note)
        self.notices().filtered(lambda notice: notice.kind == "mention").mail_due_at = fields.Datetime.now()
        self.notice_mail = self.tell()
        item = self.answer().item_id
        self.assertEqual((item.kind, item.direction, item.parent_item_id), ("note", "internal", note))
        self.assertEqual(item.author_user_id, self.agent)

    def test_out_of_office_of_an_agent_is_nobodys_item(self):
        row = self.answer(Auto_Submitted="auto-replied")
        self.assertEqual((row.outcome, row.item_id.id), ("auto_reply", False))

    def test_confirming_makes_a_draft_to_the_customer(self):
        item = self.answer(results="").item_id
        with self.assertRaises(AccessError):
            item.with_user(self.junior).action_answer_with_own()
        draft = self.env["servicedesk.item"].browse(item.with_user(self.agent).action_answer_with_own())
        self.assertEqual((draft.state, draft.author_user_id), ("draft", self.agent))
        self.assertIn("Restart it", draft.body)
        self.assertNotIn("Secret", draft.body)
        self.assertFalse(item.claimed_user_id)
        self.assertEqual(item.author_user_id, self.agent)

    def test_agents_mail_without_a_notice_is_to_be_confirmed(self):
        self.ticket.owner_id = False
        self.write_answer(self.ticket, self.agent)
        sent = self.ticket.item_ids.filtered("message_id")[:1]
        row = self.arrive(build_mail("junior@severka.example", "support@severka.example", "Re: VPN", "Me too",
                                     In_Reply_To=sent.message_id))
        self.assertEqual((row.outcome, row.item_id.claimed_user_id), ("claimed", self.junior))


@tagged("post_install", "-at_install")
class TestReplyAddress(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket()

    def start_using(self):
        self.support.action_test_reply_address()
        token = self.support.sudo().reply_address_token
        row = self.arrive(build_mail("support@severka.example", f"support+sdtest.{token}@severka.example", "Test"))
        self.assertEqual((row.state, row.outcome, row.item_id.id), ("done", "own", False))

    def test_only_used_after_the_test_mail_came_back(self):
        item = self.write_answer(self.ticket, self.agent)
        message, *_rest = self.send_queued(item)[0]
        self.assertNotIn("+sd.", message["Reply-To"])
        self.start_using()
        self.assertEqual(self.support.reply_address_state, "works")
        item = self.write_answer(self.ticket, self.agent, body="<p>Again</p>")
        message, *_rest = self.send_queued(item)[0]
        self.assertIn("support+sd.", message["Reply-To"])

    def test_wrong_token_starts_nothing(self):
        self.support.action_test_reply_address()
        self.arrive(build_mail("support@severka.example", f"support+sdtest.{'0' * 16}@severka.example", "Test"))
        self.assertEqual(self.support.reply_address_state, "testing")

    def test_reply_address_finds_the_ticket_without_other_evidence(self):
        self.start_using()
        address = self.support._get_reply_address(self.ticket)
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example", address, "No number here"))
        self.assertEqual((row.ticket_id, row.item_id.thread_reason), (self.ticket, "reply-address"))
        self.assertFalse(row.item_id.third_party)
        row = self.arrive(build_mail("stranger@elsewhere.example", address, "Neither here"))
        self.assertTrue(row.item_id.third_party)

    def test_forged_signature_opens_another_ticket(self):
        self.start_using()
        address = self.support._get_reply_address(self.ticket)
        local, _at, domain = address.partition("@")
        forged = f"{local[:-1]}{(int(local[-1], 16) + 1) % 16:x}@{domain}"
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example", forged, "No number"))
        self.assertNotEqual(row.ticket_id, self.ticket)

    def test_gateway_knows_the_department_of_a_reply_address(self):
        self.start_using()
        address = self.support._get_reply_address(self.ticket)
        self.assertEqual(self.env["servicedesk.department"]._find_by_addresses([address]), self.support)

    def test_reply_all_does_not_write_to_ourselves(self):
        self.start_using()
        address = self.support._get_reply_address(self.ticket)
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example",
                                     f"{address}, alena.hajkova@stavbyvltava.example", "Hello"))
        draft = self.env["servicedesk.item"].with_user(self.agent).prepare_draft(
            self.ticket.id, "email", reply_to_id=row.item_id.id, reply_all=True)
        self.assertEqual(draft["email_cc"], "alena.hajkova@stavbyvltava.example")


@tagged("post_install", "-at_install")
class TestNoticeSms(NoticeCase):
    """TKT-06: what cannot wait comes by SMS, once, and at night only to who is on duty."""

    def setUp(self):
        super().setUp()
        self.gateway = self.env["servicedesk.sms.gateway"].create({
            "name": "Test", "provider": "generic", "url": "http://127.0.0.1:9/send", "numbers": "+420777000111"})
        (self.agent | self.junior).write({"servicedesk_quiet_from": 22, "servicedesk_quiet_to": 6})
        self.agent.partner_id.phone = "+420 602 111 222"
        self.junior.partner_id.phone = "+420 602 333 444"

    def work(self):
        """The worker's part, without its commits."""
        self.env["servicedesk.notice"].search([("sms_due_at", "<=", fields.Datetime.now())])._send_sms()

    def sent(self):
        return self.env["servicedesk.sms"].search([("origin", "=", "system")])

    def test_urgent_ticket_once(self):
        with freeze_time("2026-11-20 10:00:00"):
            self.ticket.with_user(self.junior.id).sudo().priority = "3"
            self.work()
            self.work()
        self.assertEqual(self.sent().mapped("number"), ["+420602111222"])
        self.assertIn(self.ticket.number, self.sent().text)

    def test_at_night_it_waits_but_for_who_is_on_duty(self):
        self.support.on_duty_ids = self.junior
        self.ticket.owner_id = False
        with freeze_time("2026-11-20 23:30:00"):  # 0:30 in Prague
            self.env["servicedesk.notice"]._notify(self.agent | self.junior, "urgent", self.ticket)
            self.work()
            self.assertEqual(self.sent().mapped("number"), ["+420602333444"])
        with freeze_time("2026-11-21 05:00:01"):  # 6:00 in Prague
            self.work()
        self.assertEqual(set(self.sent().mapped("number")), {"+420602333444", "+420602111222"})

    def test_many_at_once_are_one_sms(self):
        tickets = self.ticket | self.new_ticket() | self.new_ticket()
        with freeze_time("2026-11-20 10:00:00"):
            self.env["servicedesk.notice"]._notify(self.agent, "escalation", tickets)
            self.work()
        self.assertEqual(len(self.sent()), 1)
        self.assertIn("(3)", self.sent().text)

    def test_quiet_hours_table(self):
        for quiet, now, expected in (
            ((22, 6), "2026-11-20 20:59:00", None), ((22, 6), "2026-11-20 21:00:00", "2026-11-21 05:00:00"),
            ((22, 6), "2026-11-21 04:59:00", "2026-11-21 05:00:00"), ((22, 6), "2026-11-21 05:00:00", None),
            ((12, 13.5), "2026-11-20 11:10:00", "2026-11-20 12:30:00"), ((0, 0), "2026-11-20 23:00:00", None),
            ((22, 6), "2026-10-24 21:00:00", "2026-10-25 05:00:00"),  # the clocks go back in that night
        ):
            with self.subTest(quiet=quiet, now=now):
                self.agent.servicedesk_quiet_from, self.agent.servicedesk_quiet_to = quiet
                found = self.agent._get_quiet_end(fields.Datetime.to_datetime(now))
                self.assertEqual(found, fields.Datetime.to_datetime(expected))


@tagged("post_install", "-at_install")
class TestWatching(NoticeCase):
    """TKT-14: whoever follows a ticket is told of its changes."""

    def test_following(self):
        self.ticket.owner_id = False
        self.ticket.with_user(self.junior).action_watch()
        self.assertTrue(self.ticket.with_user(self.junior).watched_by_me)
        self.ticket.with_user(self.agent).priority = "2"
        notice = self.notices(self.junior)
        self.assertEqual((notice.kind, notice._get_text()), ("watched", "Priority"))
        self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received", "body": "<p>?</p>"})
        self.assertEqual(len(self.notices(self.junior)), 2)
        self.ticket.with_user(self.junior).action_unwatch()
        self.ticket.with_user(self.agent).priority = "1"
        self.assertEqual(len(self.notices(self.junior)), 2)
        self.assertFalse(self.ticket.watched)

    def test_nobody_follows_what_is_out_of_sight(self):
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.clerk).action_watch()
