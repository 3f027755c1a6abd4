"""Kannel (User Guide 1.4.5, chapters "Using SMS Gateway / Sending" and "Delivery reports"): HTTP both ways.

Kannel signs nothing. What it calls carries a secret that only its configuration knows: for received messages a shared
one, for a report the HMAC of our own reference. Both stand before the host of the address (RFC 3986 §3.2.1), from where
Kannel makes a header (HTTP Basic) of them, so that no access log has them; as parameters, as they stood until
19.0.1.0.2, they are still taken.
"""
import codecs
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..sms_text import is_gsm
from .base import ACCEPTED, DOWN, REFUSED, UNKNOWN, Gateway, Inbound, Refused, Report, Result, same, sign

DELIVERED, UNDELIVERED, QUEUED, TAKEN, REJECTED = 1, 2, 4, 8, 16
# Letters of a signature in a header (160 bits are plenty, RFC 2104 §5): Kannel 1.4 breaks the line of an account longer
# than 57 bytes, and with it the request.
SHORT = 40
# State words of an SMPP receipt (SMPP 3.4, appendix B).
_STATES = {"UNDELIV": "undelivered", "EXPIRED": "expired", "REJECTD": "rejected", "DELETED": "deleted",
           "UNKNOWN": "unknown to the operator"}


class Kannel(Gateway):
    """Settings: ``url`` (of sendsms), ``username``, ``password``, ``secret``; ``smsc`` (a route, may be empty)."""

    def _send_one(self, message):
        gsm = is_gsm(message.text)
        params = {
            "username": self.settings["username"], "password": self.settings["password"],
            "from": message.sender, "to": message.number, "text": message.text, "charset": "UTF-8",
            "coding": 0 if gsm else 2,
        }
        if self.settings.get("smsc"):
            params["smsc"] = self.settings["smsc"]
        if message.report_url:
            # %d kind of report, %F the operator's number of the message, %A the operator's words
            params |= {"dlr-mask": DELIVERED | UNDELIVERED | TAKEN | REJECTED,
                       "dlr-url": f"{_with_header(message.report_url)}&type=%d&smsc-id=%F&answer=%A"}
        response, failed = self._call(message, "GET", self.settings["url"], params=params)
        if failed:
            return failed
        text = response.text.strip()[:200]
        if response.status_code in (200, 202):
            return Result(message.reference, ACCEPTED)
        if response.status_code in (401, 403, 404, 503) or 300 <= response.status_code < 400:
            return Result(message.reference, DOWN, reason=text or f"HTTP {response.status_code}")
        if 400 <= response.status_code < 500:
            return Result(message.reference, REFUSED, reason=text or f"HTTP {response.status_code}")
        return Result(message.reference, UNKNOWN, reason=text or f"HTTP {response.status_code}")

    def _verify(self, request, kind):
        query, secret = request.query, self.settings["secret"]
        if kind == "report":
            signature = sign(secret, query.get("id", ""))
            if not (same(request.given_secret, signature[:SHORT]) or same(query.get("sig"), signature)):
                raise Refused("webhook_signature_wrong")
            return False
        return self._check_shown(request, query.get("secret"), secret, "webhook_secret_wrong")

    def parse_inbound(self, request):
        query = request.query
        text = request.query_in(_charset(query.get("charset"))).get("text")
        if not query.get("from") or text is None:
            raise Refused("webhook_empty")
        stamp = query.get("ts", "")
        return Inbound(query["from"], query.get("to", ""), text, query.get("id", ""),
                       sent_at=int(stamp) if stamp.isdecimal() and len(stamp) < 12 else 0)

    def parse_report(self, request):
        params = request.params
        answer = params.get("answer", "").replace("+", " ")
        kind = int(params["type"]) if params.get("type", "").isdecimal() else 0
        status = {DELIVERED: "delivered", UNDELIVERED: "failed", TAKEN: "sent", REJECTED: "failed"}.get(kind, "")
        return Report(params.get("id", ""), params.get("smsc-id", ""), status,
                      _reason(answer) if status == "failed" else "")


def _with_header(report_url):
    """Return the address of a report with its signature before the host instead of in its query."""
    parts = urlsplit(report_url)
    query = dict(parse_qsl(parts.query))
    signature = query.pop("sig", "")
    if not signature or "@" in parts.netloc:  # a proxy before Odoo may want an account of its own there
        return report_url
    return urlunsplit(parts._replace(netloc=f"report:{signature[:SHORT]}@{parts.netloc}", query=urlencode(query)))


def _charset(name):
    """Return the charset of a text that Kannel has recoded as it liked (``mo-recode``, %C)."""
    try:
        return codecs.lookup(name or "utf-8").name
    except (LookupError, ValueError):
        return "utf-8"


def _reason(answer):
    """Return what an operator's receipt or refusal says, in words."""
    found = dict(re.findall(r"(stat|err):(\S+)", answer))
    if not found:
        return answer.removeprefix("NACK/").strip()[:200] or "rejected"
    words = _STATES.get(found.get("stat", ""), found.get("stat", ""))
    error = found.get("err", "").strip("0")
    return f"{words} ({found['err']})" if error else words
