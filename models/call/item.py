from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import mail_text, phone

CONVERSATIONS = ("call", "meeting")
LONGEST = 24 * 3600  # seconds; a timer that somebody forgot counts no further
CALL_FIELDS = ("direction", "phone_number", "person_id", "person_name", "call_result", "started_at", "duration",
               "running_since", "body")


class ServicedeskItem(models.Model):
    """Calls: a record of what was said on the telephone, finished when it is saved.

    The timer lives in the draft: ``duration`` holds the seconds that have been counted, ``running_since`` (UTC) the
    moment since when it counts again; so it survives a reload and another browser.
    """

    _inherit = "servicedesk.item"

    phone_number = fields.Char("Number", index="btree_not_null",
                               help="As E.164 (+420777123456) where it is a number, else as it was typed.")
    person_id = fields.Many2one("res.partner", "Spoke with", index="btree_not_null", ondelete="set null")
    person_name = fields.Char("Somebody else", help="Who is no contact of ours.")
    call_result = fields.Selection([("reached", "Reached"), ("missed", "Not reached"), ("message", "Left a message"),
                                    ("callback", "Will call back")], "Result")
    started_at = fields.Datetime("Start")
    duration = fields.Integer(help="Seconds.")
    running_since = fields.Datetime(export_string_translation=False)

    @api.constrains("kind", "direction", "duration")
    def _check_call(self):
        for item in self:
            if item.kind == "call" and item.direction == "internal":
                raise ValidationError(self.env._("A call comes in or goes out."))
            if item.duration < 0:
                raise ValidationError(self.env._("A conversation ends after it has begun."))

    @api.depends("kind", "direction", "call_result", "phone_number", "person_id", "person_name", "location",
                 "participant_ids", "participants")
    def _compute_preview(self):
        result = super()._compute_preview()
        for item in self:
            if item.kind in CONVERSATIONS and not item.preview:
                item.preview = item._describe_conversation()
        return result

    def _describe_conversation(self):
        """Return in words what a conversation without a text was, such as "Outgoing call, Jana Novotná, Reached"."""
        self.ensure_one()
        call = {"in": self.env._("Incoming call"), "out": self.env._("Outgoing call")}.get(self.direction)
        result = dict(self._fields["call_result"]._description_selection(self.env)).get(self.call_result)
        who = self.person_id.name or self.person_name or self.phone_number
        return ", ".join(filter(None, [call, who, result]))

    @api.model
    def _get_writable_fields(self, kind):
        return super()._get_writable_fields(kind) | ({*CALL_FIELDS, "important"} if kind == "call" else set())

    @api.model
    def _get_draft_fields(self, kind):
        return CALL_FIELDS if kind == "call" else super()._get_draft_fields(kind)

    @api.model
    def prepare_draft(self, ticket_id, kind, reply_to_id=False, reply_all=False):
        """Return the author's draft of a call as dict: besides ``CALL_FIELDS``, ``person`` ``{id, name}`` or False.

        Times are UTC strings, durations seconds; ``text`` is the body as plain text. Other kinds: see the first form
        of this method.
        """
        if kind != "call":
            return super().prepare_draft(ticket_id, kind, reply_to_id, reply_all)
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        if draft := self._find_own_draft(ticket, kind):
            return draft._format_draft()
        person = ticket.contact_id or ticket.partner_id
        return {
            "id": False, "kind": kind, "direction": "out", "phone_number": person.phone or "",
            "person": {"id": person.id, "name": person.name} if person else False,
            "person_name": ticket.contact_name or "" if not person else "", "call_result": False,
            "started_at": False, "duration": 0, "running_since": False, "text": "", "attachments": [],
        }

    @api.model
    def save_draft(self, ticket_id, kind, values):
        """Store a draft; the words on a call or meeting come as plain ``text``."""
        if kind in CONVERSATIONS and "text" in values:
            values = values | {"body": mail_text.text_to_html(values["text"])}
        return super().save_draft(ticket_id, kind, values)

    def _format_draft(self):
        self.ensure_one()
        if self.kind not in CONVERSATIONS:
            return super()._format_draft()
        values = self.read(["id", "kind", *self._get_draft_fields(self.kind)], load=None)[0]
        person = self.person_id
        return {name: str(value) if self._fields[name].type == "datetime" and value else value
                for name, value in values.items()} | {
            "text": mail_text.html_to_text(self.body),
            "person": {"id": person.id, "name": person.name} if person else False,
            "attachments": self.env["servicedesk.timeline"]._format_attachments(self)[self.id],
        }

    def _check_complete(self):
        if self.kind not in CONVERSATIONS:
            return super()._check_complete()
        if self.kind not in self.ticket_id.department_id._get_channels():
            raise UserError(self.env._(
                "This channel is switched off in the department %s.", self.ticket_id.department_id.name))
        if self.kind == "call" and not self.call_result:
            raise UserError(self.env._("How did the call end? Choose a result."))
        if self.started_at and self.started_at > fields.Datetime.now() + timedelta(minutes=5):
            raise UserError(self.env._("This is in the future. A conversation is recorded when it has taken place."))
        (self.person_id | self.participant_ids).check_access("read")  # names are shown to whoever sees the item
        return None

    def _prepare_finished_vals(self):
        vals = super()._prepare_finished_vals()
        if self.kind not in CONVERSATIONS:
            return vals
        now = fields.Datetime.now()
        running = (now - self.running_since).total_seconds() if self.running_since else 0
        duration = self.duration + max(0, min(round(running), LONGEST))
        started = self.started_at or now - timedelta(seconds=duration)
        number = phone.e164(self.phone_number, self.ticket_id.company_id.country_code) or self.phone_number
        return vals | {
            "phone_number": number, "duration": duration, "started_at": started, "running_since": False,
            "date": min(started, now),
        }

    def _touch_tickets(self):
        """What is recorded afterwards does not pass for the newest words where something newer has been said."""
        outdated = self.browse()
        for item in self.filtered(lambda item: item.kind in CONVERSATIONS and item.ticket_id.last_item_at > item.date):
            newer = Domain("ticket_id", "=", item.ticket_id.id) & Domain("date", ">", item.date)
            if self.search_count(newer & Domain("state", "!=", "draft"), limit=1):
                outdated |= item
                if item.ticket_id.owner_id and item.ticket_id.owner_id != item.author_user_id:
                    item.ticket_id.sudo().unread = True  # sudo: a summary field is the system's
        return super(ServicedeskItem, self - outdated)._touch_tickets()


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _format_items(self, items):
        """Add ``conversation`` to calls and meetings: when, how long, with whom, where, with which result."""
        result = super()._format_items(items)
        talks = items.filtered(lambda item: item.kind in CONVERSATIONS)
        if not talks:
            return result
        results = dict(items._fields["call_result"]._description_selection(self.env))
        talks.fetch(["phone_number", "person_id", "person_name", "call_result", "started_at", "duration", "location",
                     "participants", "participant_ids"])
        described = {item.id: {
            "number": phone.international(item.phone_number) if item.phone_number else "",
            "result": item.call_result or "",
            "result_name": results.get(item.call_result, ""), "started_at": str(item.started_at or item.date),
            "duration": item.duration, "location": item.location or "",
            # sudo: names of those who took part belong to the item, which the user sees
            "person": item.sudo().person_id.name or item.person_name or "",
            # sudo: as above, names only
            "participants": [*item.sudo().participant_ids.mapped("name"), *filter(None, [item.participants])],
        } for item in talks}
        return [entry | {"conversation": described[entry["id"]]} if entry["id"] in described else entry
                for entry in result]
