from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.base.models.ir_mail_server import IrMail_Server


def build_mail(sender, to, subject="Hello", text="Hello", **headers):
    """Return an EmailMessage; headers are given with underscores: ``In_Reply_To="<…>"``."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = headers.pop("Message_Id", f"<{abs(hash((sender, subject, text)))}@customer.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


class ServicedeskCase(TransactionCase):
    """Two departments, three agents of different levels, one client with two people."""

    # The superuser, in whose name tests set up their records, enters addresses as staff would.
    superuser_is_staff = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=False))
        if cls.superuser_is_staff:
            Partner = cls.env.registry["res.partner"]
            real = Partner._is_servicedesk_written_by_staff
            cls.startClassPatcher(patch.object(
                Partner, "_is_servicedesk_written_by_staff",
                lambda partner: partner.env.uid == SUPERUSER_ID or real(partner)))
        cls.support, cls.billing = cls.env["servicedesk.department"].create([
            {"name": "Support", "email": "support@severka.example", "signature": "<p>Severka support</p>"},
            {"name": "Billing", "email": "billing@severka.example"},
        ])
        cls.agent = cls._new_agent("agent", cls.support, "specialist")
        cls.junior = cls._new_agent("junior", cls.support, "own")
        cls.clerk = cls._new_agent("clerk", cls.billing, "supervisor")
        cls.client = cls.env["res.partner"].create({
            "name": "Stavby Vltava a.s.", "is_company": True, "email": "info@stavbyvltava.example"})
        cls.jana, cls.alena = cls.env["res.partner"].create([
            {"name": "Jana Novotná", "parent_id": cls.client.id, "email": "jana.novotna@stavbyvltava.example"},
            {"name": "Alena Hájková", "parent_id": cls.client.id, "email": "alena.hajkova@stavbyvltava.example"},
        ])

    @classmethod
    def _new_agent(cls, login, department, level, **rights):
        user = new_test_user(cls.env, login, "servicedesk.group_user", name=login.title(),
                             email=f"{login}@severka.example", tz="Europe/Prague")
        cls.env["servicedesk.membership"].create(
            {"user_id": user.id, "department_id": department.id, "level": level, **rights})
        return user

    def arrive(self, message, department=None):
        """Let a mail arrive in a department's mailbox and be filed; return its ledger rows."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        rows = self.env["servicedesk.intake"]._store(raw, department or self.support)
        for row in rows:
            row._process()
        return rows

    @contextmanager
    def job(self, **context):
        """Yield an environment in which commits and rolls back as a job's do, within the transaction of the test."""
        self.env.flush_all()
        if not type(self)._registry_patched:
            self.registry_enter_test_mode()
        with self.registry.cursor() as cr:
            yield self.env(cr=cr, user=SUPERUSER_ID, context={**self.env.context, **context})
        self.env.invalidate_all()

    def run_job(self, name):
        """Run a scheduled job of ours with everything that a server does around it."""
        with self.job(cron_id=self.env.ref(f"servicedesk.{name}").id) as env:
            job, _progress = env["ir.cron"].browse(env.context["cron_id"])._add_progress()
            env.cr.commit()
            job.ir_actions_server_id.with_context(**job.env.context).run()

    def new_ticket(self, **vals):
        return self.env["servicedesk.ticket"].create({
            "subject": "VPN", "department_id": self.support.id, "partner_id": self.client.id,
            "contact_id": self.jana.id, **vals})

    def history(self, ticket, user=None):
        """Return ``[(kind, old, new)]`` of a ticket's history as ``user`` reads it, without its beginning."""
        events = self.env["servicedesk.event"].with_user(user or self.env.user).search(
            [("ticket_id", "=", ticket.id), ("kind", "!=", "created")], order="id")
        values = events._read_values()
        return [(event.kind, *values[event.id]) for event in events]

    def write_answer(self, ticket, user, body="<p>Hello Jana</p>", **vals):
        """Write and send an answer as ``user`` through the same calls as the screen; the item is queued."""
        Item = self.env["servicedesk.item"].with_user(user)
        start = Item.prepare_draft(ticket.id, "email")
        values = {**start, "body": body, **vals}
        item = Item.browse(Item.save_draft(ticket.id, "email", values))
        item.action_send()
        return item.sudo()

    def send_queued(self, item, instead=None):
        """Run the worker's part for one queued item; return what reached the (faked) mail server.

        :param instead: replaces the server, to let it fail
        :return: list of ``(message, smtp_from, [recipients])``
        """
        sent = []

        def send_email(server, message, *args, **kwargs):
            smtp_from, smtp_to, message = server._prepare_email_message__(message, kwargs.get("smtp_session"))
            sent.append((message, smtp_from, smtp_to))
            return message["Message-Id"]

        class Session:
            from_filter = False
            smtp_from = "support@severka.example"

            def quit(self):
                pass

        item.write({"state": "sending", "claimed_by": 1})
        with patch.object(IrMail_Server, "_disable_send", lambda self: False), \
                patch.object(IrMail_Server, "_connect__", lambda self, *args, **kwargs: Session()), \
                patch.object(IrMail_Server, "send_email", instead or send_email):
            item._send_now()
        return sent
