from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

from ...tools.mail import addresses, inbound
from ..access.relations import RuledMany2many

EVENTS = ("started", "planned", "third_party", "resolved", "closed")


class ServicedeskRequesterMessage(models.Model):
    """What a department tells its requesters by itself beside the acknowledgement: one line switches one message on.

    A robot gets none of them, nor does anyone who closed the matter; caps are those of acknowledgements.
    """

    _name = "servicedesk.requester.message"
    _inherit = ["servicedesk.cached.settings"]
    _description = "Customer notification"
    _order = "department_id, event, id"

    department_id = fields.Many2one("servicedesk.department", required=True, ondelete="cascade", index=True)
    event = fields.Selection(
        [("started", "Work begins: it has an owner"), ("planned", "Day planned"),
         ("third_party", "Waiting for a third party"), ("resolved", "Ticket resolved"), ("closed", "Ticket closed")],
        "When", required=True)
    template_ids = RuledMany2many("servicedesk.template", string="Texts", help=(
        "One for each language; the one without a language serves all others. Leave empty to use a short default "
        "text."))

    _event_uniq = models.Constraint("UNIQUE(department_id, event)", "This message is switched on already.")

    @api.model
    @tools.ormcache()
    def _get_switched_on(self):
        """Return ``{(department id, event): id}``."""
        # sudo: settings, read to act on them
        return {(line.department_id.id, line.event): line.id for line in self.sudo().search(Domain.TRUE)}

    @api.model
    def _queue_messages(self, tickets, event):
        """Queue the message about ``event`` to the requesters of these tickets, where their department wants it."""
        Item = self.env["servicedesk.item"].sudo()  # sudo: a mail of the system, whoever caused it
        wanted = {key[0]: self.sudo().browse(line) for key, line in self._get_switched_on().items()  # sudo: settings
                  if key[1] == event}
        pairs = []
        for ticket in tickets.sudo():  # sudo: as the mails
            recipient = addresses.normalize(ticket.contact_email)
            if ticket.department_id.id in wanted and ticket.department_id._get_sender() and recipient \
                    and not inbound.is_robot_address(recipient):
                pairs.append((ticket, recipient))
        first, newest = Item._get_incoming_bounds(tickets.browse(ticket.id for ticket, _recipient in pairs))
        # Where a machine asked nobody reads what we would write.
        pairs = Item._filter_within_caps([
            (ticket, recipient) for ticket, recipient in pairs if not first[ticket.id].from_robot])
        Item._queue_automatic([
            wanted[ticket.department_id.id]._prepare_message_vals(ticket, recipient, newest[ticket.id])
            for ticket, recipient in pairs])

    def _prepare_message_vals(self, ticket, recipient, newest):
        """Return the mail of this line about a ticket, as an answer to the newest that came from the requester."""
        Item = self.env["servicedesk.item"]
        template = self._choose(ticket.contact_id.lang)
        speaking = ticket.with_context(lang=Item._get_requester_lang(ticket, template))
        subject, body = template.with_env(speaking.env)._render(speaking) if template \
            else self.with_env(speaking.env)._get_standard_text(speaking)
        return Item._prepare_automatic_vals(ticket, recipient, subject, body, newest)

    @api.model
    def _notify_change(self, change, tickets):
        """Tell requesters what a change has come to; merging and its undo tell nothing: nothing has happened."""
        if change.quiet or not self._get_switched_on():
            return
        told = {event: tickets.browse() for event in EVENTS}
        for ticket in tickets:
            if event := self._get_event(change, ticket):
                told[event] |= ticket
        for event, theirs in told.items():
            if theirs:
                self._queue_messages(theirs, event)

    @api.model
    def _get_event(self, change, ticket):
        """Return the one thing of all that changed which the requester is told, or None."""
        before = {name: change.old(ticket, name) for name in (
            "owner_id", "state", "waiting_for", "planned_start", "resolved_at")}
        if ticket.state == "closed" and before["state"] in ("open", "waiting"):
            return "closed"
        if ticket.resolved_at and not before["resolved_at"] and ticket.state != "closed":
            return "resolved"
        if ticket.waiting_for == "third_party" and before["waiting_for"] != "third_party":
            return "third_party"
        if ticket.planned_start and ticket.planned_start != before["planned_start"]:
            return "planned"
        if ticket.owner_id and not before["owner_id"] and ticket.state == "open":
            return "started"
        return None

    def _choose(self, lang):
        found = self.template_ids.filtered(lambda template: template.lang in (lang, False))
        return found.sorted(lambda template: not template.lang)[:1]

    def _get_standard_text(self, ticket):
        """Return ``(subject, body)`` that serve until the department writes its own."""
        self.ensure_one()
        name = {"subject": ticket.subject, "number": ticket.number}
        words = {
            "started": self.env._("We are now working on “%(subject)s” (%(number)s) and will write as soon as we "
                                  "know more.", **name),
            "planned": self.env._("“%(subject)s” (%(number)s) is planned for %(day)s. If that does not suit you, "
                                  "please reply to this e-mail.", **name, day=self._format_planned(ticket)),
            "third_party": self.env._("To solve “%(subject)s” (%(number)s) we need an answer from a supplier. "
                                      "There is nothing for you to do; we will write once we have it.", **name),
            "resolved": self._get_resolved_text(ticket, name),
            "closed": self.env._("We have closed “%(subject)s” (%(number)s). If you need to come back to it, "
                                 "reply to this e-mail.", **name),
        }
        return "", self.env["servicedesk.item"]._write_letter(words[self.event], ticket.department_id)

    def _format_planned(self, ticket):
        """Return day and time of what is planned, as the customer counts them; ``""`` where nothing is."""
        if not ticket.planned_start:
            return ""
        Item = self.env["servicedesk.item"]
        zone = Item._get_requester_tz(ticket) or False
        time = tools.format_time(self.env, ticket.planned_start, tz=zone, time_format="short")
        return f"{Item._format_customer_day(ticket, ticket.planned_start)}, {time}"

    def _get_resolved_text(self, ticket, name):
        days = ticket.department_id.acceptance_days
        if ticket.waiting_for == "acceptance" and days:
            Item = self.env["servicedesk.item"]
            closing = fields.Datetime.now() + timedelta(days=days)
            return Item._get_confirmation_text(ticket, Item._format_customer_day(ticket, closing))
        return self.env._("We believe “%(subject)s” (%(number)s) is solved. If all is well, there is nothing to do. "
                          "If not, please reply to this e-mail and we will carry on.", **name)
