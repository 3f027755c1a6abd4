from odoo import api, fields, models


class ServicedeskTicket(models.Model):
    """What becomes of a merged ticket: archived for good, its number and its mails lead to the survivor."""

    _inherit = "servicedesk.ticket"

    merged_into_id = fields.Many2one("servicedesk.ticket", "Merged into", readonly=True, copy=False,
                                     index="btree_not_null", ondelete="set null")
    merged_ids = fields.One2many("servicedesk.ticket", "merged_into_id", "Merged tickets")
    former_numbers = fields.Char("Numbers of merged tickets", compute="_compute_former_numbers", store=True,
                                 recursive=True, copy=False, index="trigram")

    @api.depends("merged_ids.number", "merged_ids.former_numbers")
    def _compute_former_numbers(self):
        """The numbers of all that ended here, also by way of another, so that a search by them finds this one."""
        for ticket in self:
            numbers = [part for merged in ticket.merged_ids.sorted("id")
                       for part in (merged.number, merged.former_numbers) if part]
            ticket.former_numbers = " ".join(numbers) or False

    def _get_survivors(self):
        """Return the tickets in which these live on; those that were not merged are their own."""
        found = self.browse()
        for ticket in self:
            seen = ticket
            while ticket.merged_into_id and ticket.merged_into_id not in seen:
                ticket = ticket.merged_into_id
                seen |= ticket
            found |= ticket
        return found
