from odoo import api, models


class ServicedeskEvent(models.Model):
    """History of the life of a ticket: its status, what it waits for and until when."""

    _inherit = "servicedesk.event"

    @api.model
    def _history_fields(self):
        return [*super()._history_fields(), "status_id", "waiting_for", "reopen_at", "planned_start", "planned_end"]

    @api.model
    def _snapshot(self, tickets, vals):
        """An ordinary wait for the customer needs no second line beside that of the state."""
        if "state" in vals and vals.get("waiting_for") in (False, "customer") and any(
                ticket.state != vals["state"] for ticket in tickets):
            vals = {name: value for name, value in vals.items() if name != "waiting_for"}
        return super()._snapshot(tickets, vals)
