from odoo import api, fields, models
from odoo.fields import Domain


class ServicedeskSms(models.Model):
    """One SMS to one number: of an item, of the system, or of another app. What the gateway was told, and what came back.

    An item to several people has one of these for each, so that each has a state of its own.
    """

    _name = "servicedesk.sms"
    _inherit = ["servicedesk.scope"]
    _description = "SMS"
    _rec_name = "number"
    _order = "id"

    item_id = fields.Many2one("servicedesk.item", readonly=True, ondelete="cascade", index="btree_not_null")
    gateway_id = fields.Many2one("servicedesk.sms.gateway", readonly=True, ondelete="restrict", index=True)
    number = fields.Char("To", readonly=True, required=True, help="E.164")
    name = fields.Char("Recipient", readonly=True)
    state = fields.Selection(
        [("queued", "Queued"), ("sending", "Sending"), ("sent", "Sent"), ("delivered", "Delivered"),
         ("failed", "Not delivered"), ("unknown", "Perhaps sent")],
        default="queued", required=True, readonly=True)
    reason = fields.Char(readonly=True, help="What the gateway said about it.")
    provider_reference = fields.Char("Gateway's number", readonly=True)
    sent_at = fields.Datetime("Handed over", readonly=True)
    reported_at = fields.Datetime("Reported", readonly=True)

    @api.model
    def _get_user_scope_domain(self):
        """Those of items follow their ticket; those of the system are for administrators."""
        domain = self._get_ticket_scope_domain()
        return domain if domain.is_true() else Domain("item_id.ticket_id", "any!", domain)
