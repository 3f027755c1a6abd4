from odoo import models
from odoo.tools import SQL

CLOCK_FIELDS = ("promise", "policy_id", "source", "state", "target_seconds", "used_seconds", "running_since",
                "started_at", "deadline", "met_at", "warned_at", "breached_at", "alarm_at")


class ServicedeskMerge(models.Model):
    """Promises and read marks in a merge: clocks end with their ticket, its undo lets them go as if nothing had been.

    A line is ``{"clocks": ticket id, "old": [row], "new": [row]}``, rows being the stored fields with their id.
    """

    _inherit = "servicedesk.merge"

    def _read_clocks(self, tickets):
        """Return ``{ticket id: rows of its clocks}``."""
        return {ticket.id: [{"id": clock.id} | self._get_values(clock, CLOCK_FIELDS)
                            for clock in ticket.sla_clock_ids.sorted("id")] for ticket in tickets}

    def _get_clock_lines(self, before, tickets):
        """Return the lines of what the merge has done to clocks that were as in ``before``."""
        after = self._read_clocks(tickets)
        return [{"clocks": ticket_id, "old": rows, "new": after[ticket_id]}
                for ticket_id, rows in before.items() if rows != after[ticket_id]]

    def _get_untouched_clocks(self):
        """Return the lines whose clocks are still as the merge left them."""
        lines = [line for line in self.lines if "clocks" in line]
        tickets = self.env["servicedesk.ticket"].browse(line["clocks"] for line in lines).exists()
        now = self._read_clocks(tickets)
        return [line for line in lines if now.get(line["clocks"]) == line["new"]]

    def _return_clocks(self, lines):
        """Set clocks as they were; what has become due meanwhile is told by the worker."""
        Clock = self.env["servicedesk.sla.clock"]
        tickets = self.env["servicedesk.ticket"].browse(line["clocks"] for line in lines)
        for line, ticket in zip(lines, tickets, strict=True):
            there = {clock.id: clock for clock in ticket.sla_clock_ids}
            for row in line["old"]:
                vals = {name: value for name, value in row.items() if name != "id"}
                if clock := there.pop(row["id"], None):
                    clock.write(vals)
                else:
                    Clock.create(vals | {"ticket_id": ticket.id})
            Clock.browse(there).unlink()
        tickets._summarise_sla()

    def _let_reads_follow(self, tickets):
        """Let the read marks of items be where the items are: who has read them has read them."""
        self.env.flush_all()
        self.env.cr.execute(SQL(
            """UPDATE servicedesk_read mark SET ticket_id = item.ticket_id FROM servicedesk_item item
                WHERE item.id = mark.item_id AND item.ticket_id <> mark.ticket_id AND mark.ticket_id IN %s""",
            tickets._ids))
        self.env["servicedesk.read"].invalidate_model(["ticket_id"])
