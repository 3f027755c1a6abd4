from odoo import api, models


class ServicedeskEvent(models.Model):
    _inherit = "servicedesk.event"

    @api.model
    def _log_moved_files(self, moved):
        """Write into the history which files went to the client's card, one line per ticket."""
        names = {}
        for attachment, item, *_rest in moved:
            names.setdefault(item.ticket_id.id, []).append(attachment.name)
        # sudo: history is written by the system, agents only read it
        self.sudo().create([{
            "ticket_id": ticket_id, "kind": "client_file", "user_id": self._get_author_id(),
            "old_value": ", ".join(some),
        } for ticket_id, some in names.items()])
