from odoo import api, models


class ServicedeskTicket(models.Model):
    """Tickets are opened and answered by the ledger's rows; Odoo's gateway has no way past it."""

    _inherit = "servicedesk.ticket"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        self._refuse_to_take()

    def message_update(self, msg_dict, update_vals=None):
        self._refuse_to_take()
