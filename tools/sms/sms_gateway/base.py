"""What every provider understands and answers, whatever its API looks like."""
import base64
import hashlib
import hmac
import json
import re
from dataclasses import asdict, dataclass, field, replace
from urllib.parse import parse_qsl, unquote, unquote_plus, urlsplit, urlunsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from .. import secret_log

TIMEOUT = 20  # seconds
# How a message ended at the gateway.
ACCEPTED = "accepted"  # taken over
REFUSED = "refused"  # will never be taken: a wrong number, a forbidden text
DOWN = "down"  # nothing has been handed over, for a reason that is not this message's: try again later
UNKNOWN = "unknown"  # it may have been taken
HIDDEN = "•••"  # what stands for a secret in words that a gateway says


class Refused(Exception):
    """A callback that did not come from the gateway, or cannot be read; its text is a code of models/reasons."""


@dataclass(frozen=True)
class Message:
    """One SMS to one number. ``reference`` is ours; reports come to ``report_url``, which carries it."""

    reference: str
    number: str
    sender: str
    text: str
    report_url: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a message: one of the constants above, the provider's own number, its words."""

    reference: str
    outcome: str
    provider_reference: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Inbound:
    """A received SMS, or one part of it; numbers as the provider wrote them.

    ``sent_at`` is when the network had it, in seconds since 1970, 0 where the provider does not say.
    """

    sender: str
    recipient: str
    text: str
    provider_reference: str = ""
    part_key: str = ""
    part_number: int = 0
    part_total: int = 0
    sent_at: int = 0


@dataclass(frozen=True)
class Report:
    """How far a message got: ``status`` is ``sent``, ``delivered``, ``failed``, or ``""`` where it says nothing new."""

    reference: str
    provider_reference: str
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Request:
    """A callback as it came, apart from any web framework; ``url`` is the one that the provider called."""

    method: str
    url: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def query(self):
        """Parameters of the address, as they are even where their charset is not UTF-8."""
        return _parse(urlsplit(self.url).query)

    def query_in(self, charset):
        """Parameters of the address in another charset."""
        return _parse(urlsplit(self.url).query, charset)

    @property
    def params(self):
        """All parameters: of the address, then of a form or JSON object in the body."""
        return self.query | self.form

    @property
    def given_secret(self):
        """The secret that the caller shows in a header: ``X-Secret``, or the password of HTTP Basic (RFC 7617)."""
        scheme, _space, rest = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self.headers.get("x-secret", "")
        try:
            return base64.b64decode(rest.strip(), validate=True).decode("utf-8", "replace").partition(":")[2]
        except ValueError:
            return ""

    @property
    def form(self):
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        text = self.body.decode("utf-8", "replace")
        if kind == "application/json":
            try:
                values = json.loads(text)
            except (ValueError, RecursionError):
                return {}
            return {name: value if isinstance(value, (list, dict)) else "" if value is None else clean(str(value))
                    for name, value in values.items()} if isinstance(values, dict) else {}
        return _parse(text) if kind == "application/x-www-form-urlencoded" else {}

    def dump(self, secrets=()):
        """Return the request as bytes for the ledger, without the named parameters; :meth:`load` gives it back.

        Of the headers only the one that tells how to read the body is kept, of the address not its path, which is a
        part of the secret.
        """
        parts = urlsplit(self.url)
        query = "&".join(pair for pair in parts.query.split("&") if unquote(pair.partition("=")[0]) not in secrets)
        kind = self.headers.get("content-type")
        values = asdict(self) | {
            "url": urlunsplit(parts._replace(path="", query=query)),
            "headers": {"content-type": kind} if kind else {},
            "body": base64.b64encode(self._get_body_without(secrets)).decode(),
        }
        if form := {name: value for name, value in self.form.items() if name not in secrets}:
            values["form"] = form  # for people to read
        return json.dumps(values, indent=1, ensure_ascii=False).encode("utf-8", "replace")

    def _get_body_without(self, secrets):
        """Return the body without the named parameters, where it has any of them."""
        if not any(name in self.form for name in secrets):
            return self.body
        if self.headers.get("content-type", "").lower().startswith("application/json"):
            return json.dumps({name: value for name, value in self.form.items() if name not in secrets}).encode()
        return b"&".join(pair for pair in self.body.split(b"&")
                         if unquote_plus(pair.partition(b"=")[0].decode("latin-1")) not in secrets)

    @classmethod
    def load(cls, raw):
        values = json.loads(raw)
        return cls(values["method"], values["url"], values["headers"], base64.b64decode(values["body"]))


