from odoo import api, fields, models

WRITABLE = {"important", "phone_to", "sms_text", "parent_item_id"}


class ServicedeskItem(models.Model):
    """An SMS on a ticket: one item, one text, one or several numbers with a state each (``sms_ids``)."""

    _inherit = "servicedesk.item"

    phone_from = fields.Char("From number", readonly=True, help="E.164, or the short code or name of the sender.")
    phone_to = fields.Char("To numbers", help="In a draft any notation, comma separated, names in brackets: "
                                              "602 123 456 (Jana Nová). When sent: E.164.")
    sms_text = fields.Text("SMS text", prefetch=False, help="The words as they leave; the body shows the same.")
    segment_count = fields.Integer("Messages", readonly=True, help="How many SMS the text takes.")
    sms_ids = fields.One2many("servicedesk.sms", "item_id", "Recipients")

    @api.model
    def _get_writable_fields(self, kind):
        return WRITABLE if kind == "sms" else super()._get_writable_fields(kind)

    @api.model
    def _get_draft_fields(self, kind):
        return ("phone_to", "sms_text", "parent_item_id") if kind == "sms" else super()._get_draft_fields(kind)
