"""E-mail addresses as people and programs write them (RFC 5322 §3.4), reduced to what we compare by."""

import re
import unicodedata
from email.utils import getaddresses

import idna

# An address as it is used on the wire; quoted local parts are too rare to be worth their traps.
# Bounded (RFC 5321 §4.5.3.1), else a header of 100,000 letters without an @ is searched from each of them to its end.
_ATOM = r"[^\s<>()\[\],;:\"'\\@]"
EMAIL = re.compile(rf"{_ATOM}{{1,128}}@{_ATOM}{{1,255}}")


def normalize(address):
    """Return the one bare address in ``address`` in lower case, or ``''``.

    ``"Jana Nová" <Jana@Acme.cz>`` → ``jana@acme.cz``. With several addresses the first one counts.
    """
    for _name, bare in split(address):
        return bare
    return ""


def split(*fields):
    """Return ``[(name, bare address)]`` of all address fields, in order, each address once.

    Groups (``undisclosed-recipients:;``) are opened, what is no address is left out; never raises.
    """
    found = {}
    for field in fields:
        if not field:
            continue
        bare = [(name.strip(), match.group().lower())
                for name, address in _pairs(str(field)) if (match := EMAIL.fullmatch(address.strip()))]
        if not bare:
            bare = [("", match.lower()) for match in EMAIL.findall(str(field))]
        for name, address in bare:
            found.setdefault(address, name)
    return [(name, address) for address, name in found.items()]


def _pairs(field):
    try:
        try:
            return getaddresses([field], strict=False)
        except TypeError:  # Python without the `strict` argument
            return getaddresses([field])
    except (ValueError, IndexError, RecursionError):  # such as thousands of nested comments
        return []


def domain(address):
    """Return the lower-case domain of an address, or ``''``."""
    return normalize(address).rpartition("@")[2]


def canonical(address):
    """Return the one bare address in ``address`` with its domain as it is on the wire (RFC 5890), or ``''``.

    ``Jana@Bücher.example`` and ``jana@xn--bcher-kva.example`` are one mailbox.
    """
    local, at, host = unicodedata.normalize("NFKC", normalize(address)).rpartition("@")
    return f"{local}{at}{_recode(host, lambda name: name.encode('idna').decode())}" if at else ""


def variants(address):
    """Return the notations in which one address may stand somewhere, as a list without repetitions."""
    bare, wire = normalize(address), canonical(address)
    local, at, host = wire.rpartition("@")
    shown = f"{local}{at}{_recode(host, lambda name: name.encode().decode('idna'))}"
    return list(dict.fromkeys(filter(None, (bare, wire, shown))))


def is_bare(field):
    """Tell whether an address field holds one address and nothing else: what is sent to it reaches that one only."""
    text = (field or "").strip().lower()
    return bool(EMAIL.fullmatch(text)) and normalize(text) == text


def _recode(host, convert):
    try:
        return convert(host)
    except UnicodeError:  # no name that could be on the wire: left as it is
        return host


def display(name, address):
    """Return ``name <address>`` for people and mail headers, or the bare address where there is no name.

    A name with what separates addresses is quoted (RFC 5322 §3.2.4): ``"Invoices, reminders" <…>``.
    """
    if not name or not address or name == address:
        return address or name or ""
    name = " ".join(name.split())
    if re.search(r'[()<>@,:;\\"\[\]]', name):
        name = '"%s"' % re.sub(r'([\\"])', r"\\\1", name)
    return f"{name} <{address}>"


def for_wire(field):
    """Return an address field whose domains mail servers understand: ``jan@háčky.cz`` → ``jan@xn--hky-3qa12a.cz``.

    Odoo leaves out without a word whom it cannot write to; here nobody is left out.

    :raise ValueError: with the address that cannot be written so (RFC 5891; a local part has no such form)
    """
    if not field or str(field).isascii():
        return field
    return ", ".join(display(name, _ascii(address)) for name, address in split(field))


def _ascii(address):
    local, _at, host = address.rpartition("@")
    if not local.isascii():
        raise ValueError(address)
    try:
        return f"{local}@{idna.encode(host, uts46=True).decode('ascii')}"
    except idna.IDNAError as error:
        raise ValueError(address) from error


def without_address(*fields):
    """Return what stands between commas and is no address, such as a name alone; a quoted comma separates nothing."""
    parts = re.findall(r'(?:"[^"]*"|[^,;\n"])+', ", ".join(filter(None, fields)))
    return [part.strip() for part in parts if part.strip() and not normalize(part)]


def named_by_hand(*fields):
    """Return ``[(name, bare address)]`` of what was typed as ``jan@acme.cz (Jan Novák)``: a wish to keep them."""
    found = []
    for field in filter(None, fields):
        for address, name in re.findall(r"([^\s<>(),;@]{1,128}@[^\s<>(),;@]{1,255})\s{0,5}\(([^()]+)\)", str(field)):
            if (bare := normalize(address)) and name.strip():
                found.append((name.strip(), bare))
    return found
