from datetime import timedelta

from markupsafe import Markup
from psycopg2.extensions import TransactionRollbackError

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ...tools.mail import addresses, html_pictures, own_answer, threading
from ..queue.queue import Queue

BATCH = 1000
MAILING = Queue("notices by mail", "_mail_together", ("cron_notices",), batch=BATCH, order="mail_due_at, user_id",
                give_up="_give_up_mail")
LISTED = 50


class ServicedeskNotice(models.Model):
    """Notices by mail: what came together within some minutes is one mail.

    A mail about one ticket can be answered from any mail program (``intake_own_answer.py``): its Message-Id is the
    token, known to nobody else, bound to the user and the ticket and good for ``ANSWER_DAYS``.
    """

    _inherit = "servicedesk.notice"

    mail_message_id = fields.Char(readonly=True, index="btree_not_null", export_string_translation=False)
    mailed_at = fields.Datetime("E-mail sent at", readonly=True)

    @api.model
    def _cron_tell(self):
        """Put together the mails that are due.

        Notice and ``mail.mail`` are committed together, so that a crash makes neither two mails nor none; the mail
        then waits in Odoo's own queue.
        """
        self._work_off(MAILING, lambda: Domain("mail_due_at", "<=", fields.Datetime.now()))

    def _mail_together(self):
        """Mail these notices, and in the same mails all that the same people are still to be told."""
        later = self.search(Domain("user_id", "in", self.user_id.ids) & Domain("mail_due_at", "!=", False)
                            & Domain("id", "not in", self.ids), limit=BATCH)
        try:
            with self.env.cr.savepoint():
                (self | later)._mail()
        except TransactionRollbackError:
            raise
        except Exception:
            if len(self) > 1 or not later:
                raise
            self._mail()  # one of the others may be what cannot be told

    def _give_up_mail(self, _failure):
        self.mail_due_at = False

    def _mail(self):
        """Create one mail per person; what is out of sight by now is left out without a word."""
        values = []
        for user, notices in self.grouped("user_id").items():
            seen = notices.with_user(user).with_context(lang=user.lang, tz=user.tz)
            visible = seen.ticket_id._filtered_access("read")
            seen = seen.filtered(lambda notice, visible=visible: notice.ticket_id in visible).sorted("id")
            if not seen or not user.email_normalized or not user.active:
                continue
            if len(seen.ticket_id) == 1:
                values.append(seen._prepare_ticket_mail(user))
            else:
                values.append(seen._prepare_list_mail(user))
        self.write({"mail_due_at": False, "mailed_at": fields.Datetime.now()})
        self.env["mail.mail"].create(values)
        if values:
            self._wake_jobs("mail.ir_cron_mail_scheduler_action")

    def _prepare_ticket_mail(self, user):
        """Return the mail about one ticket, with what was written, that can be answered."""
        ticket, department = self.ticket_id, self.ticket_id.sudo().department_id  # sudo: name and addresses
        sender = department._get_sender()
        message_id = threading.new_message_id(ticket.id, addresses.domain(sender or user.email_normalized),
                                              threading.NOTICE)
        self.sudo().write({"mail_message_id": message_id})  # sudo: the system's own field
        newest = self[-1]
        items = self.item_id._filtered_access("read").sorted("date")
        values = {
            "lines": self._describe(), "ticket": ticket, "url": self._get_url(ticket, newest.item_id),
            "answer_to": newest._get_answer_target(), "marker": own_answer.MARKER,
            "items": [{
                "date": item.date, "internal": item.direction == "internal",
                "author": self.env["servicedesk.timeline"]._format_author(item)["name"],
                # Without its pictures: those of the ticket need a sign-in, remote ones tell on their reader.
                "body": Markup(html_pictures.rewrite(item._get_clean_body(), lambda _id: None)),  # cleaned
            } for item in items],
        }
        titles = dict(self._selection_kind())
        return self._prepare_mail(user, department, {
            "subject": threading.subject_with_number(f"{titles[newest.kind]}: {ticket.subject}", ticket.number),
            "body_html": self.env["ir.qweb"]._render("servicedesk.notice_mail", values),
            "message_id": message_id,
            "reply_to": department._get_reply_address(ticket) or sender,
        })

    def _prepare_list_mail(self, user):
        """Return the mail about several tickets: a list of links, nothing to be answered."""
        groups = list(self.grouped("ticket_id").items())
        values = {
            "groups": [{"ticket": ticket, "lines": notices._describe(),
                        "url": self._get_url(ticket, notices[-1].item_id)} for ticket, notices in groups[:LISTED]],
            "more": max(0, len(groups) - LISTED),
        }
        department = self.ticket_id[:1].sudo().department_id  # sudo: name and addresses
        return self._prepare_mail(user, department, {
            "subject": self.env._("Service Desk: news in tickets (%s)", len(groups)),
            "body_html": self.env["ir.qweb"]._render("servicedesk.notice_list_mail", values),
            "reply_to": False,
        })

    def _prepare_mail(self, user, department, vals):
        sender = department._get_sender()
        # Machines are not to answer (RFC 3834 §5; Exchange knows only its own header).
        headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
                   "X-Servicedesk-Notice": "1"}
        if sender:
            headers["Return-Path"] = sender
        return {
            "email_to": tools.formataddr((user.name, user.email_normalized)),
            "email_from": tools.formataddr((department.name, sender)) if sender else user.company_id.email_formatted,
            "headers": repr(headers), "mail_server_id": department.mail_server_id.id, "auto_delete": True,
            "state": "outgoing", **vals,
        }

    def _describe(self):
        """Return what the notices say, each once: ``[{title, author, text}]``."""
        titles = dict(self._selection_kind())
        named = self.sudo()  # sudo: names of those who caused them, perhaps out of the reader's reach
        lines = [(titles[notice.kind], notice.author_id.name or "", " · ".join(filter(None, [
            notice._get_text(), notice.for_user_id and self.env._("for %s", notice.for_user_id.name)])))
            for notice in named]
        return [dict(zip(("title", "author", "text"), line, strict=True)) for line in dict.fromkeys(lines)]

    def _get_answer_target(self):
        """Return where an answer to the mail goes: ``customer`` after the customer's words, else ``note``."""
        self.ensure_one()
        item = self.item_id
        return "customer" if item.direction == "in" and not item.third_party and not item.automatic else "note"

    @api.model
    def _get_url(self, ticket, item):
        base = ticket.get_base_url()
        return f"{base}/odoo/servicedesk.ticket/{ticket.id}" + (f"?item={item.id}" if item else "")

    @api.model
    def _find_by_mail(self, message_ids):
        """Return the newest notice whose mail has one of the Message-Ids and may still be answered."""
        message_ids = [message_id for message_id in message_ids if threading.is_notice_id(message_id)]
        if not message_ids:
            return self.browse()
        since = fields.Datetime.now() - timedelta(days=own_answer.ANSWER_DAYS)
        return self.search(Domain("mail_message_id", "in", message_ids) & Domain("mailed_at", ">", since),
                           order="id desc", limit=1)
