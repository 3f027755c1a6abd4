from datetime import timedelta

from odoo import api, fields, models

EVENT = "calendar_event_id"


class ServicedeskItem(models.Model):
    """A meeting may be tied to an event of Odoo's calendar; who sees that event is the calendar's matter alone."""

    _inherit = "servicedesk.item"

    calendar_event_id = fields.Many2one("calendar.event", "In the calendar", copy=False, index="btree_not_null",
                                        ondelete="set null")

    @api.model
    def prepare_calendar_event(self, ticket_id, values):
        """Return the context in which a new event is opened for a meeting that is being recorded.

        What was said stays out of it: those who took part read the event, and are invited to it by mail where they
        are told of it before it begins.

        :param dict values: ``started_at``, ``duration``, ``location``, ``participant_ids`` of the meeting's form
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        start = fields.Datetime.to_datetime(values.get("started_at")) or fields.Datetime.now().replace(
            minute=0, second=0, microsecond=0)
        hours = (values.get("duration") or 3600) / 3600
        people = self.env["res.partner"].browse(values.get("participant_ids") or []).exists()
        return {
            "default_name": f"{ticket.number} · {ticket.subject}",
            "default_start": fields.Datetime.to_string(start),
            "default_stop": fields.Datetime.to_string(start + timedelta(hours=hours)),
            "default_duration": hours,
            "default_location": values.get("location") or False,
            "default_partner_ids": [(6, 0, (people | self.env.user.partner_id).ids)],
        }

    @api.model
    def read_calendar_event(self, event_id):
        """Return what an event says for the form of a meeting: ``{started_at, duration, location, participant_ids}``.

        :raise AccessError: where the calendar does not show it to the user
        """
        event = self.env["calendar.event"].browse(event_id)
        event.check_access("read")
        timed = not event.allday
        return {
            "started_at": fields.Datetime.to_string(event.start) if timed else False,
            "duration": round((event.stop - event.start).total_seconds()) if timed else 0,
            "location": event.location or "", "participant_ids": event.partner_ids.ids,
        }


class ServicedeskChannelMeeting(models.AbstractModel):
    _inherit = "servicedesk.channel.meeting"

    @api.model
    def _get_draft_fields(self):
        return (*super()._get_draft_fields(), EVENT)

    @api.model
    def _prepare_start(self, ticket, parent, reply_all):
        return {EVENT: False} | super()._prepare_start(ticket, parent, reply_all)

    @api.model
    def _check_complete(self, item):
        if item.calendar_event_id:
            item.calendar_event_id.check_access("read")  # nobody ties what is not theirs to see
        return super()._check_complete(item)

    @api.model
    def _format_items(self, items):
        """Add ``event`` ``{id, name}`` to meetings whose event the user may see; private ones keep their name."""
        result = super()._format_items(items)
        events = items.calendar_event_id._filtered_access("read")
        names = {event.id: event.display_name for event in events}
        for item in items.filtered(lambda item: item.calendar_event_id.id in names):
            result[item.id]["event"] = {"id": item.calendar_event_id.id, "name": names[item.calendar_event_id.id]}
        return result
