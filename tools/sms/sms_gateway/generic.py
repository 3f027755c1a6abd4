"""Any provider that takes a message by one HTTP call: addresses, names and patterns are the administrator's."""
import json
import re
import time
from collections import defaultdict

from .base import ACCEPTED, DOWN, REFUSED, UNKNOWN, Gateway, Inbound, Refused, Report, Result, clean, same, sign

MAX_AGE = 300  # seconds that a signed callback may be old
_LOOKED_AT = 10_000  # letters of an answer in which patterns are looked for


class Generic(Gateway):
    """Settings, all strings (empty: the provider does not know it):

    - out: ``url``, ``method`` (``get``, ``form``, ``json``), ``authentication`` (``none``, ``basic``, ``bearer``,
      ``params``), ``username``, ``password``, names ``out_sender``, ``out_number``, ``out_text``, ``out_reference``,
      ``out_report_url``, further ``out_extra`` (lines ``name=value``), patterns ``success_pattern``,
      ``reference_pattern`` (its first group is the provider's number), ``refused_pattern``
    - back: ``verification`` (``signature`` or ``secret``), ``secret``, ``signature_header``, ``timestamp_header``,
      names ``in_sender``, ``in_number``, ``in_text``, ``in_reference``, ``in_part_key``, ``in_part_number``,
      ``in_part_total``, ``report_reference``, ``report_provider_reference``, ``report_status``, ``report_reason``, and
      the words ``delivered_values``, ``sent_values``, ``failed_values``, comma separated
    """

    def _send_one(self, message):
        settings = defaultdict(str, self.settings)
        values = dict(self._get_further())
        for name, value in (("out_sender", message.sender), ("out_number", message.number),
                            ("out_text", message.text), ("out_reference", message.reference),
                            ("out_report_url", message.report_url)):
            if settings[name]:
                values[settings[name]] = value
        options = {"headers": {}}
        if settings["authentication"] == "basic":
            options["auth"] = (settings["username"], settings["password"])
        elif settings["authentication"] == "bearer":
            options["headers"]["Authorization"] = f"Bearer {settings['password']}"
        elif settings["authentication"] == "params":
            values |= {"username": settings["username"], "password": settings["password"]}
        options[{"get": "params", "json": "json"}.get(settings["method"], "data")] = values
        response, failed = self._call(message, "GET" if settings["method"] == "get" else "POST", settings["url"],
                                      **options)
        return failed or self._read(message, response, settings)

    def _read(self, message, response, settings):
        status, text = response.status_code, response.text[:_LOOKED_AT]
        seen = f"{status} {text}"
        reason = " ".join(seen.split())[:200]
        # First: some gateways answer 200 and "OK" around an error.
        if settings["refused_pattern"] and re.search(settings["refused_pattern"], seen):
            return Result(message.reference, REFUSED, reason=reason)
        success = re.search(settings["success_pattern"], seen) if settings["success_pattern"] else 200 <= status < 300
        if success:
            found = re.search(settings["reference_pattern"], seen) if settings["reference_pattern"] else None
            number = next((group for group in found.groups() if group), "") if found else ""
            return Result(message.reference, ACCEPTED, number)
        if status in (401, 403, 404, 429, 503) or 300 <= status < 400:
            return Result(message.reference, DOWN, reason=reason)
        return Result(message.reference, UNKNOWN if status >= 500 else REFUSED, reason=reason)

    def get_secrets(self):
        further = [value for _name, value in self._get_further() if len(value) > 3]
        return sorted({*super().get_secrets(), *further}, key=len, reverse=True)

    def _get_further(self):
        lines = (self.settings.get("out_extra") or "").splitlines()
        return [(name.strip(), value) for name, value in (line.split("=", 1) for line in lines if "=" in line)]

    def _verify(self, request, kind):
        secret = self.settings["secret"]
        if self.settings.get("verification") == "secret":
            by_parameter = self._check_shown(request, request.params.get("secret"), secret, "webhook_secret_wrong")
            return by_parameter and "secret" in request.query
        stamp = request.headers.get((self.settings.get("timestamp_header") or "x-timestamp").lower(), "")
        given = request.headers.get((self.settings.get("signature_header") or "x-signature").lower(), "")
        if not given:
            raise Refused("webhook_not_signed")
        if not stamp.isdecimal() or len(stamp) > 12 or abs(time.time() - int(stamp)) > MAX_AGE:
            raise Refused("webhook_late")
        if not same(given.removeprefix("sha256=").lower(), sign(secret, signed_text(stamp, request))):
            raise Refused("webhook_signature_wrong")
        return False

    def parse_inbound(self, request):
        values = self._named(request, "in_")
        if not values["sender"] or values["text"] is None:
            raise Refused("webhook_empty")
        total, number = _number(values["part_total"]), _number(values["part_number"])
        parts = {"part_key": values["part_key"] or "", "part_number": number, "part_total": total} \
            if total > 1 and 1 <= number <= total <= 255 else {}
        return Inbound(values["sender"], values["number"] or "", values["text"], values["reference"] or "", **parts)

    def parse_report(self, request):
        values = self._named(request, "report_")
        word = (values["status"] or "").strip().lower()
        status = next((status for status in ("delivered", "failed", "sent") if word and word in [
            value.strip().lower() for value in (self.settings.get(f"{status}_values") or "").split(",")]), "")
        reason = values["reason"] or word if status == "failed" else ""
        return Report(values["reference"] or request.query.get("id", ""), values["provider_reference"] or "", status,
                      reason[:200])

    def _named(self, request, prefix):
        """Return our names of the callback's values; ``a.b`` looks into nested JSON objects."""
        params = request.params
        return defaultdict(lambda: None, {
            name.removeprefix(prefix): _look_up(params, path)
            for name, path in self.settings.items() if name.startswith(prefix) and path})


def signed_text(stamp, request):
    """Return the bytes whose HMAC-SHA256 a callback carries: its time, a dot, and the body (of a GET: the query)."""
    payload = request.body if request.method == "POST" else request.url.partition("?")[2].encode()
    return stamp.encode() + b"." + payload


def _look_up(values, path):
    for name in path.split("."):
        if not isinstance(values, dict) or name not in values:
            return None
        values = values[name]
    return json.dumps(values) if isinstance(values, (dict, list)) else clean(str(values))


def _number(text):
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
