import io

from odoo import models
from odoo.http import request

TOO_LARGE = "servicedesk.too_large"


class _Nowhere(io.BytesIO):
    """Where the files of a request go that is too large: they are read past, and neither kept in memory nor on disk."""

    def write(self, data):
        super().write(b"")
        return len(data)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Read past the files of a request that announces more than its route takes (``servicedesk_most_bytes``).

        Its fields are read all the same, so that the form can be shown again with what was typed; the route has to ask
        for ``TOO_LARGE``. Beyond the route's ``max_content_length`` nothing is read at all.
        """
        result = super()._pre_dispatch(rule, args)
        most, http = rule.endpoint.routing.get("servicedesk_most_bytes"), request.httprequest
        if most and (http.content_length or 0) > most:
            http.environ[TOO_LARGE] = True
            # Odoo hands out no more of werkzeug's request than a few names; its methods know it.
            http.get_data.__self__._get_file_stream = lambda *_args, **_kwargs: _Nowhere()
        return result
