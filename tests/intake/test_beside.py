from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ...models.intake import mail_thread
from ..common import ServicedeskCase, build_mail
from . import beside

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
SUPPORT = "support@severka.example"


@contextmanager
def without_us():
    """Let Odoo's gateway be as if the add-on were not there."""
    ours = mail_thread.MailThread
    taken = {name: vars(ours)[name] for name in (
        "message_process", "message_route", "_message_route_process", "_detect_write_to_catchall")}
    for name in taken:
        delattr(ours, name)
    try:
        yield
    finally:
        for name, method in taken.items():
            setattr(ours, name, method)


@tagged("post_install", "-at_install")
class TestMixedMails(TransactionCase):
    def setUp(self):
        super().setUp()
        self.patch(self.registry["mail.mail"], "send", lambda self, *args, **kwargs: True)  # written down only

    @mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models.mail_alias")
    def test_other_apps_make_of_a_mail_what_they_made_without_us(self):
        env = beside.prepare(self.env)
        given = beside.give_all(env)
        env["servicedesk.department"].search([("name", "=", "Pult")]).alias_name = False
        with without_us():
            plain = beside.give_all(env)
        self.assertGreater(len(given), 60)
        for name, _message, _model, departments in beside.build_mails():
            with self.subTest(name):
                got, failed = tuple(given[name].pop("departments")), given[name].pop("failed")
                if failed:  # the gateway commits what is stored; here all is one transaction
                    self.assertEqual(failed, plain[name]["failed"])
                else:
                    self.assertEqual(got, departments)
                del plain[name]["failed"], plain[name]["departments"]
                self.assertEqual(given[name], plain[name])
        made = sum(bool(plain[name]["records"] or plain[name]["messages"]) for name in plain)
        self.assertGreater(made, 40, "most of them are for somebody")

    def test_mail_for_departments_only_ends_in_the_ledger(self):
        env = beside.prepare(self.env)
        for to, headers in (
                ("podpora", {}), ("podpora, pult@severka.example", {}), ("pult", {}), ("PODPORA", {}),
                ("podpora+sd.1.0123456789abcdef", {}), ("podpora", {"References": "<unknown@x.example>"})):
            for model in (False, "res.partner"):
                with self.subTest(to=to, model=model):
                    message = build_mail(beside.JANA, f"{to}@severka.example", **headers)
                    got = beside.give(env, message, model)
                    self.assertTrue(got["departments"])
                    self.assertEqual((got["failed"], got["records"], got["messages"], got["mails"]), ("", [], [], []))

    @mute_logger("odoo.addons.servicedesk.models.intake.mail_thread")
    def test_a_report_that_odoo_cannot_read_has_arrived(self):
        def fail(*args, **kwargs):
            raise LookupError("unknown encoding")

        env = beside.prepare(self.env)
        report = beside.build_report()
        report["From"], report["To"] = "MAILER-DAEMON@severka.example", "podpora@severka.example"
        with patch.object(self.registry["mail.thread"], "message_parse", fail):
            got = beside.give(env, report)
        self.assertEqual((got["failed"], got["departments"]), ("", ["Podpora"]))

    def test_an_answer_to_a_ticket_goes_to_its_department_and_to_the_alias_that_it_names(self):
        env = beside.prepare(self.env)
        department = env["servicedesk.department"].search([("name", "=", "Podpora")])
        ticket = env["servicedesk.ticket"].create({"subject": "VPN", "department_id": department.id})
        asked = ticket.message_post(body=ticket.number)
        message = build_mail(beside.JANA, "ukoly@severka.example", "To both", In_Reply_To=asked.message_id)
        got = beside.give(env, message)
        self.assertEqual(got["departments"], ["Podpora"])
        self.assertEqual(got["records"], [["project.task", "To both"]])


class TestMailboxesOfOthers(ServicedeskCase):
    """What Odoo reads out of a mailbox without department is the business of whom the mailbox belongs to."""

    def setUp(self):
        super().setUp()
        self.mailbox = self.env["fetchmail.server"].create({
            "name": "Sales", "server_type": "imap", "state": "done",
            "object_id": self.env["ir.model"]._get_id("res.partner")})
        self.raw = build_mail("eve@elsewhere.example", f"sales@severka.example, {SUPPORT}", "To both").as_bytes()

    def take(self, raw=None, model="res.partner"):
        """Let Odoo's reader hand in a mail of the sales' mailbox; return the ledger's rows and what sales got."""
        self.env["mail.thread"].with_context(default_fetchmail_server_id=self.mailbox.id).message_process(
            model, raw or self.raw)
        return (self.env["servicedesk.intake"].search([("subject", "=", "To both")]).department_id,
                self.env["res.partner"].search([("name", "=", "To both")]))

    def test_the_department_has_its_own_copy(self):
        self.env["fetchmail.server"].create({
            "name": "Support", "server_type": "imap", "state": "done", "department_id": self.support.id})
        rows, made = self.take()
        self.assertFalse(rows, "its own mailbox brings it")
        self.assertTrue(made)

    def test_it_comes_by_this_mailbox_only(self):
        rows, made = self.take()
        self.assertEqual(rows, self.support)
        self.assertTrue(made)

    def test_to_the_department_only(self):
        rows, made = self.take(build_mail("eve@elsewhere.example", SUPPORT, "To both").as_bytes())
        self.assertEqual(rows, self.support)
        self.assertFalse(made)

    def test_an_answer_to_us_in_the_mailbox_of_sales(self):
        answer = self.write_answer(self.new_ticket(), self.agent)
        rows, made = self.take(build_mail("eve@elsewhere.example", "sales@severka.example", "To both",
                                          In_Reply_To=answer.message_id).as_bytes())
        self.assertFalse(rows)
        self.assertTrue(made)


