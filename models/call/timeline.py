from odoo import models


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _summarise(self, ticket, shown):
        """Add ``channels``: what the tabs of the composer need to know about the ticket's department."""
        return super()._summarise(ticket, shown) | {"channels": self._get_channels(ticket)}

    def _get_channels(self, ticket):
        """Return ``{kinds: [written here], sms_missing: whether the user could connect a gateway}``."""
        kinds = list(ticket.department_id._get_channels())
        return {
            "kinds": kinds,
            "sms_missing": "sms" not in kinds and self.env.user.has_group("servicedesk.group_admin"),
            "department_id": ticket.department_id.id,
        }
