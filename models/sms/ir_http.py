from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Keep the body of routes that check a signature over its bytes: reading a form leaves nothing of it."""
        result = super()._pre_dispatch(rule, args)
        if rule.endpoint.routing.get("servicedesk_raw_body"):
            request.httprequest.get_data(cache=True)
        return result
