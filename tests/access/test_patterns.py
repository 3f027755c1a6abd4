"""Twenty ways in which helpdesks were broken into elsewhere (X-08), each tried here as its attacker would.

``docs/security.md`` lists them; what belongs to a feature that does not exist yet comes with it. Every class has a
guard of the product's behind it; where one room proves a guard in depth, the class here tries the whole way.
"""
import io
import json
import re
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ...tools.mail import threading
from ..common import ServicedeskCase, build_mail

JANA = "jana.novotna@stavbyvltava.example"
SUPPORT = "support@severka.example"
EVIL = "mallory@evil.example"
HTML = "Content-Type: text/html; charset=utf-8\r\n"


class PatternCase(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.support.write({"portal_visible": True, "trusted_authserv": "mx.severka.example"})
        cls.portal = new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id,
                                   name=cls.jana.name, email=cls.jana.email)
        cls.rival = cls.env["res.partner"].create({"name": "Rival s.r.o.", "is_company": True})
        cls.mallory = cls.env["res.partner"].create({"name": "Mallory", "parent_id": cls.rival.id, "email": EVIL})
        cls.mallory_user = new_test_user(cls.env, "mallory", "base.group_portal", partner_id=cls.mallory.id,
                                         name="Mallory", email=EVIL)

    def send(self, sender=JANA, subject="VPN", text="It falls.", verdict="", to=SUPPORT, **headers):
        """Let a mail arrive as a mail server with a verdict of its own hands it over."""
        verdict = verdict and {"Authentication_Results": f"mx.severka.example; dmarc={verdict}"}
        return self.arrive(build_mail(sender, to, subject, text, Message_Id=f"<{uuid4()}@x.example>",
                                      **(verdict or {}), **headers))

    def send_raw(self, head, body=""):
        return self.arrive(f"From: {JANA}\r\nTo: {SUPPORT}\r\nMessage-Id: <{uuid4()}@x>\r\n{head}\r\n{body}".encode())

    def shown(self, ticket, user):
        """Return all that the portal tells this customer of a ticket, as text; empty where there is none."""
        mine = ticket.with_user(user)._customer_tickets([("id", "=", ticket.id)])
        return str(mine._serialize_for_customer(details=True)) if mine else ""


class TestTicketTrick(PatternCase):
    """Mail of others to the address of one's own ticket (codes of Slack, Google …) is read by agents only."""

    def test_codes_for_the_domain_stay_inside(self):
        self.support.reply_address_state = "works"
        ticket = self.send(EVIL, "Anything").ticket_id
        address = self.support._get_reply_address(ticket)
        for to in (address, SUPPORT):
            row = self.send("feedback@slack.example", f"Re: [{ticket.number}] Your code", "SECRET-4711", to=to)
            self.assertNotIn("SECRET-4711", self.shown(ticket, self.mallory_user))
            self.assertTrue(row.item_id.third_party or row.ticket_id != ticket)
        self.assertIn("It falls", self.shown(ticket, self.mallory_user), "the own words are there")


class TestSpoofedSenderWithCopy(PatternCase):
    """Who writes in a customer's name with an own address in Cc hears nothing of what is answered."""

    def test_the_copy_takes_no_part(self):
        ticket = self.send().ticket_id
        answer = self.write_answer(ticket, self.agent)
        row = self.send(verdict="fail", In_Reply_To=answer.message_id, Cc=EVIL)
        self.assertTrue(row.item_id.third_party)
        draft = self.env["servicedesk.item"].with_user(self.agent).prepare_draft(ticket.id, "email", False, True)
        self.assertNotIn(EVIL, str(draft))
        self.assertEqual(self.shown(ticket, self.mallory_user), "")


