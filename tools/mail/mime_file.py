"""Files of a mail: their names and types as the sender meant them, made harmless where they are not."""

import mimetypes
import re
from dataclasses import dataclass

from . import mime_header

# A guess by the file's name must not make a page out of what was not sent as one.
_ACTIVE = ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "text/javascript")
# Types that programs write and no table has.
_SUFFIXES = {"image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/x-png": ".png", "image/x-ms-bmp": ".bmp",
             "application/x-pdf": ".pdf", "application/x-zip-compressed": ".zip", "image/heic": ".heic"}


@dataclass
class File:
    """One file of a mail: ``cid`` is how the HTML refers to it, where it does (``inline.py``)."""

    name: str
    mimetype: str
    content: bytes
    cid: str = ""
    inline: bool = False
    location: str = ""


def filename(part, charset=""):
    """Return the file name of a part as the sender meant it, without path, or ``''``."""
    name = part.parameter("content-disposition", "filename", charset) or part.parameter("content-type", "name", charset)
    return clean_name(name) if name else ""


def clean_name(name):
    """Return a name without path, control characters and turns of direction, at most 200 letters with its ending."""
    name = re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", re.split(r"[\\/]", name)[-1]).strip(" .") or "file"
    stem, dot, suffix = name.rpartition(".")
    return name if len(name) <= 200 else f"{stem[:180]}{dot}{suffix[:19]}" if dot else name[:200]


def read(part, kind, name, content, index):
    """Return a part that is a file; ``index`` numbers those without a name."""
    if kind == "application/octet-stream" and name:
        kind = guess_kind(name)
    cid = mime_header.text(part.field("content-id")).strip("<> ")
    location = mime_header.text(part.field("content-location"))
    return File(name or invented_name(kind, index), kind, content, cid,
                part.disposition == "inline" or bool(cid), location)


def guess_kind(name):
    """Return the type that a name says, never one that would be a page."""
    kind = mimetypes.guess_type(name)[0]
    return kind if kind and kind not in _ACTIVE else "application/octet-stream"


def invented_name(kind, index):
    """Return a name for a file that has none, with the ending of its type."""
    suffix = _SUFFIXES.get(kind) or mimetypes.guess_extension(kind) or mimetypes.guess_extension(kind, strict=False)
    return f"attachment-{index + 1}{suffix or '.bin'}"


def read_message(part, subject):
    """Return a forwarded mail as one .eml file, byte for byte; reports and returned headers as text files.

    :param subject: gives the subject of such a mail, by which it is named where it has no name
    """
    content, kind = part.content(), part.kind
    forwarded = kind in ("message/rfc822", "message/global", "message/news")
    name = filename(part)
    if not name and forwarded:
        name = re.sub(r"[^\w .,()-]", "", subject(content))[:80].strip(" .")
    name = name or kind.partition("/")[2].replace("rfc822-", "").replace("rfc822", "message")
    suffix = ".eml" if forwarded else ".txt"
    return File(name if name.lower().endswith(suffix) else name + suffix, kind, content)


def harmless_type(mimetype):
    """Return a type under which a stranger's file cannot run as a page of ours: HTML, XML and SVG become text."""
    mimetype = (mimetype or "").lower().partition(";")[0].strip()
    runs = any(word in mimetype for word in ("html", "xml", "svg", "javascript", "ecmascript", "vbscript", "jscript")) \
        and "openxmlformats" not in mimetype
    return "text/plain" if runs else mimetype or "application/octet-stream"
