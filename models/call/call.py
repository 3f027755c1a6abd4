from odoo import api, models
from odoo.exceptions import UserError


class ServicedeskChannelCall(models.AbstractModel):
    """A call, in or out."""

    _name = "servicedesk.channel.call"
    _inherit = "servicedesk.channel_conversation"
    _description = "Channel: call"

    _kind = "call"
    _sequence = 30
    _draft_fields = ("direction", "phone_number", "person_id", "person_name", "call_result", "started_at", "duration",
                     "running_since", "body")

    @api.model
    def _is_on(self, department):
        return department.channel_call

    @api.model
    def _get_portal_presentation(self, department):
        return "record" if department.portal_call else None

    @api.model
    def _prepare_start(self, ticket, parent, reply_all):
        """Return a new draft; besides the fields, ``person`` ``{id, name}`` or False."""
        person = ticket.contact_id or ticket.partner_id
        return {
            "id": False, "kind": self._kind, "direction": "out", "phone_number": person.phone or "",
            "person": {"id": person.id, "name": person.name} if person else False,
            "person_name": ticket.contact_name or "" if not person else "", "call_result": False,
            "started_at": False, "duration": 0, "running_since": False, "text": "", "attachments": [],
        }

    @api.model
    def _check_complete(self, item):
        if not item.call_result:
            raise UserError(self.env._("How did the call end? Choose a result."))
        return super()._check_complete(item)

    @api.model
    def _describe(self, item):
        """Return "Outgoing call, Jana Novotná, Reached"."""
        call = {"in": self.env._("Incoming call"), "out": self.env._("Outgoing call")}.get(item.direction)
        result = dict(item._fields["call_result"]._description_selection(self.env)).get(item.call_result)
        who = item.person_id.name or item.person_name or item.phone_number
        return item.subject or ", ".join(filter(None, [call, who, result]))