class TestPredictableIds(PatternCase):
    """Numbers and addresses that can be guessed open nothing."""

    def test_a_guessed_number_leads_a_stranger_nowhere(self):
        ticket = self.send().ticket_id
        row = self.send(EVIL, f"[{ticket.number}] me too", "let me in")
        self.assertTrue(row.ticket_id != ticket or row.item_id.third_party)
        self.assertNotIn(EVIL, ticket._get_participants()[ticket.id])

    def test_a_guessed_reply_address_is_not_signed(self):
        self.support.reply_address_state = "works"
        ticket = self.send().ticket_id
        address = self.support._get_reply_address(ticket)
        local, domain = address.split("@")
        for forged in (local[:-1] + ("a" if local[-1] != "a" else "b"), re.sub(r"\d+", str(ticket.id), SUPPORT)):
            row = self.send(EVIL, "x", to=f"{forged}@{domain}", Cc=SUPPORT)
            self.assertNotEqual(row.ticket_id, ticket)

    def test_message_ids_are_random(self):
        ids = {threading.new_message_id(1, "severka.example") for _time in range(50)}
        self.assertEqual(len(ids), 50)
        self.assertGreaterEqual(min(len(value.split("@")[0]) for value in ids), 24)


class TestForgedAnswerToNotice(PatternCase):
    """Words in an agent's name leave only where the mail server vouches for who wrote them."""

    def test_it_waits_for_the_agent(self):
        ticket = self.send().ticket_id
        ticket.owner_id = self.agent
        notice = self.env["servicedesk.notice"].search([("ticket_id", "=", ticket.id)], limit=1)
        notice = notice or self.env["servicedesk.notice"].create({"ticket_id": ticket.id, "user_id": self.agent.id})
        self.patch(type(notice), "_find_by_mail", lambda _self, _ids: notice)
        for sender, verdict in ((self.agent.email, "fail"), (self.agent.email, ""), (EVIL, "pass")):
            before = len(self.env["servicedesk.item"].search([("direction", "=", "out")]))
            row = self.send(sender, "Re: notice", "Pay to this account", verdict, In_Reply_To="<n@x>")
            self.assertEqual(len(self.env["servicedesk.item"].search([("direction", "=", "out")])), before)
            self.assertNotIn("Pay to this", self.shown(ticket, self.portal), row.outcome)


class TestSilentChangeOfRequester(PatternCase):
    """Whose a ticket is, is changed by an agent who may, and history says so; never by what comes in."""

    def test_no_mail_changes_it(self):
        ticket = self.send().ticket_id
        for headers in ({"Reply_To": EVIL}, {"Sender": EVIL}, {"X_Original_From": EVIL}, {"Resent_From": EVIL}):
            self.send(JANA, f"Re: [{ticket.number}]", **headers)
            self.assertEqual((ticket.contact_id, ticket.contact_email), (self.jana, JANA), headers)
            self.assertNotIn(EVIL, ticket._get_participants()[ticket.id])

    def test_an_agent_leaves_a_line(self):
        ticket = self.send().ticket_id
        ticket.with_user(self.agent).write({"contact_id": self.alena.id})
        self.assertIn("contact", " ".join(kind for kind, _old, _new in self.history(ticket)))

    def test_a_customer_cannot(self):
        ticket = self.send().ticket_id
        with self.assertRaises(AccessError):
            ticket.with_user(self.portal).write({"contact_id": self.mallory.id})


class TestRelayBomb(PatternCase):
    """Confirmations are no tool against somebody else's mailbox."""

    def test_they_end_soon(self):
        self.support.acknowledge = True
        for number in range(30):
            self.send(f"bot{number}@evil.example", f"Hello {number}", Reply_To="victim@else.example")
            self.send("victim@else.example", f"Hello again {number}")
        sent = self.env["servicedesk.item"].search([("automatic", "=", True), ("email_to", "=", "victim@else.example")])
        self.assertLessEqual(len(sent), 5)
        self.assertTrue(sent, "an honest one is confirmed")

    def test_none_to_many(self):
        self.support.acknowledge = True
        row = self.send(JANA, Cc=", ".join(f"v{number}@else.example" for number in range(50)))
        automatic = row.ticket_id.item_ids.filtered("automatic")
        self.assertEqual((automatic.email_to, automatic.email_cc, automatic.email_bcc), (JANA, False, False))


