"""A raw mail (RFC 5322, MIME) read as what a person would see: subject, people, text, files.

Bytes in, one :class:`Mail` out. It never raises for what stands in the mail, because what cannot be read must still
be filed, and it ends in time whatever the mail is made of; it does no I/O and knows no ORM.
"""

import hashlib
import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from .. import limits
from . import addresses, html_guard, inline, mail_text, mime_charset, mime_file, mime_header, smime, tnef
from .mime_file import File, harmless_type
from .mime_tree import LONGEST_HEAD, Part

MAX_PARTS, MAX_DEPTH, MAX_FORWARDS = limits.MAIL_PARTS, limits.MAIL_DEPTH, limits.MAIL_FORWARDS
SECONDS = limits.MAIL_READING_SECONDS
LONGEST_TEXT, SHOWN_TEXT = limits.MAIL_TEXT, limits.MAIL_TEXT_SHOWN
LONGEST_ID = limits.MAIL_ID  # a database indexes no more than 2,704 bytes
MOST_RAW_FIELDS = limits.MAIL_RAW_FIELDS  # more would be looked through by nobody
LONGEST_SUBJECT = limits.MAIL_SUBJECT
# Those of a mail's problems by which something is not shown that somebody wrote.
LOSSES = {"html-too-heavy", "text-too-long", "time-limit", "too-deep", "too-many-parts", "unreadable"}
_ADDRESS_FIELDS = {"from", "sender", "to", "cc", "bcc", "reply-to", "delivered-to", "x-original-to", "return-path",
                   "x-failed-recipients", "disposition-notification-to", "resent-to", "resent-cc"}
_MARKED_UP = ("text/enriched", "text/richtext")
# Said again for programs that are not ours; never without the plain or HTML text of the same.
_ELSEWHERE = ("text/x-amp-html", "text/watch-html")
decode_bytes = mime_charset.decode

__all__ = ["File", "Mail", "decode_bytes", "digest", "harmless_type", "parse", "parse_headers"]


@dataclass
class Mail:
    """What a mail says. Header values are decoded text, one line each; ``date`` is naive UTC or None.

    ``text`` is what was written as plain text. ``html``, where there is any, shows everything: plain parts beside
    HTML parts are in it too. ``problems`` says in plain codes what was guessed or left out:
    ``boundary-repaired``, ``boundary-missing``, ``empty-html``, ``encrypted``, ``html-too-heavy``, ``no-from``,
    ``smime-signed``, ``text-of-attached-mail``, ``text-too-long``, ``time-limit``, ``too-deep``, ``too-many-parts``,
    ``unreadable``, ``winmail-unpacked``, ``winmail-unreadable``. Where parts were left out, the whole mail is among
    the files.
    ``from_fields`` and ``authentication_results`` are all fields of these names as they came, only unfolded.
    """

    subject: str = ""
    sender: str = ""
    to: str = ""
    cc: str = ""
    delivered_to: str = ""
    resent: str = ""
    reply_to: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    date: datetime | None = None
    text: str = ""
    html: str = ""
    files: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    from_fields: list = field(default_factory=list)
    authentication_results: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    @property
    def recipients(self):
        """The header fields that say whom the mail was for, where it was delivered, and to whom it was sent on."""
        return self.to, self.cc, self.delivered_to, self.header("x-original-to"), self.resent

    def header(self, name):
        """Return the first value of a header, decoded, or ``''``; the name is case-insensitive."""
        return self.headers.get(name.lower(), "")


@dataclass
class _Block:
    """A piece of what is shown, as plain text, as HTML, or as both saying the same."""

    text: str = ""
    html: str = ""


def parse(raw, seconds=SECONDS):
    """Read ``raw`` bytes of one mail and return a :class:`Mail`; what is not read in time is left in a file."""
    return _Reader(raw, time.monotonic() + seconds).mail()


def parse_headers(raw):
    """Read only the headers of ``raw``; the body is not looked at, however large it is."""
    return _read_headers(Part(memoryview(raw)[:LONGEST_HEAD], is_root=True))


def digest(raw):
    """Return the SHA-256 of what was written and to whom, without what the way here added, as hexadecimal digits.

    A mail that is delivered again, or to two addresses of one mailbox, differs in its trace fields, line ends and
    last blank lines only.
    """
    part = Part(memoryview(raw), is_root=True)
    result = hashlib.sha256()
    for name in ("from", "to", "cc", "subject", "date", "content-type"):
        result.update(b" ".join(part.field(name).split()) + b"\0")
    result.update(bytes(part.body).replace(b"\r\n", b"\n").rstrip())
    return result.hexdigest()


