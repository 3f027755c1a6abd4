from odoo import api, fields, models
from odoo.tools import format_datetime

MOMENTS = ("first_response", "resolution", "manual_deadline")
WORDS = ("sla_breach", "escalation")


class ServicedeskEvent(models.Model):
    _inherit = "servicedesk.event"

    @api.model
    def _log_sla(self, changes, reason=""):
        """Write how deadlines changed: ``[(ticket, kind, old datetime, new datetime)]``, kind as in MOMENTS.

        :param reason: why, in words; a deadline by hand has its own
        """
        author = self._get_author_id() if changes else False
        rows = [{
            "ticket_id": ticket.id, "kind": kind, "user_id": author,
            "old_value": fields.Datetime.to_string(old) if old else False,
            "new_value": " ".join(filter(None, (
                fields.Datetime.to_string(new) if new else "",
                new and (ticket.manual_deadline_reason if kind == "manual_deadline" else reason) or ""))) or False,
        } for ticket, kind, old, new in changes]
        if rows:
            self.sudo().create(rows)  # sudo: history is written by the system, agents only read it


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _format_events(self, ticket, events):
        formatted = super()._format_events(ticket, events)
        labels = {
            "first_response": self.env._("Answer until"), "resolution": self.env._("Solve until"),
            "manual_deadline": self.env._("Deadline by hand"), "sla_breach": self.env._("Deadline passed"),
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