class TestOneOwner(ServicedeskCase):
    """An address is a department's or another app's, never both's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "severka.example", "bounce_alias": "bounce", "catchall_alias": "catchall"})
        cls.project = cls.env["project.project"].create({"name": "Move to Brno"})

    def give_alias(self, name, **values):
        self.project.alias_id.write({"alias_name": name, "alias_domain_id": self.domain.id, **values})

    @contextmanager
    def refused(self, words):
        with self.assertRaises(ValidationError) as caught:  # undoes what was written, as the user's request is
            yield
        self.assertIn(words, str(caught.exception))

    def test_a_department_gets_no_address_of_others(self):
        self.give_alias("move")
        with self.refused("an alias of Move to Brno"):
            self.billing.email = "Move@severka.example"
        for address in ("catchall@severka.example", "bounce@severka.example"):
            with self.refused("catch-all or bounce address"):
                self.billing.email = address
        self.give_alias("anywhere", alias_incoming_local=True)
        with self.refused("an alias of Move to Brno"):
            self.billing.email = "anywhere@elsewhere.example"

    def test_others_get_no_address_of_a_department(self):
        with self.refused("address of the department Support"):
            self.give_alias("support")
        with self.refused("address of the department Support"):
            self.give_alias("support", alias_domain_id=False, alias_incoming_local=True)
        with self.refused("address of the department Billing"):
            self.domain.catchall_alias = "billing"
        self.give_alias("move")
        self.billing.email = "move@elsewhere.example"
        with self.refused("address of the department Billing"):
            self.domain.name = "elsewhere.example"

    def test_an_archived_department_takes_no_address_until_it_is_back(self):
        self.support.active = False
        self.give_alias("support")
        with self.refused("an alias of Move to Brno"):
            self.support.active = True

    def test_a_departments_own_alias_may_be_its_address(self):
        self.support.write({"alias_name": "support", "alias_domain_id": self.domain.id})
        self.support.email = "help@severka.example"
        self.support.email = SUPPORT

    def test_one_departments_alias_is_not_anothers_address(self):
        with self.refused("address of the department Support"):
            self.billing.write({"alias_name": "support", "alias_domain_id": self.domain.id})
        self.billing.write({"alias_name": "invoices", "alias_domain_id": self.domain.id})
        with self.refused("an alias of Billing"):
            self.support.email = "invoices@severka.example"


class TestMailboxesThatLoseTheirDepartment(ServicedeskCase):
    """Nobody reads them: Odoo's own reader would delete (POP3) or mark as read (IMAP) all that is in them."""

    def setUp(self):
        super().setUp()
        self.mailboxes = self.env["fetchmail.server"].create([
            {"name": kind, "server_type": kind, "state": "done", "department_id": self.billing.id}
            for kind in ("imap", "pop")])

    def check_stopped(self):
        self.assertEqual(self.mailboxes.mapped("state"), ["draft", "draft"])

    def test_the_field_is_emptied(self):
        self.mailboxes.write({"department_id": False, "state": "done"})
        self.check_stopped()

    def test_the_department_is_archived(self):
        self.billing.active = False
        self.check_stopped()
        with self.assertRaises(ValidationError):
            self.mailboxes[0].state = "done"

    def test_the_department_is_deleted(self):
        self.mailboxes[0].active = False
        server = self.env["ir.mail_server"].create(
            {"name": "Billing", "smtp_host": "x", "servicedesk_department_id": self.billing.id})
        self.billing.unlink()
        self.check_stopped()
        self.assertFalse(self.mailboxes.department_id)
        self.assertFalse(server.exists(), "it must not become everybody's")

    def test_another_department_takes_over(self):
        self.mailboxes.department_id = self.support
        self.assertEqual(self.mailboxes.mapped("state"), ["done", "done"])
