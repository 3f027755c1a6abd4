from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.mail import mail_text
from ...tools.sms import phone

LONGEST = 24 * 3600  # seconds; a timer that somebody forgot counts no further


class ServicedeskChannelConversation(models.AbstractModel):
    """What calls and meetings have in common: a moment, a duration, people, and words that come as plain text."""

    _name = "servicedesk.channel_conversation"
    _inherit = "servicedesk.channel"
    _description = "Channel: conversation"

    _preview_fields = ("direction", "call_result", "phone_number", "person_id", "person_name", "location",
                       "participant_ids", "participants")

    @api.model
    def _prepare_draft(self, ticket, draft, parent, reply_all):
        return self._format(draft) if draft else self._prepare_start(ticket, parent, reply_all)

    @api.model
    def _format(self, draft):
        """Return a draft with times as UTC strings, durations in seconds and ``text``, the body as plain text."""
        values = draft.read(["id", "kind", *self._get_draft_fields()], load=None)[0]
        person = draft.person_id
        return {name: str(value) if draft._fields[name].type == "datetime" and value else value
                for name, value in values.items()} | {
            "text": mail_text.html_to_text(draft.body),
            "person": {"id": person.id, "name": person.name} if person else False,
            "attachments": self.env["servicedesk.timeline"]._format_attachments(draft)[draft.id],
        }

    @api.model
    def _prepare_vals(self, values):
        if "text" in values:
            values = values | {"body": mail_text.text_to_html(values["text"])}
        return super()._prepare_vals(values)

    @api.model
    def _check_complete(self, item):
        department = item.ticket_id.department_id
        if self._kind not in department._get_channels():
            raise UserError(self.env._("This channel is switched off in the department %s.", department.name))
        if item.started_at and item.started_at > fields.Datetime.now() + timedelta(minutes=5):
            raise UserError(self.env._("This is in the future. A conversation is recorded when it has taken place."))
        (item.person_id | item.participant_ids).check_access("read")  # names are shown to whoever sees the item

    @api.model
    def _prepare_finished_vals(self, item):
        now = fields.Datetime.now()
        running = (now - item.running_since).total_seconds() if item.running_since else 0
        duration = item.duration + max(0, min(round(running), LONGEST))
        started = item.started_at or now - timedelta(seconds=duration)
        number = phone.e164(item.phone_number, item.ticket_id.company_id.country_code) or item.phone_number
        return {
            "phone_number": number, "duration": duration, "started_at": started, "running_since": False,
            "date": min(started, now),
        }

    @api.model
    def _get_newest(self, items):
        """What is recorded afterwards does not pass for the newest words where something newer has been said."""
        outdated = items.browse()
        for item in items.filtered(lambda item: item.ticket_id.last_item_at > item.date):
            newer = Domain("ticket_id", "=", item.ticket_id.id) & Domain("date", ">", item.date)
            if items.search_count(newer & Domain("state", "!=", "draft"), limit=1):
                outdated |= item
                if item.ticket_id.owner_id and item.ticket_id.owner_id != item.author_user_id:
                    item.ticket_id.sudo().unread = True  # sudo: a summary field is the system's
        return items - outdated

    @api.model
    def _format_items(self, items):
        """Add ``conversation``: when, how long, with whom, where, with which result."""
        results = dict(items._fields["call_result"]._description_selection(self.env))
        items.fetch(["phone_number", "person_id", "person_name", "call_result", "started_at", "duration", "location",
                     "participants", "participant_ids"])
        return {item.id: {"conversation": {
            "number": phone.international(item.phone_number) if item.phone_number else "",
            "result": item.call_result or "",
            "result_name": results.get(item.call_result, ""), "started_at": str(item.started_at or item.date),
            "duration": item.duration, "location": item.location or "",
            # sudo: names of those who took part belong to the item, which the user sees
            "person": item.sudo().person_id.name or item.person_name or "",
            # sudo: names, as above
            "participants": [*item.sudo().participant_ids.mapped("name"), *filter(None, [item.participants])],
        }} for item in items}
