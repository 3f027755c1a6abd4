"""A raw mail (RFC 5322, MIME) read as what a person would see: subject, people, text, files.

Bytes in, one :class:`Mail` out. It never raises for what stands in the mail, because what cannot be
read must still be filed; it does no I/O and knows no ORM.
"""

import email
import email.header
import email.message
import email.policy
import mimetypes
import re
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime, unquote
from urllib.parse import unquote_to_bytes

import charset_normalizer

# Names seen in real mail that Python does not know or that lie: what is labelled Latin-1 is nearly always
# written by Windows (WHATWG Encoding Standard makes the same choice).
CHARSET_ALIASES = {
    "unknown-8bit": "", "x-unknown": "", "unknown": "", "default": "", "x-user-defined": "", "_autodetect_all": "",
    "cp-850": "cp850", "iso-8859-8-i": "iso-8859-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "",
    "ascii": "", "ansi_x3.4-1968": "", "win-1250": "cp1250", "x-cp1250": "cp1250", "ks_c_5601-1987": "cp949",
    "gb2312": "gb18030", "utf8": "utf-8", "utf-8-sig": "utf-8",
}
LANGUAGE_CODECS = ("cp1250", "iso8859-2", "cp1252")
MAX_PARTS = 500


@dataclass
class File:
    """One file of a mail: ``cid`` is the Content-ID without brackets when the HTML may show it inline."""

    name: str
    mimetype: str
    content: bytes
    cid: str = ""
    inline: bool = False


@dataclass
class Mail:
    """What a mail says. Header values are decoded text, one line each; ``date`` is naive UTC or None."""

    subject: str = ""
    sender: str = ""
    to: str = ""
    cc: str = ""
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    files: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)

    def header(self, name):
        """Return the first value of a header, decoded, or ``''``; the name is case-insensitive."""
        return self.headers.get(name.lower(), "")


def parse(raw):
    """Read ``raw`` bytes of one mail and return a :class:`Mail`."""
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    mail = _read_headers(message)
    _collect(message, mail)
    return mail


def parse_headers(raw):
    """Read only the headers of ``raw``; the body is not looked at, however large it is."""
    end = re.search(rb"\r?\n\r?\n", raw[:1_000_000])
    return _read_headers(email.message_from_bytes(raw[: end.start()] if end else raw[:1_000_000],
                                                  policy=email.policy.compat32))


def _read_headers(message):
    mail = Mail()
    for name, value in message.items():
        mail.headers.setdefault(str(name).lower(), decode_header(value))
    mail.subject = mail.header("subject")
    mail.sender = mail.header("from") or mail.header("sender")
    mail.reply_to = mail.header("reply-to")
    mail.to = _joined(message, "to")
    mail.cc = _joined(message, "cc")
    mail.message_id = (re.findall(r"<[^<>\s]+>", mail.header("message-id")) or [mail.header("message-id")])[0]
    mail.in_reply_to = mail.header("in-reply-to")
    mail.references = mail.header("references")
    mail.date = _date(mail.header("date"))
    return mail


def decode_header(value):
    """Return a header value as text: RFC 2047 words, raw 8-bit bytes and folded lines included."""
    if value is None:
        return ""
    if isinstance(value, email.header.Header):
        # compat32 wraps raw 8-bit bytes into a Header of charset unknown-8bit; str() would destroy them.
        value = "".join(chunk for chunk, _charset in value._chunks)
    if any("\udc80" <= char <= "\udcff" for char in value):
        value = decode_bytes(value.encode("utf-8", "surrogateescape"))
    value = re.sub(r"\r?\n[ \t]*", " ", value)
    if "=?" not in value:
        return value.replace("\r", " ").replace("\n", " ").strip()
    # Words broken by a space inside or glued to each other are common; Python wants them apart.
    value = re.sub(r"\?==\?", "?= =?", value)
    out = []
    try:
        chunks = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):
        return value.strip()
    for chunk, charset in _merge(chunks):
        if isinstance(chunk, bytes):
            text = decode_bytes(chunk, charset)
            if charset is None:
                text = chunk.decode("latin-1") if not _high(chunk) else text
        else:
            text = chunk
        out.append(text)
    return re.sub(r"[\r\n]+", " ", "".join(out)).strip()


def _high(data):
    return any(byte > 127 for byte in data)


def _merge(chunks):
    """Join neighbours in one charset first: a letter may be cut in two between encoded words."""
    merged = []
    for chunk, charset in chunks:
        charset = charset.lower() if charset else None
        if merged and charset and merged[-1][1] == charset and isinstance(chunk, bytes):
            merged[-1] = (merged[-1][0] + chunk, charset)
        else:
            merged.append((chunk, charset))
    return merged


