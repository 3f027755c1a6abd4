from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import threading
from .acknowledgement import PER_DEPARTMENT_AND_HOUR, PER_SENDER_AND_HOUR


class ServicedeskItem(models.Model):
    """The notice to the requester before a ticket closes by itself: capped like an acknowledgement."""

    _inherit = "servicedesk.item"

    @api.model
    def _announce_closing(self, tickets):
        """Queue one notice per ticket, as far as the caps allow.

        :return: the tickets whose notice is on its way; the others are for the next hour or have no address
        """
        hour = Domain("automatic", "=", True) & Domain("date", ">", fields.Datetime.now() - timedelta(hours=1))
        writable = tickets.filtered(lambda ticket: ticket._get_closing_recipient())
        to_sender = Counter(dict(self._read_group(
            hour & Domain("email_to", "in", writable.mapped("contact_email")), ["email_to"], ["__count"])))
        from_department = Counter(dict(self._read_group(
            hour & Domain("ticket_id.department_id", "in", writable.department_id.ids),
            ["ticket_id.department_id"], ["__count"]))) if writable else Counter()
        told, vals_list = tickets.browse(), []
        for ticket in writable:
            recipient, department = ticket.contact_email, ticket.department_id
            if to_sender[recipient] >= PER_SENDER_AND_HOUR or from_department[department] >= PER_DEPARTMENT_AND_HOUR:
                continue
            to_sender[recipient] += 1
            from_department[department] += 1
            told |= ticket
            vals_list.append(self._prepare_closing_notice_vals(ticket, recipient))
        items = self.create(vals_list)
        for item in items:
            item.write(item._prepare_queue_vals() | {"queued_at": fields.Datetime.now()})
        if items:
            items._trigger_workers()
        return told

    def _prepare_closing_notice_vals(self, ticket, recipient):
        department = ticket.department_id
        lang = self.env["servicedesk.item"]._get_requester_lang(ticket)
        env = self.with_context(lang=lang).env
        here = ticket.with_context(tz=self._get_requester_tz(ticket))
        day = format_date(env, fields.Date.context_today(here) + timedelta(days=department.notice_days), lang)
        if ticket.waiting_for == "acceptance":
            text = env._("we believe that your request “%(subject)s” is settled. If it is not, answer this message; "
                         "otherwise we will close it on %(day)s.", subject=ticket.subject, day=day)
        else:
            text = env._("we are waiting for your answer to the request “%(subject)s”. Without it we will close the "
                         "request on %(day)s; you can open it again by writing to us.",
                         subject=ticket.subject, day=day)
        return {
            "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft", "automatic": True,
            "author_name": department.name, "email_to": recipient,
            "subject": threading.reply_subject(ticket.subject),
            "body": Markup("<p>%s</p><p>%s</p><p>%s</p>") % (env._("Hello,"), text, department.name),
        }
