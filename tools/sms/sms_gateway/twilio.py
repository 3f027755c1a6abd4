"""Twilio's Messaging API: https://www.twilio.com/docs/messaging/api/message-resource and …/docs/usage/security."""
import base64
import hashlib
import hmac
from urllib.parse import urlsplit, urlunsplit

from .base import ACCEPTED, DOWN, REFUSED, UNKNOWN, Gateway, Inbound, Refused, Report, Result, same

URL = "https://api.twilio.com"
_STATUS = {"accepted": "", "queued": "", "sending": "", "scheduled": "", "sent": "sent", "delivered": "delivered",
           "read": "delivered", "undelivered": "failed", "failed": "failed", "canceled": "failed"}


class Twilio(Gateway):
    """Settings: ``username`` (Account SID), ``password`` (Auth Token), ``url`` (empty: Twilio's own)."""

    key = "password"
    answer = ('<?xml version="1.0" encoding="UTF-8"?><Response></Response>', "text/xml")

    def _send_one(self, message):
        account = self.settings["username"]
        data = {"To": message.number, "Body": message.text}
        data["MessagingServiceSid" if message.sender.startswith("MG") else "From"] = message.sender
        if message.report_url:
            data["StatusCallback"] = message.report_url
        response, failed = self._call(
            message, "POST", f"{self.settings.get('url') or URL}/2010-04-01/Accounts/{account}/Messages.json",
            data=data, auth=(account, self.settings["password"]))
        if failed:
            return failed
        try:
            values = response.json()
        except ValueError:
            values = {}
        values = values if isinstance(values, dict) else {}
        if response.status_code in (200, 201):
            return Result(message.reference, ACCEPTED, values.get("sid") or "")
        reason = f"{values.get('message') or 'HTTP'} ({values.get('code') or response.status_code})"
        if response.status_code in (401, 403, 404, 429, 503) or 300 <= response.status_code < 400:
            return Result(message.reference, DOWN, reason=reason)
        return Result(message.reference, REFUSED if response.status_code < 500 else UNKNOWN, reason=reason)

    def _verify(self, request, kind):
        given = request.headers.get("x-twilio-signature", "")
        if not any(same(given, signature(self.settings["password"], url, request.form))
                   for url in _with_and_without_port(request.url)):
            raise Refused("webhook_signature_wrong" if given else "webhook_not_signed")

    def parse_inbound(self, request):
        form = request.form
        if not form.get("From") or "Body" not in form:
            raise Refused("webhook_empty")
        return Inbound(form["From"], form.get("To", ""), form["Body"], form.get("MessageSid") or form.get("SmsSid", ""))

    def parse_report(self, request):
        form = request.form
        word = form.get("MessageStatus") or form.get("SmsStatus") or ""
        status = _STATUS.get(word, "")
        code = form.get("ErrorCode") or ""
        reason = ": ".join(filter(None, [word, form.get("ErrorMessage"), code])) if status == "failed" else ""
        return Report(request.query.get("id", ""), form.get("MessageSid", ""), status, reason)


def signature(token, url, form):
    """Return the X-Twilio-Signature: HMAC-SHA1 of the address and of the sorted form, names and values run together."""
    text = url + "".join(f"{name}{form[name]}" for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


def _with_and_without_port(url):
    """Twilio leaves out a standard port, or adds one, depending on the product that calls."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = parts.hostname or ""
    return {url, *(urlunsplit(parts._replace(netloc=netloc)) for netloc in (host, f"{host}:{port}"))}