def _read_headers(part, charset=""):
    """Return a Mail with the headers of ``part``; raw 8-bit bytes are likely in the charset of the letter."""
    mail = Mail()
    charset = part.charset or charset
    for name, value in part.fields:
        if name not in mail.headers or not mail.headers[name]:
            mail.headers[name] = mime_header.text(value, charset, phrase=name in _ADDRESS_FIELDS)
    mail.from_fields = _raw(part, "from", "utf-8")
    mail.authentication_results = _raw(part, "authentication-results", "ascii")
    mail.subject = mail.header("subject")[:LONGEST_SUBJECT]
    mail.reply_to = mail.header("reply-to")
    mail.sender = _sender(mail, part, charset)
    if not mail.sender:
        mail.problems.append("no-from")
        mail.sender = mail.reply_to or mail.header("return-path").replace("<>", "")
    mail.to, mail.cc = _joined(part, "to", charset), _joined(part, "cc", charset)
    mail.delivered_to = _joined(part, "delivered-to", charset)
    mail.resent = ", ".join(filter(None, (_joined(part, f"resent-{name}", charset) for name in ("to", "cc"))))
    message_id = (re.findall(r"<[^<>\s]+>", mail.header("message-id")) or [mail.header("message-id")])[0]
    mail.message_id = message_id.encode()[:LONGEST_ID].decode(errors="ignore")
    mail.in_reply_to = mail.header("in-reply-to")
    mail.references = mail.header("references")
    mail.date = _date(mail.header("date"))
    return mail


def _sender(mail, part, charset):
    """Return the first From that can be answered; else Sender, else what stands in From, or ``''``."""
    fields = [mime_header.text(value, charset, phrase=True) for name, value in part.fields if name == "from"]
    answerable = next((text for text in fields[:MOST_RAW_FIELDS] if addresses.normalize(text)), "")
    return answerable or mail.header("sender") or (mail.header("from") if not mail.reply_to else "")


def _joined(part, name, charset):
    values = (mime_header.text(value, charset, phrase=True) for key, value in part.fields if key == name)
    return ", ".join(filter(None, values))


def _raw(part, name, charset):
    """Return the fields of a name as text in one line each, without decoding words in them."""
    found = [mime_header.raw(value, charset) for key, value in part.fields if key == name]
    return found[:MOST_RAW_FIELDS]


def _date(value):
    """Return the Date header as naive UTC; None where it is missing, broken or in the future."""
    try:
        date = parsedate_to_datetime(value)
        date = date.astimezone(timezone.utc).replace(tzinfo=None) if date.tzinfo else date
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    return date if datetime(1990, 1, 1) < date <= now else None


