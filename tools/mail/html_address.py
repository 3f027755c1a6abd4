r"""Whither an address in HTML leads, as a browser parses it: ``/\host``, ``http:/\host`` and ``h\nttp:host`` are all
``http://host/``. Source: WHATWG URL Standard, 4.4 (C0 control or space stripped, tab and newline removed, ``\`` read as
``/`` in special schemes, any number of slashes before the host).

The same rules stand in ``static/src/backend/common/address_origin.js`` for what is shown.
"""

import re

_EDGES = "".join(map(chr, range(0x21)))
_REMOVED = re.compile(r"[\t\n\r]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HOST = re.compile(r"[^\s/\\?#<>\"'^`{|}]+")
_STORED = re.compile(r"/web/(?:image|content)/\d+(?:[-/?][^\s\"'<>\\]*)?$")
_CLIMBS = re.compile(r"\.\.|%2e|//", re.IGNORECASE)
_PICTURE = re.compile(
    r"data:image/(?:png|gif|jpe?g|webp|bmp|x-icon|tiff)(?:;[\w=-]+)*,[A-Za-z0-9+/=%\s]*$", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\"'<>`\\(){}]")
# What a click may open; nothing that runs or reads files of the reader's machine.
LINKS = {"mailto", "tel", "sms", "callto", "sip", "xmpp", "ftp", "ftps"}


def canonical(address):
    """Return ``(kind, address)``: kind is ``remote`` (another server is called), ``stored`` (a picture of ours),
    ``cid`` (a part of the mail), ``data`` (a picture in itself), ``link`` (a scheme in LINKS), or ``""`` for what is
    not followed at all. The address is written so that no parser reads it otherwise."""
    address = _REMOVED.sub("", (address or "").strip(_EDGES))
    scheme = _SCHEME.match(address)
    name = scheme.group(1).lower() if scheme else ""
    if not name:
        return _without_scheme(address)
    if name in ("http", "https"):
        return _remote(name, address[scheme.end():])
    if name == "cid":
        return "cid", "cid:" + _escape(address[scheme.end():])
    if name == "data":
        return ("data", address) if _PICTURE.match(address) else ("", "")
    return ("link", name + ":" + _escape(address[scheme.end():])) if name in LINKS else ("", "")


def _without_scheme(address):
    slashed = address[:2].replace("\\", "/")
    if slashed == "//":
        return _remote("https", address)
    if address[:4].lower() == "www.":
        return _remote("http", address)
    if _STORED.match(address) and not _CLIMBS.search(address):
        return "stored", address
    return "", ""


def _remote(scheme, rest):
    rest = rest.lstrip("/\\")
    host = _HOST.match(rest)
    if not host:
        return "", ""
    path, mark, query = rest[host.end():].partition("?")
    path = path.replace("\\", "/")
    return "remote", _escape(f"{scheme}://{host.group()}{path}{mark}{query}")


def _escape(address):
    return _UNSAFE.sub(lambda match: f"%{ord(match.group()):02X}" if ord(match.group()) < 128 else "", address)


def picture(address, stored=False):
    """Return the address of a picture, canonical; ``""`` where it is none. ``stored``: it may be one of ours."""
    kind, found = canonical(address)
    return found if kind in ("remote", "cid", "data") or (stored and kind == "stored") else ""


def link(address, stored=False):
    """Return the address that a click may open, canonical; ``""`` where it may not."""
    kind, found = canonical(address)
    return found if kind in ("remote", "link") or (stored and kind == "stored") else ""


def is_remote(address):
    """Tell whether showing this would call another server: also what cannot be told counts as such."""
    return canonical(address)[0] not in ("stored", "cid", "data")


def first_candidate(srcset):
    """Return the first address of a ``srcset``."""
    return re.split(r"[\s,]", (srcset or "").strip(_EDGES + ","), maxsplit=1)[0]
