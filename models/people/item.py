from odoo import fields, models

SPOKEN = ("done", "queued", "scheduled")


class ServicedeskItem(models.Model):
    """What a substitute says in an absent colleague's ticket says so."""

    _inherit = "servicedesk.item"

    for_user_id = fields.Many2one("res.users", "Instead of", ondelete="set null", readonly=True, copy=False)

    def _mark_absent(self):
        """Note on what has just been said instead of whom it was."""
        Substitution = self.env["servicedesk.substitution"]
        said = self.filtered(lambda item: item.state in SPOKEN)
        if said and Substitution._get_periods():
            for item in said:
                if absent := Substitution._get_substituted(item.author_user_id, item.ticket_id):
                    item.sudo().for_user_id = absent  # sudo: whose work it was is the system's to say
