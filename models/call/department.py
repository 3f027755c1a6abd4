from odoo import fields, models, tools

PORTAL_CONTENT = [("full", "With their content"), ("record", "Only that there was one")]


class ServicedeskDepartment(models.Model):
    """Ways to speak with customers that a department uses, and what of them customers see in the portal."""

    _inherit = "servicedesk.department"

    channel_call = fields.Boolean("Calls", default=True, help="Agents record telephone calls.")
    channel_meeting = fields.Boolean("Meetings", default=True, help="Agents record meetings.")

    portal_email = fields.Selection(PORTAL_CONTENT, "E-mails", default="full", required=True)
    portal_sms = fields.Selection(PORTAL_CONTENT, "SMS messages", default="full", required=True)
    portal_call = fields.Boolean("Calls in the portal", default=True,
                                 help="Date and duration of calls with the customer; never what was said.")
    portal_meeting = fields.Boolean("Meetings in the portal", default=True,
                                    help="Date and duration of meetings with the customer; never what was said.")

    @tools.ormcache("self.id")
    def _get_channels(self):
        """Return the kinds of items that can be written in this department, as a tuple."""
        department = self.sudo()  # sudo: switches, the same for everybody who sees a ticket
        tabs = [channel for channel in self.env["servicedesk.channel"]._get_all() if channel._sequence]
        return tuple(channel._kind for channel in sorted(tabs, key=lambda channel: channel._sequence)
                     if channel._is_on(department))

    def _get_portal_presentation(self):
        """Return ``{kind: "full" or "record"}`` of what customers see; a kind that is missing does not exist for them.

        A record tells date, kind and duration, never a word of the content.
        """
        self.ensure_one()
        channels = [channel for channel in self.env["servicedesk.channel"]._get_all() if channel._sequence]
        shown = {channel._kind: channel._get_portal_presentation(self) for channel in channels}
        return {"portal": "full"} | {kind: how for kind, how in shown.items() if how}
