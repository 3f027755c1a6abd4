from odoo import models
from odoo.tools import format_datetime

MOMENTS = ("first_response", "resolution", "manual_deadline")
WORDS = ("sla_breach", "escalation")


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _format_events(self, ticket, events):
        formatted = super()._format_events(ticket, events)
        labels = {
            "first_response": self.env._("First response due"), "resolution": self.env._("Resolution due"),
            "manual_deadline": self.env._("Manual deadline"), "sla_breach": self.env._("Deadline passed"),
            "escalation": self.env._("Escalation")}
        for line in formatted:
            if line["kind"] in MOMENTS:
                line |= {"label": labels[line["kind"]], "old": self._read_moment(line["old"]),
                         "new": self._read_moment(line["new"])}
            elif line["kind"] in WORDS:
                line |= {"label": labels[line["kind"]], "words": line["new"]}
        return formatted

    def _read_moment(self, value):
        """Return a stored instant as the reader's time, with the reason that may follow it."""
        if not value:
            return ""
        moment, reason = value[:19], value[20:]
        shown = format_datetime(self.env, moment, dt_format="short")
        return f"{shown} ({reason})" if reason else shown
