from odoo import api, fields, models
from odoo.exceptions import UserError

MEETING_FIELDS = ("started_at", "duration", "location", "participant_ids", "participants", "body")


class ServicedeskItem(models.Model):
    """Meetings in person: when, until when, where, who took part and what was said."""

    _inherit = "servicedesk.item"

    location = fields.Char("Where")
    participant_ids = fields.Many2many("res.partner", "servicedesk_item_participant_rel", "item_id", "partner_id",
                                       "Took part")
    participants = fields.Char("Others who took part", help="People who are no contacts of ours.")

    def _describe_conversation(self):
        if self.kind != "meeting":
            return super()._describe_conversation()
        # sudo: names of those who took part belong to the item
        names = [*self.sudo().participant_ids.mapped("name"), self.participants]
        return ", ".join(filter(None, [self.env._("Meeting"), self.location, *names]))

    @api.model
    def _get_writable_fields(self, kind):
        return super()._get_writable_fields(kind) | ({*MEETING_FIELDS, "important"} if kind == "meeting" else set())

    @api.model
    def _get_draft_fields(self, kind):
        return MEETING_FIELDS if kind == "meeting" else super()._get_draft_fields(kind)

    @api.model
    def prepare_draft(self, ticket_id, kind, reply_to_id=False, reply_all=False):
        """Return the author's draft of a meeting as dict: ``MEETING_FIELDS`` and ``people`` ``[{id, name}]``.

        ``participant_ids`` are ids; times are UTC strings, the duration seconds.
        """
        if kind != "meeting":
            return super().prepare_draft(ticket_id, kind, reply_to_id, reply_all)
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        if draft := self._find_own_draft(ticket, kind):
            return draft._format_draft()
        client = ticket.contact_id or ticket.partner_id
        people = self.env.user.partner_id | client
        return {
            "id": False, "kind": kind, "started_at": False, "duration": 0, "text": "", "location": "",
            "participant_ids": people.ids, "people": self._name_people(people),
            "participants": "" if client else ticket.contact_name or "", "attachments": [],
        }

    def _format_draft(self):
        values = super()._format_draft()
        if self.kind != "meeting":
            return values
        return values | {"people": self._name_people(self.participant_ids)}

    @api.model
    def _name_people(self, partners):
        return [{"id": partner.id, "name": partner.name} for partner in partners]

    @api.model
    def save_draft(self, ticket_id, kind, values):
        if kind == "meeting" and "participant_ids" in values:
            values = values | {"participant_ids": [(6, 0, values["participant_ids"])]}
        return super().save_draft(ticket_id, kind, values)

    def _check_complete(self):
        if self.kind == "meeting":
            if not self.started_at:
                raise UserError(self.env._("When did the meeting begin?"))
            if not self.participant_ids and not self.participants:
                raise UserError(self.env._("Who took part in the meeting?"))
        return super()._check_complete()
