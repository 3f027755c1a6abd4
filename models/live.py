import re

from odoo import models

CHANNEL = re.compile(r"servicedesk\.ticket_(\d+)$")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let agents listen to tickets that they may see; what others ask for is passed over without a word."""
        wanted = {int(match.group(1)) for channel in channels
                  if isinstance(channel, str) and (match := CHANNEL.match(channel))}
        channels = [channel for channel in channels if not (isinstance(channel, str) and CHANNEL.match(channel))]
        if wanted and self.env.user.has_group("servicedesk.group_user"):
            channels.extend(self.env["servicedesk.ticket"].search([("id", "in", list(wanted))]))
        return super()._build_bus_channel_list(channels)


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _notify_changed(self):
        """Tell open screens that something happened; they fetch it themselves, under their own rights."""
        for ticket in self:
            self.env["bus.bus"]._sendone(ticket, "servicedesk.ticket/changed", {"id": ticket.id})
