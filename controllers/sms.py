from odoo.http import Controller, request, route

from ..tools import limits
from ..tools.sms import secret_log
from ..tools.sms.sms_gateway import Request

secret_log.install()


class SmsController(Controller):
    """The doors for SMS gateways: each has addresses and a secret of its own."""

    @route(["/servicedesk/sms/<string:token>/<any('in', 'report'):kind>"], type="http", auth="public",
           methods=["GET", "POST"], csrf=False, save_session=False, max_content_length=limits.SMS_CALLBACK_BYTES,
           servicedesk_raw_body=True)
    def receive(self, token, kind, **kw):
        """Write down what a gateway reports. No form of ours: secret or signature stand where else the token stands.

        GET changes something here, because Kannel knows nothing else. What older settings have in the address never
        gets into Odoo's log (see :mod:`..tools.sms.secret_log`).
        """
        http = request.httprequest
        headers = {name.lower(): value for name, value in http.headers.items()}
        target = http.environ.get("RAW_URI") or http.environ.get("REQUEST_URI") or http.full_path
        status, text, content_type = request.env["servicedesk.sms.gateway"]._receive(
            token, kind, Request(http.method, target, headers, http.get_data()), http.remote_addr)
        return request.make_response(text, [("Content-Type", f"{content_type}; charset=utf-8")], status=status)
