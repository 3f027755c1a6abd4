from odoo import models


class ServicedeskTicket(models.Model):
    """Related tickets know of each other: a link made or taken away on one side is so on the other."""

    _inherit = "servicedesk.ticket"

    def _mirror_related(self, change, vals):
        """Do on the other side of links what was done on this one, and note it on both."""
        if "related_ids" not in vals:
            return
        for ticket in self:
            before, now = self.browse(change.old(ticket, "related_ids")), ticket.related_ids
            added, gone = now - before, before - now
            if not self.env.su:
                added.check_access("read")
            ticket._link_back(added, 4, "related")
            ticket._link_back(gone, 3, "unrelated")

    def _link_back(self, others, command, kind):
        if not others:
            return
        # sudo: who may change one end of a link may link it; past our own write, which would mirror it for ever
        models.BaseModel.write(others.sudo(), {"related_ids": [(command, self.id)]})
        self.env["servicedesk.event"]._log_fact(kind, [
            pair for other in others for pair in ((self, other), (other, self))])
        others._notify_changed()
