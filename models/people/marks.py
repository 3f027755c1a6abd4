from odoo import api, fields, models

SPOKEN = ("done", "queued", "scheduled")


class ServicedeskEvent(models.Model):
    """What a substitute does with an absent colleague's ticket says so."""

    _inherit = "servicedesk.event"

    for_user_id = fields.Many2one("res.users", "Instead of", ondelete="set null", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        Substitution = self.env["servicedesk.substitution"]
        if Substitution._get_periods():
            Ticket, Users = self.env["servicedesk.ticket"], self.env["res.users"]
            for vals in vals_list:
                author, owner = Users.browse(vals.get("user_id")), Ticket.browse(vals["ticket_id"]).owner_id
                vals["for_user_id"] = Substitution._get_substituted(author, owner).id
        return super().create(vals_list)


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    for_user_id = fields.Many2one("res.users", "Instead of", ondelete="set null", readonly=True, copy=False)

    def write(self, vals):
        result = super().write(vals)
        Substitution = self.env["servicedesk.substitution"]
        if vals.get("state") in SPOKEN and Substitution._get_periods():
            for item in self:
                if absent := Substitution._get_substituted(item.author_user_id, item.ticket_id.owner_id):
                    item.sudo().for_user_id = absent  # sudo: whose work it was is the system's to say
        return result