class Gateway:
    """One account with one provider.

    :param dict settings: what the administrator filled in; every provider reads its own names
    """

    # What a callback is answered with; some providers take any text for an SMS to send back.
    answer = ("", "text/plain")
    # Parameters that prove the sender: never kept in the ledger.
    secret_params = ("secret", "sig", "password")
    # The setting by which callbacks are verified; without it none ever is.
    key = "secret"

    def __init__(self, settings):
        self.settings = settings

    def send(self, batch):
        """Hand messages over; return a :class:`Result` for each, in order, without our secrets. Never raises."""
        with secret_log.quiet():
            return [self._hide_secrets(self._send_one(message)) for message in batch]

    def verify(self, request, kind):
        """Check that a callback of ``kind`` (``in`` or ``report``) came from the gateway.

        :return: whether its secret stood in its address, where others write it down
        :raise Refused: where it did not come from there, or nothing is set by which that could be known
        """
        if not str(self.settings.get(self.key) or "").strip():
            raise Refused("webhook_no_secret")
        return bool(self._verify(request, kind))

    def get_secrets(self):
        """Return what may never be shown of the settings, longest first."""
        found = {self.settings.get("password"), self.settings.get("secret")}
        return sorted((secret for secret in found if secret and len(secret) > 3), key=len, reverse=True)

    def _hide_secrets(self, result):
        """Take out of a gateway's words what it says again of our own."""
        reason = result.reason
        for secret in self.get_secrets():
            reason = reason.replace(secret, HIDDEN)
        return result if reason == result.reason else replace(result, reason=reason)

    def _verify(self, request, kind):
        """Verify with a secret that is there, see :meth:`verify`."""
        raise NotImplementedError

    def _check_shown(self, request, parameter, expected, words):
        """Check what a caller shows, in a header or as a parameter; return whether it was the parameter.

        :raise Refused: with ``words``, where neither is what is expected
        """
        if same(request.given_secret, expected):
            return False
        if same(parameter, expected):
            return True
        raise Refused(words)

    def parse_inbound(self, request):
        """Return the :class:`Inbound` of a callback; :raise Refused: where it has no sender or text"""
        raise NotImplementedError

    def parse_report(self, request):
        """Return the :class:`Report` of a callback."""
        raise NotImplementedError

    def _send_one(self, message):
        raise NotImplementedError

    def _call(self, message, method, url, **options):
        """Return ``(response, None)``, or ``(None, result)`` where there is no answer.

        A connection that was never made has handed nothing over; one that broke later may have.
        """
        try:
            return requests.request(method, url, timeout=TIMEOUT, allow_redirects=False, **options), None
        except requests.exceptions.RequestException as error:
            outcome = DOWN if _never_connected(error) else UNKNOWN
            return None, Result(message.reference, outcome, reason=_describe(error))


def clean(text):
    """Return a text without what no database takes: NUL, and halves of letters (RFC 8259 §8.2)."""
    return re.sub("[\0\ud800-\udfff]", "", text)


def _parse(query, charset="utf-8"):
    pairs = parse_qsl(query, keep_blank_values=True, encoding=charset, errors="replace")
    return {clean(name): clean(value) for name, value in pairs}


def _never_connected(error):
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError,
                          requests.exceptions.ProxyError, requests.exceptions.InvalidURL,
                          requests.exceptions.MissingSchema, requests.exceptions.InvalidSchema)):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, (NewConnectionError, ConnectTimeoutError))


def _describe(error):
    """Return an error in short, without the address and its secrets."""
    cause = error.args[0] if error.args else error
    reason = getattr(cause, "reason", None) or cause
    return f"{type(error).__name__}: {type(reason).__name__}" if isinstance(reason, Exception) else type(error).__name__


def sign(secret, text, algorithm=hashlib.sha256):
    """Return the hexadecimal HMAC of a text; ``""``, which equals nothing, without a secret."""
    if not secret:
        return ""
    return hmac.new(secret.encode(), text if isinstance(text, bytes) else text.encode(), algorithm).hexdigest()


def same(given, expected):
    """Compare two secrets in constant time; nothing equals an empty one."""
    return bool(expected) and hmac.compare_digest(str(given or "").encode(), str(expected).encode())
