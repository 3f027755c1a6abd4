from odoo import models


class ServicedeskTicket(models.Model):
    """Related tickets know of each other: a link made or taken away on one side is so on the other."""

    _inherit = "servicedesk.ticket"

    def write(self, vals):
        if "related_ids" not in vals or self.env.context.get("servicedesk_mirrored"):
            return super().write(vals)
        before = {ticket: ticket.related_ids for ticket in self}
        result = super().write(vals)
        for ticket, others in before.items():
            added, gone = ticket.related_ids - others, others - ticket.related_ids
            if not self.env.su:
                added.check_access("read")
            ticket._mirror_related(added, 4, "related")
            ticket._mirror_related(gone, 3, "unrelated")
        return result

    def _mirror_related(self, others, command, kind):
        """Do on the other side what was done on this one, and note it on both."""
        if not others:
            return
        # sudo: who may change one end of a link may link it; the other end only learns of it
        others.sudo().with_context(servicedesk_mirrored=True).write({"related_ids": [(command, self.id)]})
        Event = self.env["servicedesk.event"]
        Event._log_fact(kind, [pair for other in others.sudo()  # sudo: names as history keeps them
                               for pair in ((self, other.display_name), (other, self.display_name))])
