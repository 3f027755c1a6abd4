from odoo import api, models


class MailMail(models.Model):
    """A mail that an app wrote on a ticket, by a template for instance, stays readable there after it has left."""

    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {**vals, "auto_delete": False} if vals.get("model") == "servicedesk.ticket" else vals for vals in vals_list]
        return super().create(vals_list)
