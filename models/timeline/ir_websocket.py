import re

from odoo import api, models

CHANNEL = re.compile(r"servicedesk\.ticket_([0-9]{1,9})\Z")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        """Let agents listen to tickets that they may see; what others ask for is passed over without a word."""
        wanted = {int(match.group(1)) for channel in channels
                  if isinstance(channel, str) and (match := CHANNEL.match(channel))}
        channels = [channel for channel in channels if not (isinstance(channel, str) and CHANNEL.match(channel))]
        if wanted:
            Ticket = self.env["servicedesk.ticket"]
            channels.extend(Ticket.browse(Ticket._filter_audible(wanted)))
        return super()._build_bus_channel_list(channels)


class BusBus(models.Model):
    _inherit = "bus.bus"

    @api.model
    def _poll(self, channels, last=0, ignore_ids=None):
        """Pass on what concerns a ticket only to those who see it at this moment.

        A socket keeps its channels until the page subscribes anew; a membership or substitution that has ended, or a
        ticket that was moved, must not be heard of until then. Asked only when there is something to pass on.
        """
        notifications = super()._poll(channels, last, ignore_ids)
        tickets = {channel[2]: channel for channel in channels
                   if isinstance(channel, tuple) and len(channel) == 3 and channel[1] == "servicedesk.ticket"}
        if not notifications or not tickets:
            return notifications
        seen = self.env["servicedesk.ticket"]._filter_audible(list(tickets))
        if lost := {channel for ticket_id, channel in tickets.items() if ticket_id not in seen}:
            return super()._poll([channel for channel in channels if channel not in lost], last, ignore_ids)
        return notifications
