"""Odoo's own SMS by credits: its API object does the talking, this gives it our shape."""
import json

from .base import ACCEPTED, DOWN, REFUSED, UNKNOWN, Gateway, Refused, Report, Result, same, sign

_ACCEPTED = ("success", "processing", "sent", "delivered")
# Reasons that lie in the account, not in the message: it waits until they are mended.
_ACCOUNT = ("unregistered", "insufficient_credit", "registration_needed", "server_error")
_STATUS = {"delivered": "delivered", "sent": "sent", "processing": "", "success": "sent"}


class Iap(Gateway):
    """Settings: ``api`` (an ``SmsApi`` of Odoo), ``secret``. There is no way in: it only sends."""

    answer = ("OK", "text/plain")

    def _send_one(self, message):
        try:
            [answer] = self.settings["api"]._send_sms_batch(
                [{"content": message.text, "numbers": [{"uuid": message.reference, "number": message.number}]}],
                delivery_reports_url=message.report_url)
        except Exception as error:  # AccessError of iap_jsonrpc: it does not say whether the call got through
            return Result(message.reference, UNKNOWN, reason=str(error)[:200])
        state = answer.get("state") or ""
        if state in _ACCEPTED:
            return Result(message.reference, ACCEPTED)
        words = self.settings["api"]._get_sms_api_error_messages().get(state) or state
        return Result(message.reference, DOWN if state in _ACCOUNT else REFUSED, reason=str(words)[:200])

    def _verify(self, request, kind):
        query = request.query
        if kind != "report" or not same(query.get("sig"), sign(self.settings["secret"], query.get("id", ""))):
            raise Refused("webhook_signature_wrong")

    def parse_report(self, request):
        reference = request.query.get("id", "")
        try:
            statuses = json.loads(request.body)["params"]["message_statuses"]
            word = next(status["sms_status"] for status in statuses if reference in status["uuids"])
        except (ValueError, KeyError, TypeError, StopIteration):
            return Report(reference, "", "")
        status = _STATUS.get(word, "failed")
        return Report(reference, "", status, str(word) if status == "failed" else "")