def decode_bytes(data, charset=None):
    """Return ``data`` as text: the declared charset if it fits strictly, else the likeliest one.

    The declared name is tried first, then UTF-8 (which hardly ever fits by chance), then a guess that
    prefers what is written in Central Europe. U+FFFD appears only where no decoding exists.
    """
    if not data:
        return ""
    declared = (charset or "").strip().strip("\"'").lower().replace("_", "-")
    declared = CHARSET_ALIASES.get(declared, declared)
    for name in filter(None, (declared, "utf-8")):
        try:
            return data.decode(name).lstrip("\ufeff")
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return _guess(data)


def _guess(data):
    best = charset_normalizer.from_bytes(
        data[:100_000], cp_isolation=list(LANGUAGE_CODECS), threshold=0.6, preemptive_behaviour=False).best()
    for name in ((best.encoding,) if best else ()) + LANGUAGE_CODECS:
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _joined(message, name):
    return ", ".join(filter(None, (decode_header(value) for value in message.get_all(name, []))))


def _date(value):
    """Return the Date header as naive UTC; None where it is missing, broken or in the future."""
    try:
        date = parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if date.tzinfo:
        try:
            date = date.astimezone(timezone.utc).replace(tzinfo=None)
        except (OverflowError, ValueError):
            return None
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return date if datetime(1990, 1, 1) < date <= now else None


def _collect(message, mail):
    """Walk the parts in their order: texts into ``text`` and ``html``, the rest into ``files``."""
    texts, htmls, count = [], [], 0
    stack = [message]
    while stack:
        part = stack.pop()
        count += 1
        if count > MAX_PARTS:
            mail.problems.append("too-many-parts")
            break
        kind = part.get_content_type()
        if kind.startswith("message/") and part is not message:
            mail.files.append(_attached_message(part))
            continue
        if part.is_multipart():
            stack.extend(child for child in reversed(part.get_payload())
                         if isinstance(child, email.message.Message))
            continue
        disposition = (part.get_content_disposition() or "").lower()
        name = filename(part)
        if kind in ("text/plain", "text/html") and disposition != "attachment" and not name:
            body = decode_bytes(_payload(part), part.get_content_charset())
            if kind == "text/html":
                htmls.append(body)
            else:
                texts.append(body)
            continue
        mail.files.append(_file(part, kind, name, disposition, len(mail.files)))
    mail.text = "\n\n".join(body for body in texts if body.strip())
    rich = [body for body in htmls if re.sub(r"<[^>]*>|&nbsp;|\s", "", body) or "<img" in body.lower()]
    mail.html = "\n".join(rich)


def _payload(part):
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    if data is None:
        payload = part.get_payload()
        data = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    return data


def filename(part):
    """Return the file name of a part as the sender meant it, without path, or ``''``.

    RFC 2231 parameters, RFC 2047 words (against the standard but common) and raw bytes are read.
    """
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(name, None, header)
        if value is None:
            value = _loose_param(part, header, name)
        if isinstance(value, tuple):
            charset, _language, text = value
            value = decode_bytes(text.encode("latin-1", "surrogateescape"), charset)
        if value:
            value = decode_header(unquote(value))
            return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[\\/]", value)[-1]).strip() or "file"
    return ""


def _loose_param(part, header, name):
    """Read a parameter that Python's parser passes over, such as an unquoted name with spaces."""
    raw = decode_header(part.get(header) or "")
    match = re.search(rf"{name}\*?=\s*([^\";]+)", raw, re.IGNORECASE)
    if not match:
        return None
    value = match.group(1).strip()
    if value.lower().startswith(("utf-8''", "iso-8859-2''", "windows-1250''")):
        charset, _sep, text = value.partition("''")
        return decode_bytes(unquote_to_bytes(text), charset)
    return value


def _file(part, kind, name, disposition, index):
    content = _payload(part)
    if kind == "application/octet-stream" and name:
        kind = mimetypes.guess_type(name)[0] or kind
    cid = (part.get("content-id") or "").strip().strip("<>")
    return File(name or _invented_name(kind, index), kind, content, cid, disposition == "inline" or bool(cid))


def _invented_name(kind, index):
    return f"attachment-{index + 1}{mimetypes.guess_extension(kind) or '.bin'}"


def _attached_message(part):
    """Return a forwarded mail (message/rfc822) as one .eml file, a delivery report as text."""
    payload = part.get_payload()
    inner = payload if isinstance(payload, list) else []
    content = b"\n".join(child.as_bytes() for child in inner) or _payload(part)
    name = filename(part)
    if not name and inner:
        name = re.sub(r"[^\w .-]", "", decode_header(inner[0].get("subject")))[:80].strip()
    kind = part.get_content_type()
    suffix = ".eml" if kind == "message/rfc822" else ".txt"
    name = name or kind.partition("/")[2]
    return File(name if name.lower().endswith(suffix) else name + suffix, kind, content)
