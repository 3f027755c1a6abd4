"""The parts of a mail (RFC 2046), split without copying: every part is a view into the bytes that arrived.

Python's own parser calls itself for every level, looks at every line for every level, and gives an attached mail back
as it would have written it. Here the bytes stay as they are, and what a broken or hostile mail may cost is limited.
"""

import binascii
import re
from itertools import islice

from .. import limits
from . import flowed, mime_charset, mime_header

MOST_FIELDS, LONGEST_HEAD, MOST_PARTS = limits.MAIL_FIELDS, limits.MAIL_HEAD, limits.MAIL_BOUNDARIES
_EOL = rb"(?:\r*\n|\r(?!\n))"
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:[ \t]*([^\r\n]*(?:" + _EOL + rb"[ \t]+[^\r\n]*)*)(?:" + _EOL + rb"|\Z)")
_BLANK = re.compile(rb"[ \t]*" + _EOL)
_LINE = re.compile(rb"[^\r\n]*(?:" + _EOL + rb"|\Z)")
# Lines before or amid the head that are no field: the rest of a line broken without indenting, when more fields follow.
_STRAY = re.compile(
    rb"(?:[^\r\n]+" + _EOL + rb"){1,60}?(?=(?:from|to|cc|subject|date|message-id|mime-version|content-[a-z-]+|received|"
    rb"reply-to|return-path|x-[\w-]+)[ \t]*:)", re.IGNORECASE)
_LOST_BOUNDARY = re.compile(
    rb"(?:\A|" + _EOL + rb")--([^\r\n]{1,200}?)[ \t]*" + _EOL + rb"content-[a-z-]+[ \t]*:", re.IGNORECASE)
_PREAMBLE = re.compile(rb"\s*(?:this is an? (?:multi-?part|mime)[^\r\n]*(?:[\r\n]\s*)?)?--\S", re.IGNORECASE)

# Once it is text, what HTML says about its bytes is wrong.
_META = re.compile(r"(<meta[^<>]{0,200}charset\s*=\s*[\"']?)[\w-]+", re.IGNORECASE)


class Part:
    """One entity of a mail: ``fields`` as ``[(lower-case name, raw value)]``, ``body`` as a view, nothing decoded."""

    __slots__ = ("body", "default_kind", "fields", "is_root")

    def __init__(self, data, default_kind="text/plain", is_root=False):
        self.default_kind = default_kind
        self.is_root = is_root
        self.fields, end = _head(data, is_root)
        self.body = data[end:]

    def field(self, name):
        """Return the raw value of the first field of that name that is not empty, or ``b''``."""
        return next((value for key, value in self.fields if key == name and value), b"")

    def parameter(self, field, name, charset=""):
        return mime_header.parameter(self.field(field), name, charset)

    @property
    def kind(self):
        """The content type in lower case; what cannot be read is text (RFC 2045 §5.2)."""
        value = self.field("content-type")
        match = re.match(rb"\s*([\w!#$&^.+-]+)\s*(?:/\s*([\w!#$&^.+-]+))?", value)
        if not match:
            return self.default_kind
        main = match.group(1).lower().decode("ascii", "ignore")
        sub = (match.group(2) or b"").lower().decode("ascii", "ignore")
        if main == "multipart":
            return f"multipart/{sub or 'mixed'}"
        return f"{main}/{sub}" if sub else "text/html" if main == "html" else self.default_kind

    @property
    def disposition(self):
        match = re.match(rb"\s*([\w-]+)", self.field("content-disposition"))
        return match.group(1).lower().decode("ascii", "ignore") if match else ""

    @property
    def charset(self):
        return self.parameter("content-type", "charset")

    def content(self):
        """Return the bytes of the body without their transfer encoding; what is not in it stays as it is."""
        encoding = self.field("content-transfer-encoding").strip().lower()
        if encoding.startswith(b"base64"):
            return _base64(self.body)
        if encoding.startswith(b"quoted"):
            body = self.body if b"\n" in bytes(self.body[:10_000]) else bytes(self.body).replace(b"\r", b"\n")
            return binascii.a2b_qp(body)
        if encoding.startswith((b"uu", b"x-uu")):
            return _uudecoded(self.body)
        return bytes(self.body)

    def text(self):
        """Return the body as text with plain line ends."""
        data, charset = self.content(), self.charset
        if not charset and self.kind == "text/html":
            declared = re.search(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w-]+)", data[:4000], re.IGNORECASE)
            charset = declared.group(1).decode("ascii", "ignore") if declared else ""
        text = re.sub(r"\r*\n|\r", "\n", mime_charset.decode(data, charset))
        if self.kind == "text/plain" and self.parameter("content-type", "format").strip().lower() == "flowed":
            return flowed.unflow(text, self.parameter("content-type", "delsp").strip().lower() == "yes")
        return _META.sub(r"\1utf-8", text, count=1) if self.kind == "text/html" else text

    def children(self, problems):
        """Return the parts of a multipart, ``[]`` where it has none; ``problems`` learns what had to be guessed."""
        kind = "message/rfc822" if self.kind == "multipart/digest" else "text/plain"
        boundary = self.parameter("content-type", "boundary").rstrip().encode("utf-8", "ignore")
        for body in self._bodies():
            views = _split(body, boundary) if boundary else []
            if not views and (lost := _LOST_BOUNDARY.search(body)):
                views = _split(body, lost.group(1))
                problems.append("boundary-repaired")
            if views:
                return [Part(view, kind) for view in views]
        return []

    def _bodies(self):
        yield self.body
        if self.field("content-transfer-encoding").strip().lower().startswith((b"base64", b"quoted")):
            yield memoryview(self.content())  # forbidden for a multipart (RFC 2045 §6.4), and seen

    def is_bare_multipart(self):
        """Tell whether a mail that names no type begins with a boundary: its head was lost on the way."""
        return (not self.field("content-type") and _PREAMBLE.match(self.body) is not None
                and _LOST_BOUNDARY.search(self.body[:2_000]) is not None)