class TestScripts(PatternCase):
    """What comes in runs nowhere: see also the bodies of tests/files and tests/timeline."""

    def test_a_name_a_subject_a_file(self):
        evil = '"><img src=x onerror=alert(1)>'
        message = build_mail(f'"{evil}" <{JANA}>', SUPPORT, evil, evil)
        message.add_attachment(b"x", "text", "html", filename=f"{evil}.html")
        item = self.arrive(message).item_id
        body = str(item.body)
        self.assertNotIn("<img", body)
        shown = self.shown(item.ticket_id, self.portal)
        self.assertNotIn("<img src=x", re.sub(r"'(author|name|subject|requester)': '[^\n]*?'", "", shown))

    def test_nested_and_svg(self):
        for html in ("<scr<script>ipt>alert(1)</scr</script>ipt>", "<svg><animate onbegin=alert(1) /></svg>",
                     "<a href='java\tscript:alert(1)'>x</a>", "<math><mtext><img src=1 onerror=alert(1)></math>",
                     "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<form action=//evil><button>x"):
            body = str(self.send_raw(HTML, html).item_id.body).lower()
            for word in ("<script", "onerror", "onbegin", "javascript:", "java\tscript", "href=\"data:", "<form"):
                self.assertNotIn(word, body, html)


@tagged("post_install", "-at_install")
class TestDangerousFiles(PatternCase, HttpCase):
    """Files are given back as what they are, never as a page, and their names lead nowhere."""

    def test_uploads(self):
        message = build_mail(JANA, SUPPORT)
        for name, kind in (("page.html", ("text", "html")), ("picture.svg", ("image", "svg+xml")),
                           ("../../etc/passwd", ("text", "plain")), ("a\\..\\b.xhtml", ("application", "xhtml+xml")),
                           ("run.js", ("text", "javascript")), ("x.xml", ("text", "xml"))):
            message.add_attachment(b"<script>alert(1)</script>", *kind, filename=name)
        item = self.arrive(message).item_id
        self.assertEqual(len(item.attachment_ids), 6)
        for file in item.attachment_ids:
            self.assertFalse(re.search(r"[/\\\0]|^\.\.", file.name), file.name)
        self.authenticate("jana", "jana")
        for file in item.attachment_ids:
            answer = self.url_open(f"/my/requests/{item.ticket_id.id}/file/{file.id}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("attachment", answer.headers["Content-Disposition"], file.name)
            self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")


@tagged("post_install", "-at_install")
class TestAttachmentLinks(PatternCase, HttpCase):
    """A link to a file opens it for those alone who see its message, whatever the link."""

    def test_links(self):
        message = build_mail(JANA, SUPPORT)
        message.add_attachment(b"SECRET", "application", "pdf", filename="contract.pdf")
        item = self.arrive(message).item_id
        file = item.attachment_ids
        file.generate_access_token()
        for who in ("mallory", None):
            self.authenticate(who, who)
            for path in (f"/web/content/{file.id}", f"/web/content/{file.id}?download=1", f"/web/image/{file.id}",
                         f"/my/requests/{item.ticket_id.id}/file/{file.id}",
                         f"/servicedesk/original/{item.intake_id.id}",
                         f"/servicedesk/item/{item.id}/files.zip", f"/web/content/servicedesk.item/{item.id}/body"):
                answer = self.url_open(path, allow_redirects=True)
                self.assertNotIn(b"SECRET", answer.content, path)


class TestServerSideRequests(PatternCase):
    """Nothing that comes in makes the server call an address that the sender names."""

    def test_no_picture_is_fetched(self):
        calls = []
        self.patch(__import__("socket"), "create_connection", lambda *args, **kw: calls.append(args))
        html = ("<img src='http://169.254.169.254/latest'><link rel=stylesheet href='http://127.0.0.1/'>"
                "<p style=\"background:url('http://10.0.0.1/')\">x</p>")
        item = self.send_raw(f"Face: http://127.0.0.1/\r\nX-Image-URL: http://127.0.0.1/\r\n{HTML}", html).item_id
        self.shown(item.ticket_id, self.portal)
        self.assertFalse(calls)


class TestForeignIds(PatternCase):
    """Ids of what is out of sight cannot be put into what one may write."""

    def test_tickets_and_messages(self):
        hidden = self.env["servicedesk.ticket"].create({"subject": "Zlatokop", "department_id": self.billing.id})
        mine, item = self.new_ticket().with_user(self.agent), hidden.item_ids[:1]
        for vals in ({"parent_id": hidden.id}, {"related_ids": [(4, hidden.id)]}, {"merged_into_id": hidden.id},
                     {"item_ids": [(4, item.id or 999999)]}, {"child_ids": [(4, hidden.id)]},
                     {"merged_ids": [(4, hidden.id)]}, {"department_id": 999999}):
            with self.subTest(vals=vals), self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                try:
                    mine.write(vals)
                    self.env.flush_all()
                    told = str(mine.read(["parent_id", "related_ids", "merged_into_id", "child_ids", "item_ids"]))
                except Exception:
                    told = ""
                self.env.clear()
                savepoint.rollback()
                self.assertNotIn("Zlatokop", told)


class TestSecondaryRoutes(PatternCase):
    """Search, number look-up, card, merge, following and notes ask for the same right as the ticket."""

    def test_ways_round(self):
        hidden = self.env["servicedesk.ticket"].create({
            "subject": "Zlatokop", "department_id": self.billing.id, "partner_id": self.client.id})
        mine = self.new_ticket()
        Ticket, Timeline, Item = (self.env[name].with_user(self.agent) for name in (
            "servicedesk.ticket", "servicedesk.timeline", "servicedesk.item"))
        told = [
            Ticket.name_search("Zlatokop"), Ticket.search_read([("number", "=", hidden.number)], ["subject"]),
            self.client.with_user(self.agent).read(["servicedesk_ticket_count", "servicedesk_ticket_ids"]),
            self.env["servicedesk.event"].with_user(self.agent).search_read([("ticket_id", "=", hidden.id)]),
        ]
        self.assertNotIn("Zlatokop", str(told))
        for name, act in {
                "reading": lambda: hidden.with_user(self.agent).read(["subject"]),
                "a note": lambda: Item.save_draft(hidden.id, "note", {"body": "x"}),
                "an answer": lambda: Item.prepare_draft(hidden.id, "email"),
                "the time line": lambda: Timeline.get_page(hidden.id),
                "the side": lambda: Timeline.get_context(hidden.id),
                "merging": lambda: self.env["servicedesk.merge.tickets"].with_user(self.agent).create(
                    {"ticket_ids": [(6, 0, (hidden | mine).ids)], "survivor_id": mine.id}).action_merge(),
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                act()
        self.assertFalse(hidden.with_user(self.agent).message_subscribe(self.agent.partner_id.ids))
        self.assertNotIn(self.agent.partner_id, hidden.message_partner_ids)


class TestBus(PatternCase):
    """Nobody hears of a ticket out of sight, by whatever name of a channel, nor after the right has ended."""

    def test_channels(self):
        hidden = self.new_ticket(department_id=self.billing.id)
        Websocket = self.env["ir.websocket"].with_user(self.agent)
        request = SimpleNamespace(session=SimpleNamespace(uid=self.agent.id))
        names = [f"servicedesk.ticket_{hidden.id}", f"servicedesk.ticket_0{hidden.id}", "servicedesk.ticket",
                 f"servicedesk.ticket_{hidden.id}\n", f"servicedesk.ticket,{hidden.id}"]
        with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=request):
            heard = Websocket._build_bus_channel_list(list(names))
        self.assertNotIn(hidden, [channel for channel in heard if not isinstance(channel, str)])

    def test_what_goes_on_after_the_right(self):
        ticket = self.new_ticket()
        channel = (self.env.cr.dbname, ticket._name, ticket.id)
        ticket._notify_screens()
        self.env.cr.precommit.run()
        Bus = self.env["bus.bus"].with_user(self.agent)
        self.assertTrue(Bus._poll([channel]))
        ticket.department_id = self.billing
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.assertFalse(Bus._poll([channel]))


class TestForgedHeaders(PatternCase):
    """Headers of ours and of mail servers count only from whom they can come."""

    def test_a_verdict_of_another_server(self):
        for server in ("mx.evil.example", "mx.severka.example.evil.example", "MX.severka.example-x"):
            row = self.arrive(build_mail(JANA, SUPPORT, server, Authentication_Results=f"{server}; dmarc=pass"))
            self.assertNotEqual(row.item_id.sender_verdict, "passed", server)

    def test_headers_of_odoo_and_ours(self):
        ticket = self.new_ticket(department_id=self.billing.id)
        for name in ("X-Odoo-Objects", "X-Servicedesk-Ticket", "X-OpenERP-Record"):
            row = self.send(EVIL, name, **{name.replace("-", "_"): f"servicedesk.ticket-{ticket.id}"})
            self.assertNotEqual(row.ticket_id, ticket)


@tagged("post_install", "-at_install")
class TestChangeByGet(PatternCase, HttpCase):
    """No link changes anything by being opened, as mail scanners and previews do."""

    def test_portal(self):
        ticket = self.send().ticket_id
        self.authenticate("jana", "jana")
        before = len(ticket.item_ids)
        for path in (f"/my/requests/{ticket.id}/answer?text=hello", "/my/requests/new?subject=a&text=b"):
            self.url_open(path, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(len(ticket.item_ids), before)
        self.assertFalse(self.env["servicedesk.ticket"].search([("subject", "=", "a")]))

    @mute_logger("odoo.http")
    def test_a_post_needs_its_token(self):
        ticket = self.send().ticket_id
        self.authenticate("jana", "jana")
        for token in ({}, {"csrf_token": "x" * 40}):
            answer = self.url_open(f"/my/requests/{ticket.id}/answer", data={"text": "hello", **token})
            self.assertGreaterEqual(answer.status_code, 400)


@tagged("post_install", "-at_install")
class TestForgedRating(PatternCase, HttpCase):
    """Odoo's rating links neither rate a ticket nor tell of it; the desk's own come with ratings."""

    @mute_logger("odoo.http")
    def test_core_links(self):
        ticket = self.send(subject="Zlatokop").ticket_id
        rating = self.env["rating.rating"].create({
            "res_model_id": self.env["ir.model"]._get_id("servicedesk.ticket"), "res_id": ticket.id,
            "partner_id": self.jana.id})
        before = len(ticket.message_ids)
        self.authenticate(None, None)
        for token in (rating.access_token, "x" * 32):
            for path in (f"/rate/{token}/5", f"/rate/{token}/1"):
                self.assertNotIn("Zlatokop", self.url_open(path).text)
            answer = self.url_open(f"/rate/{token}/submit_feedback", data={"rate": "5", "feedback": "great"})
            self.assertNotIn("Zlatokop", answer.text)
        self.env.invalidate_all()
        self.assertEqual(len(ticket.message_ids), before)


class TestEnumeration(PatternCase):
    """What is not there and what is not one's own are answered alike."""

    def test_tickets(self):
        ticket = self.send().ticket_id
        self.assertFalse(ticket.with_user(self.mallory_user)._customer_tickets([("id", "=", ticket.id)]))
        self.assertFalse(ticket.with_user(self.mallory_user)._customer_tickets([("id", "=", 10**8)]))

    def test_a_flood_waits(self):
        self.support.flood_limit = 5
        outcomes = [self.send(EVIL, f"Report {number}").outcome for number in range(9)]
        self.assertEqual(outcomes.count("new"), 5)
        self.assertEqual(set(outcomes[5:]), {"flood"})


class TestHeaderTricks(PatternCase):
    """No address, subject or name makes a mail of ours go elsewhere or say other things."""

    def test_injection(self):
        ticket = self.new_ticket(subject="VPN\r\nBcc: mallory@evil.example\r\n\r\nevil words")
        item = self.write_answer(ticket, self.agent, subject="Re\r\nBcc: mallory@evil.example",
                                 email_to=JANA)
        for message, _sender, recipients in self.send_queued(item):
            self.assertNotIn(EVIL, recipients)
            self.assertFalse(message["Bcc"])
            self.assertNotIn("evil words", message["Subject"] or "")

    def test_a_name_that_holds_an_address(self):
        for name in (f"{JANA}, {EVIL}", f"{EVIL}>, <{EVIL}", f"Bcc: {EVIL}", f"=?utf-8?q?a=0D=0ABcc:_{EVIL}?="):
            row = self.arrive(f'From: "{name}" <{JANA}>\r\nTo: {SUPPORT}\r\nSubject: {name}\r\n'
                              f"Message-Id: <{uuid4()}@x>\r\n\r\nx".encode())
            answer = self.write_answer(row.ticket_id, self.agent)
            reached = {address for message, _from, recipients in self.send_queued(answer) for address in recipients}
            self.assertLessEqual(reached, {JANA}, name)

    def test_odd_senders(self):
        for sender in ("<jana.novotna@stavbyvltava.example>@evil.example", f"{JANA}, {EVIL}",
                       f"team: {JANA};", f'"{JANA}" <{EVIL}>', f"{JANA}\0@evil.example"):
            row = self.arrive(f"From: {sender}\r\nTo: {SUPPORT}\r\nSubject: x\r\nMessage-Id: <{uuid4()}@x>\r\n"
                              "Authentication-Results: mx.severka.example; dmarc=pass\r\n\r\nx".encode())
            item = row.item_id
            beside = item.third_party or item.sender_verdict == "failed"
            self.assertTrue(beside or row.ticket_id.contact_id != self.jana, sender)


@tagged("post_install", "-at_install")
class TestFormulas(PatternCase, HttpCase):
    """A subject that begins like a formula is text in every file that leaves."""

    FORMULAS = ("=1+1", "{=1+1}", " =cmd|' /C calc'!A0", "@SUM(A1)", "external:\\\\evil\\x", '=HYPERLINK("http://e","x")')

    def export(self, path, **params):
        data = {"model": "servicedesk.ticket", "ids": False, "domain": [("subject", "in", self.FORMULAS)],
                "fields": [{"name": "subject", "label": "Subject", "type": "char"}], "context": {},
                "import_compat": False, **params}
        return self.url_open(path, data={"data": json.dumps(data), "csrf_token": Request.csrf_token(self)})

    def test_exports(self):
        self.authenticate("admin", "admin")
        for word in self.FORMULAS:
            self.new_ticket(subject=word)
        for params in ({}, {"groupby": ["subject"]}):
            sheet = load_workbook(io.BytesIO(self.export("/web/export/xlsx", **params).content)).active
            cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
            self.assertGreater(len(cells), len(self.FORMULAS))
            self.assertFalse([cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink])
        lines = self.export("/web/export/csv").text.splitlines()[1:]
        self.assertEqual(len(lines), len(self.FORMULAS))
        self.assertFalse([line for line in lines if not line.startswith("\"'")])


class TestTwoFaces(PatternCase):
    """All that looks at a mail looks at what the agent sees: not at another part, not at what is invisible."""

    def test_the_plain_part_says_other_things(self):
        message = build_mail(JANA, SUPPORT, "Two", "cancel the contract")
        message.add_alternative("<p>extend the contract</p>", subtype="html")
        item = self.arrive(message).item_id
        self.assertIn("extend", str(item.body))
        self.assertNotIn("cancel", str(item.body))
        found = Domain("id", "=", item.id) & Domain("body", "ilike", "cancel")
        self.assertFalse(self.env["servicedesk.item"].search(found))
        self.assertNotIn("cancel", self.shown(item.ticket_id, self.portal))