class _Reader:
    """Walks the parts of one mail within its limits of time, number and depth."""

    def __init__(self, raw, deadline, forwards=0):
        self.raw, self.deadline, self.forwards = raw, deadline, forwards
        self.count = 0
        self.charset = ""
        self.files, self.problems = [], []

    def mail(self):
        """Return the whole mail."""
        root = Part(memoryview(self.raw), is_root=True)
        blocks = [block for block in self._blocks(root, 0) if block.text.strip() or block.html]
        mail = _read_headers(root, self.charset)
        mail.files = self.files
        mail.problems += self.problems
        mail.text = "\n\n".join(block.text for block in blocks if block.text.strip())
        if any(block.html for block in blocks):
            mail.html = "\n".join(block.html or mail_text.text_to_html(block.text) for block in blocks)
        mail.html = inline.point(mail.html, mail.files)
        self._guard(mail)
        if root.kind == "multipart/encrypted" or (not mail.html and smime.is_pgp_message(mail.text)):
            mail.problems.append(smime.ENCRYPTED)
        if not mail.text.strip() and not mail.html:
            self._show_attached(mail)
        if {"time-limit", "too-deep", "too-many-parts", "unreadable"} & set(mail.problems):
            mail.files.append(File("original.eml", "message/rfc822", bytes(self.raw)))
        mail.problems = list(dict.fromkeys(mail.problems))
        return mail

    def _guard(self, mail):
        """Put HTML that could not be cleaned in time, and text that nobody reads to its end, into files."""
        if mail.html and html_guard.too_heavy(mail.html):
            mail.files.append(File("message.html", "text/html", mail.html.encode()))
            mail.text = mail.text if mail.text.strip() else html_guard.to_text(mail.html)
            mail.html = ""
            mail.problems.append("html-too-heavy")
        if len(mail.text) > LONGEST_TEXT:
            mail.files.append(File("message.txt", "text/plain", mail.text.encode()))
            mail.text = mail.text[:SHOWN_TEXT] + "\n…"
            mail.problems.append("text-too-long")

    def _show_attached(self, mail):
        """Show what the report or else the mail that is attached says where the letter itself says nothing."""
        by_kind = {file.mimetype: file for file in reversed(mail.files)}
        if report := by_kind.get("message/delivery-status"):
            mail.text = mime_charset.decode(report.content)
        elif (attached := by_kind.get("message/rfc822")) and self.forwards < MAX_FORWARDS:
            inner = _Reader(attached.content, self.deadline, self.forwards + 1).mail()
            mail.text = inner.text or html_guard.to_text(inner.html)
            mail.problems.append("text-of-attached-mail")

    def _blocks(self, part, depth):
        """Return what a part shows; its files are kept on the way. Whatever fails is left out, not the rest."""
        self.count += 1
        limits = (("time-limit", time.monotonic() > self.deadline), ("too-many-parts", self.count > MAX_PARTS),
                  ("too-deep", depth > MAX_DEPTH))
        if problem := next((name for name, reached in limits if reached), None):
            self.problems.append(problem)
            return []
        try:
            if part.kind.startswith("multipart/") or (part.is_root and part.is_bare_multipart()):
                return self._multipart(part, depth)
            return self._leaf(part, depth)
        except (ValueError, LookupError, TypeError, RecursionError, MemoryError):
            self.problems.append("unreadable")
            return []

    def _multipart(self, part, depth):
        children = part.children(self.problems)
        if not children:
            if bytes(part.body[:1000]).strip():
                self.problems.append("boundary-missing")
            text = part.text()
            looks_like_html = re.match(r"\s*<(!doctype|html|head|body|div|p|table)\b", text, re.IGNORECASE)
            return [_Block(html=text)] if looks_like_html else [_Block(text)]
        if part.kind == "multipart/alternative":
            return self._alternative([self._blocks(child, depth + 1) for child in children])
        return [block for child in children for block in self._blocks(child, depth + 1)]

    def _alternative(self, choices):
        """Return one block of the same said twice: the last HTML that shows something, and the plain texts."""
        rich = next((blocks for blocks in reversed(choices) if any(block.html for block in blocks)), [])
        texts = [block.text for blocks in choices if blocks is not rich for block in blocks]
        texts = texts or [block.text for block in rich if block.text]
        html = "\n".join(block.html or mail_text.text_to_html(block.text) for block in rich)
        different = {" ".join(text.split()): text for text in reversed(texts) if text.strip()}
        return [_Block("\n\n".join(reversed(different.values())), html)]

    def _leaf(self, part, depth):
        """Return what a part without parts shows, or keep it as a file."""
        kind = part.kind
        if kind.startswith("message/") or kind == "text/rfc822-headers":
            self.files.append(mime_file.read_message(part, lambda raw: parse_headers(raw).subject))
            return []
        if kind in _ELSEWHERE:
            return []
        self.charset = self.charset or (part.charset if kind.startswith("text/") else "")
        name = mime_file.filename(part, self.charset)
        is_text = kind in ("text/plain", "text/html", *_MARKED_UP)
        if is_text and part.disposition != "attachment" and (not name or self._is_letter(part)):
            return self._letter(part, kind)
        if kind in smime.KINDS and (blocks := self._signed(part, depth)) is not None:
            return blocks
        if kind in tnef.KINDS or name.lower() == "winmail.dat":
            return self._winmail(part, name)
        content = part.content()
        if content or name:
            self.files.append(mime_file.read(part, kind, name, content, len(self.files)))
        return []

    def _is_letter(self, part):
        """Tell whether a text with a name is the letter itself: some programs name that too."""
        return part.is_root and not part.field("content-disposition")

    def _letter(self, part, kind):
        text = part.text()
        if kind == "text/html":
            if html_guard.is_blank(text):
                self.problems += ["empty-html"] if text.strip() else []
                return []
            return [_Block(html=text)]
        if kind in _MARKED_UP:
            text = re.sub(r"</?[a-zA-Z-]{1,40}>", "", text.replace("<<", "<"))
        return [_Block(text)]

    def _signed(self, part, depth):
        """Return what a signed letter in a file shows; None where the file is to be kept, as for encrypted ones."""
        problem, letter = smime.unwrap(part.content())
        if problem:
            self.problems.append(problem)
        return self._blocks(Part(memoryview(letter)), depth + 1) if letter else None

    def _winmail(self, part, name):
        """Unpack a winmail.dat; the file itself is kept where that fails."""
        data = part.content()
        found = tnef.unpack(data)
        if found is None:
            self.problems.append("winmail-unreadable")
            self.files.append(File(name or "winmail.dat", "application/ms-tnef", data))
            return []
        text, html, files = found
        self.problems.append("winmail-unpacked")
        for name, content in files:
            kind = mime_file.guess_kind(name)
            name = mime_file.clean_name(name) if name else mime_file.invented_name(kind, len(self.files))
            self.files.append(File(name, kind, content))
        return [_Block(text, "" if html_guard.is_blank(html) else html)]
