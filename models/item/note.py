from odoo import api, models


class ServicedeskChannelNote(models.AbstractModel):
    """An internal note: for colleagues only, finished when it is saved."""

    _name = "servicedesk.channel.note"
    _inherit = "servicedesk.channel_written"
    _description = "Channel: internal note"

    _kind = "note"
    _sequence = 90
    _direction = "internal"

    @api.model
    def _on_sent(self, items):
        items._notify_mentions()
