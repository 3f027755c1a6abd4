from collections import Counter
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import limits
from ...tools.filing import Filing, lower_names
from ...tools.mail import addresses, inbound, threading

PER_SENDER_AND_HOUR, PER_DEPARTMENT_AND_HOUR = limits.AUTOMATIC_PER_SENDER, limits.AUTOMATIC_PER_DEPARTMENT


class ServicedeskItem(models.Model):
    """The acknowledgement of a new request: an item like any other, but it never answers a machine.

    The notice to the requester before a ticket closes by itself: capped like an acknowledgement.
    What rules saw of an incoming item, for the preview.
    """

    _inherit = "servicedesk.item"

    automatic = fields.Boolean(readonly=True, help="Written by the system, marked as such for other mail systems.")
    from_robot = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                                help="The mail says of itself that a machine sent it, or that nobody may answer it.")
    rule_hit_ids = fields.One2many("servicedesk.rule.hit", "item_id", string="Rule match",
                                   groups="servicedesk.group_admin")

    _automatic_idx = models.Index("(email_to, date) WHERE automatic IS TRUE")
    _automatic_date_idx = models.Index("(date) WHERE automatic IS TRUE")

    @api.model
    def _acknowledge(self, question, mail):
        """Queue the acknowledgement of a new ticket's first mail, where the department wants one and it is safe."""
        ticket, department = question.ticket_id, question.ticket_id.department_id
        recipient = addresses.normalize(mail.reply_to or mail.sender)
        if not department.acknowledge or not recipient or not department._get_sender():
            return self.browse()
        if inbound.classify(mail) != "ordinary" or inbound.failed_authentication(mail) \
                or inbound.is_flagged_as_spam(mail) or question.sender_verdict == "failed":
            return self.browse()
        if not self._filter_within_caps([(ticket, recipient)]):
            return self.browse()
        template = self.env["servicedesk.template"]._find_acknowledgement(department, ticket.contact_id.lang)
        speaking = self.with_context(lang=self._get_requester_lang(ticket, template))
        subject, body = template._render(ticket.with_env(speaking.env)) if template \
            else speaking._get_standard_acknowledgement(ticket)
        return self._queue_automatic([self._prepare_automatic_vals(ticket, recipient, subject, body, question)])

    @api.model
    def _get_requester_lang(self, ticket, template=None):
        """Return the language in which the system speaks to a ticket's requester.

        Contacts may have one that is not installed (imports): a mail must not fail for it.
        """
        wishes = [template and template.lang, ticket.contact_id.lang, ticket.company_id.partner_id.lang,
                  self.env.context.get("lang")]
        return next(filter(None, map(self.env["res.lang"]._get_code, filter(None, wishes))), None)

    @api.model
    def _get_requester_tz(self, ticket):
        """Return the name of the time zone in which a ticket's requester reads dates, or None where nobody said."""
        # sudo: the contact may be out of the agent's reach
        return ticket.contact_id.sudo().tz or ticket.department_id._get_tz()

    def _send_automatic(self, template, recipient):
        """Queue a template as an answer to this incoming item, as far as the caps allow."""
        ticket = self.ticket_id
        if not ticket.department_id._get_sender() or not self._filter_within_caps([(ticket, recipient)]):
            return self.browse()
        speaking = ticket.with_context(lang=self._get_requester_lang(ticket, template))
        subject, body = template.with_env(speaking.env)._render(speaking)
        return self._queue_automatic([self._prepare_automatic_vals(ticket, recipient, subject, body, self)])

    @api.model
    def _prepare_automatic_vals(self, ticket, recipient, subject, body, parent):
        """Return the values of a mail of the system to a requester, marked as such."""
        return {
            "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft", "automatic": True,
            "author_name": ticket.department_id.name, "email_to": recipient, "body": body,
            "parent_item_id": parent.id, "subject": subject or threading.reply_subject(ticket.subject),
        }

    @api.model
    def _queue_automatic(self, vals_list):
        """Queue mails of the system and return them; the caller has looked at the caps."""
        items = self.create(vals_list)
        now = fields.Datetime.now()
        for item in items:
            item.write(item._prepare_queue_vals() | {"queued_at": now})
        if items:
            items._trigger_workers()
        return items

    @api.model
    def _get_standard_acknowledgement(self, ticket):
        """Return ``(subject, body)`` of the text that serves until a department writes its own."""
        text = self.env._("Thank you for your message. We have registered your request “%(subject)s” as "
                          "%(number)s and will get back to you. To add anything, simply reply to this e-mail.",
                          subject=ticket.subject, number=ticket.number)
        if opening := ticket.department_id._get_next_opening():
            day = self._format_customer_day(ticket, opening)
            text += " " + self.env._("We are closed at the moment and will start on your request on %(day)s.", day=day)
        body = self._write_letter(text, ticket.department_id)
        return self.env._("We have received your request %s", ticket.number), body

    @api.model
    def _write_letter(self, text, department):
        """Return a mail of the system as HTML: greeting, text and who it is from."""
        return Markup("<p>%s</p><p>%s</p><p>%s<br>%s</p>") % (
            self.env._("Hello,"), text, self.env._("Kind regards,"), department.name)

    @api.model
    def _format_customer_day(self, ticket, moment):
        """Return the day of a moment (in UTC), in words, as the customer of a ticket counts days."""
        here = ticket.with_context(tz=self._get_requester_tz(ticket))
        return format_date(self.env, fields.Date.context_today(here, moment), date_format="long")

    @api.model
    def _filter_within_caps(self, pairs):
        """Return those of ``[(ticket, recipient)]`` that the caps of an hour allow; three queries for any number.

        Two robots that greet each other end here.
        """
        if not pairs:
            return []
        hour = Domain("automatic", "=", True) & Domain("date", ">", fields.Datetime.now() - timedelta(hours=1))
        departments = {ticket.department_id.id for ticket, _recipient in pairs}
        to_sender = Counter(dict(self._read_group(
            hour & Domain("email_to", "in", list({recipient for _ticket, recipient in pairs})),
            ["email_to"], ["__count"])))
        from_department = Counter(dict(self._read_group(
            hour & Domain("ticket_id.department_id", "in", list(departments)),
            ["ticket_id.department_id"], ["__count"])))
        allowed = []
        for ticket, recipient in pairs:
            department = ticket.department_id
            if to_sender[recipient] < PER_SENDER_AND_HOUR and from_department[department] < PER_DEPARTMENT_AND_HOUR:
                to_sender[recipient] += 1
                from_department[department] += 1
                allowed.append((ticket, recipient))
        return allowed

    @api.model
    def _get_incoming_bounds(self, tickets):
        """Return ``({ticket id: first item that came in}, {ticket id: newest one of those of the customer})``."""
        came = Domain("ticket_id", "in", tickets.ids) & Domain("direction", "=", "in")
        first, newest = (dict.fromkeys(tickets.ids, self.browse()) for _turn in range(2))
        if tickets:
            for ticket, item_id in self._read_group(came, ["ticket_id"], ["id:min"]):
                first[ticket.id] = self.browse(item_id)
            for ticket, item_id in self._read_group(
                    came & Domain("third_party", "=", False), ["ticket_id"], ["id:max"]):
                newest[ticket.id] = self.browse(item_id)
        everything = self.browse(item.id for item in (*first.values(), *newest.values()) if item)
        bound = {item.id: item for item in everything}  # read together
        return tuple({ticket_id: bound.get(item.id, item) for ticket_id, item in found.items()}
                     for found in (first, newest))

    @api.model
    def _announce_closing(self, tickets):
        """Queue one notice per ticket, as far as the caps allow.

        :return: the tickets whose notice is on its way; the others are for the next hour or have no address
        """
        writable = tickets.filtered(lambda ticket: ticket._get_closing_recipient())
        allowed = self._filter_within_caps([(ticket, ticket.contact_email) for ticket in writable])
        self._queue_automatic([self._prepare_closing_notice_vals(*pair) for pair in allowed])
        return tickets.browse(ticket.id for ticket, _recipient in allowed)

    def _prepare_closing_notice_vals(self, ticket, recipient):
        department = ticket.department_id
        lang = self.env["servicedesk.item"]._get_requester_lang(ticket)
        speaking = self.with_context(lang=lang)
        day = speaking._format_customer_day(
            ticket, fields.Datetime.now() + timedelta(days=department.notice_days))
        if ticket.waiting_for == "acceptance":
            text = speaking._get_confirmation_text(ticket, day)
        else:
            text = speaking.env._(
                "We are waiting for your answer to “%(subject)s” (%(number)s). If we do not hear from you by "
                "%(day)s, we will close the request; a reply to this e-mail reopens it.",
                subject=ticket.subject, number=ticket.number, day=day)
        return {
            "ticket_id": ticket.id, "kind": "email", "direction": "out", "state": "draft", "automatic": True,
            "author_name": department.name, "email_to": recipient,
            "subject": threading.reply_subject(ticket.subject),
            "body": speaking._write_letter(text, department),
        }

    @api.model
    def _get_confirmation_text(self, ticket, day):
        """Return what a customer reads whose ticket is solved and closes on a day without an answer."""
        return self.env._(
            "We believe “%(subject)s” (%(number)s) is solved. If all is well, there is nothing to do. If not, "
            "please reply by %(day)s and we will carry on; otherwise we will close it.",
            subject=ticket.subject, number=ticket.number, day=day)

    def _get_filing(self):
        """Return the filing of this incoming item as it stood when rules looked at it."""
        self.ensure_one()
        ticket, opened = self.ticket_id, self._has_opened_ticket()
        row = self.sudo().intake_id  # sudo: the ledger's line of an item that the reader sees
        mail = row._get_parsed_headers() if row.channel == "email" else None
        caught = self.sudo().rule_hit_ids.department_id[:1]  # sudo: only where it arrived
        addressed = row.department_id if opened else row.department_id.browse()
        return Filing.start(
            self.env, self.kind, received_at=row.received_at or self.date,
            sender=addresses.normalize(self.email_from) or self.phone_from or "",
            arrived_in=caught or addressed or ticket.department_id, client=ticket.partner_id,
            ticket=ticket.browse() if opened else ticket,
            subject=self.subject or ("" if opened and self.kind == "email" else ticket.subject or ""),
            body=self.body, files=[{"mimetype": file.mimetype} for file in self.attachment_ids],
            headers=lower_names(mail.headers) if mail else {})

    def _has_opened_ticket(self):
        """Tell whether the ticket was opened for this incoming item."""
        if outcome := self.sudo().intake_id.outcome:  # sudo: as above
            return outcome == "new"
        return not self.search_count(Domain("ticket_id", "=", self.ticket_id.id) & Domain("id", "<", self.id), limit=1)
