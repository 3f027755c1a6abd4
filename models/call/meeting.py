from odoo import api, models
from odoo.exceptions import UserError


class ServicedeskChannelMeeting(models.AbstractModel):
    """A meeting in person: when, until when, where, who took part and what was said."""

    _name = "servicedesk.channel.meeting"
    _inherit = "servicedesk.channel_conversation"
    _description = "Channel: meeting"

    _kind = "meeting"
    _sequence = 40
    _draft_fields = ("started_at", "duration", "location", "participant_ids", "participants", "body")

    @api.model
    def _is_on(self, department):
        return department.channel_meeting

    @api.model
    def _get_portal_presentation(self, department):
        return "record" if department.portal_meeting else None

    @api.model
    def _prepare_start(self, ticket, parent, reply_all):
        """Return a new draft; ``participant_ids`` are ids, ``people`` is ``[{id, name}]``."""
        client = ticket.contact_id or ticket.partner_id
        people = self.env.user.partner_id | client
        return {
            "id": False, "kind": self._kind, "started_at": False, "duration": 0, "text": "", "location": "",
            "participant_ids": people.ids, "people": self._name_people(people),
            "participants": "" if client else ticket.contact_name or "", "attachments": [],
        }

    @api.model
    def _format(self, draft):
        return super()._format(draft) | {"people": self._name_people(draft.participant_ids)}

    @api.model
    def _name_people(self, partners):
        return [{"id": partner.id, "name": partner.name} for partner in partners]

    @api.model
    def _prepare_vals(self, values):
        if "participant_ids" in values:
            values = values | {"participant_ids": [(6, 0, values["participant_ids"])]}
        return super()._prepare_vals(values)

    @api.model
    def _check_complete(self, item):
        if not item.started_at:
            raise UserError(self.env._("When did the meeting begin?"))
        if not item.participant_ids and not item.participants:
            raise UserError(self.env._("Who took part in the meeting?"))
        return super()._check_complete(item)

    @api.model
    def _describe(self, item):
        # sudo: names of those who took part belong to the item
        names = [*item.sudo().participant_ids.mapped("name"), item.participants]
        return item.subject or ", ".join(filter(None, [self.env._("Meeting"), item.location, *names]))