def _head(data, is_root):
    """Return the fields at the start of ``data`` and where its body starts."""
    position = 0
    if is_root:  # what mail boxes and broken relays put before the first field
        while blank := _BLANK.match(data, position):
            position = blank.end()
        while re.match(rb">?From +[^ :]", data[position:position + 40]):
            position = _LINE.match(data, position).end()
        if not _FIELD.match(data, position):
            stray = _STRAY.match(data, position, LONGEST_HEAD)
            position = stray.end() if stray else 0
    fields = []
    while len(fields) < MOST_FIELDS:
        if match := _FIELD.match(data, position, LONGEST_HEAD):
            fields.append((match.group(1).decode("ascii").lower(), bytes(match.group(2)).strip()))
        elif not is_root or not fields or not (match := _STRAY.match(data, position, LONGEST_HEAD)):
            break
        else:
            name, value = fields[-1]
            fields[-1] = (name, value + b" " + bytes(match.group()).strip())
        position = match.end()
    blank = _BLANK.match(data, position)
    return fields, blank.end() if blank else position


def _split(body, boundary):
    """Return views of what stands between the delimiter lines, and after the last one unless it closes."""
    delimiter = re.compile(rb"(?:\A|" + _EOL + rb")--" + re.escape(boundary) + rb"(--)?[ \t]*(?=[\r\n]|\Z)")
    views, start = [], None
    for match in islice(delimiter.finditer(body), MOST_PARTS):
        if start is not None:
            views.append(body[start:match.start()])
        closes = bool(match.group(1))
        eol = re.compile(_EOL).match(body, match.end())
        start = None if closes else eol.end() if eol else match.end()
    if start is not None:
        views.append(body[start:])
    return views


def _base64(body):
    """Return decoded base64; text that is only said to be base64 is returned as it is."""
    sample = bytes(body[:4_000])
    letters = len(re.findall(rb"[A-Za-z0-9+/=]", sample))
    words = len(re.findall(rb"[^\s] [^\s]", sample))
    if words > 5 and words * 20 > letters:
        return bytes(body)
    return mime_header.base64(body)


def _uudecoded(body):
    out = []
    for line in bytes(body).splitlines():
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:  # trailing garbage; the first letter says how many bytes there are
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(out)
