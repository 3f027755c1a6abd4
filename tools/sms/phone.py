"""Phone numbers as people write them, reduced to E.164 (``+420602123456``), by which they are compared."""
import re
import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

# Names and short codes by which operators and services write: no numbers, but senders all the same.
_SENDER = re.compile(r"[A-Za-z0-9 .&_-]{1,16}")
_NAMED = re.compile(r"^(?P<number>[^()<>]*(?:\(\d+\)[^()<>]*)*)\((?=[^()]*[^\W\d])(?P<name>[^()]*)\)\s*$")


def parse(text, country=""):
    """Return the :class:`phonenumbers.PhoneNumber` that a text names, or None.

    :param str country: ISO code whose national notation is understood and whose exit code begins foreign numbers
    """
    try:
        return phonenumbers.parse(_plain(text), (country or "").upper() or None)
    except NumberParseException:
        return None


def e164(text, country=""):
    """Return the number in E.164, or ``''`` where it is none that can exist.

    Any notation will do: ``602 123 456``, ``00420 602123456``, ``+420 (602) 123-456``, ``tel:+420-602-123-456``.
    An extension is left out, as it cannot be dialled by SMS.
    """
    if not text or not re.search(r"\d{3}|[A-Za-z]", re.sub(r"[\s()./-]", "", _plain(text))):
        return ""
    number = parse(text, country)
    if number is None or not phonenumbers.is_possible_number(number):
        # 420602123456 without its plus, as many gateways and spreadsheets write it
        digits = re.sub(r"[\s()./-]", "", _plain(text))
        number = parse(f"+{digits}") if digits.isdigit() and not digits.startswith("0") else None
    if number is None or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def sender(text, country=""):
    """Return who wrote: E.164, else the short code or name as it came; gateways often leave out the plus."""
    text = _plain(text)
    bare = re.sub(r"[\s()./-]", "", text)
    if bare.isdigit() and len(bare) > 9 and not bare.startswith("0"):
        return e164(f"+{bare}") or e164(bare, country) or bare
    # Some put a plus before a national number, too.
    return e164(text, country) or e164(bare.removeprefix("+"), country) or text[:32]


def own_number(text, country=""):
    """Return a department's own number: E.164, else a short code or name that operators allow, else ``''``."""
    text = (text or "").strip()
    return e164(text, country) or (text if _SENDER.fullmatch(text) else "")


def is_name(number):
    """Tell whether an own number is a name, which operators show as the sender and nobody can answer."""
    return any(char.isalpha() for char in number or "")


def international(number):
    """Return an E.164 number as people read it: ``+420 602 123 456``."""
    parsed = parse(number)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL) if parsed else number or ""


def region(number):
    """Return the ISO code of the country of an E.164 number, or ``''``."""
    parsed = parse(number)
    return (phonenumbers.region_code_for_number(parsed) or "") if parsed else ""


def split(text, country=""):
    """Return ``[(name, E.164 or '', as written)]`` of recipients written as ``602 123 456 (Jana Nová), +421…``."""
    found = []
    for part in re.split(r"[,;\n]", text or ""):
        part = part.strip()
        if not part:
            continue
        named = _NAMED.match(part)
        written = named["number"].strip() if named else part
        found.append((named["name"].strip() if named else "", e164(written, country), written))
    return found


def display(number, name=""):
    """Return a recipient as :func:`split` reads it: ``+420602123456 (Jana Nová)``."""
    name = re.sub(r"[(),;\n]+", " ", name or "").strip()
    return f"{number} ({name})" if name and re.search(r"[^\W\d]", name) else number or ""


def _plain(text):
    """Full-width and other compatibility characters as plain ones, no spaces around."""
    return unicodedata.normalize("NFKC", str(text or "")).strip()
