"""Header fields of mails as text: folded lines, encoded words (RFC 2047), parameters (RFC 2045, 2231).

What stands against these standards but is common is read too: raw 8-bit bytes, words glued together or cut inside a
letter, words within quotes, parameters without quotes.
"""

import binascii
import contextlib
import re
from urllib.parse import unquote_to_bytes

from .. import limits
from . import mime_charset

LONGEST, LONGEST_RAW = limits.MAIL_FIELD, limits.MAIL_RAW_FIELD
_FOLD = re.compile(rb"(?:\r*\n|\r)[ \t]*")
_WORD = re.compile(rb"=\?([\w.:+-]+)(?:\*[\w-]*)?\?([bq])\?(.{0,2000}?)\?=", re.IGNORECASE)
_PARAMETER = re.compile(rb';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)')
_SPECIALS = re.compile(r'[()<>@,:;\\".\[\]]')


def text(value, charset="", phrase=False):
    """Return a raw field value as text in one line.

    :param charset: what raw 8-bit bytes are likely written in
    :param phrase: the field holds addresses: decoded words with special characters come out quoted, so that
        nobody's *name* can be read as an address (RFC 2047 §5 (3))
    """
    value = _FOLD.sub(b" ", bytes(value[:LONGEST])).strip()
    if b"=?" not in value:
        return _one_line(mime_charset.decode(value, hint=charset))
    out, end, words, quoted = [], 0, [], False
    for match in _WORD.finditer(value):
        between = value[end:match.start()]
        if words and between.strip():
            out.append(_joined(words, phrase, quoted))
            words = []
        if not words:
            quoted ^= between.replace(rb"\"", b"").count(b'"') % 2 == 1
            out.append(mime_charset.decode(between, hint=charset))
        words.append(match.groups())
        end = match.end()
    out.append(_joined(words, phrase, quoted))
    out.append(mime_charset.decode(value[end:], hint=charset))
    return _one_line("".join(out))


def raw(value, charset):
    """Return the beginning of a field value in one line as it stands; what ``charset`` cannot read becomes ``?``."""
    value = _FOLD.sub(b" ", bytes(value[:LONGEST])).strip()[:LONGEST_RAW]
    return re.sub(r"[\ufffd\x00-\x08\x0a-\x1f\x7f]", "?", value.decode(charset, "replace"))


def _one_line(value):
    return re.sub(r"[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+", " ", value).strip()


def _joined(words, phrase, quoted):
    """Return neighbouring encoded words as text; a letter may be cut in two between words of one charset."""
    runs = []
    for charset, encoding, payload in words:
        data = base64(payload) if encoding in b"bB" else binascii.a2b_qp(payload, header=True)
        charset = charset.decode("ascii", "ignore").lower()
        if runs and runs[-1][0] == charset:
            runs[-1][1] += data
        else:
            runs.append([charset, data])
    value = "".join(mime_charset.decode(data, charset) for charset, data in runs)
    if phrase and (quoted or _SPECIALS.search(value)):
        value = re.sub(r'([\\"])', r"\\\1", value.strip())
        return value if quoted else f'"{value}"'
    return value


def base64(data):
    """Return decoded base64, as much as there is: line ends, missing padding and several blocks are all right."""
    if not re.search(rb"=\s*[A-Za-z0-9+/]", data):
        with contextlib.suppress(binascii.Error):
            return binascii.a2b_base64(data)
    blocks = re.sub(rb"[^A-Za-z0-9+/=]", b"", data).split(b"=")
    # One letter over is half a byte: it cannot be read.
    whole = (block[: len(block) - (len(block) % 4 == 1)] for block in blocks if block)
    return b"".join(binascii.a2b_base64(block + b"=" * (-len(block) % 4)) for block in whole)


def parameter(value, name, charset=""):
    """Return a parameter of a structured field as text, ``''`` where it has none.

    Continuations and charsets (RFC 2231) go before the plain form, which may hold encoded words all the same.
    """
    value = b";" + _FOLD.sub(b" ", bytes(value[:LONGEST]))
    wanted = name.encode()
    sections, plain = {}, None
    for key, data in _PARAMETER.findall(value):
        match = re.fullmatch(rb"(?i:" + wanted + rb")(?:\*(\d{1,3}))?(\*)?", key)
        if not match:
            continue
        number, star = match.groups()
        if number or star:
            sections.setdefault(int(number or 0), (_unquoted(data), bool(star)))
        elif plain is None:
            plain = _unquoted(data)
    if sections:
        return _continued(sections, charset)
    if plain is None:  # the semicolon before it is missing
        match = re.search(rb'(?i)[\s"]' + wanted + rb'\s*=\s*("[^"]*"|[^;]+)', value)
        plain = _unquoted(match.group(1)) if match else b""
    return text(plain, charset)


def _unquoted(data):
    data = data.strip()
    if data[:1] == b'"':
        # Only what must be escaped is: the paths of old Windows programs have backslashes of their own.
        data = re.sub(rb'\\(["\\])', rb"\1", data[1:-1] if data.endswith(b'"') and len(data) > 1 else data[1:])
    return data


def _continued(sections, charset):
    parts = []
    for number in sorted(sections):
        data, encoded = sections[number]
        if encoded and not parts and data.count(b"'") >= 2:
            name, _language, data = data.split(b"'", 2)
            charset = name.decode("ascii", "ignore")
        parts.append(unquote_to_bytes(data) if encoded else data)
    joined = b"".join(parts)
    if b"=?" in joined:
        return text(joined, charset)
    return _one_line(mime_charset.decode(joined, charset))
