"""Which of an element's style is kept: a list of properties, each with the values that cannot leave their box."""

import re
from functools import lru_cache

from . import html_address

# No value may hold these: addresses, programs, escapes, comments, and what grows beyond its box.
_NEVER = re.compile(r"[\\<>{}@]|/\*|expression|javascript|(?:url|image|attr|var|env)\s{0,20}\(|image-set",
                    re.IGNORECASE)
_IMPORTANT = re.compile(r"\s{0,20}!\s{0,20}important\s{0,20}$", re.IGNORECASE)
_URL = re.compile(
    r"url\(\s{0,20}(\"[^\"]{0,3000}\"|'[^']{0,3000}'|[^)\"'\s]{0,3000})\s{0,20}\)", re.IGNORECASE)
_MARKS = re.compile(r"""[;"'()]""")
_NAME = re.compile(r"\s{0,20}([\w-]{1,60})\s{0,20}:(.*)", re.DOTALL)
_COLOUR = re.compile(
    r"#[0-9a-f]{8}\b|#[0-9a-f]{6}\b|#[0-9a-f]{3,4}\b|(?:rgb|rgba|hsl|hsla)\([\d.,%\s/deg-]+\)|\b[a-z]{3,20}\b",
    re.IGNORECASE)
# Words of the shorthand ``background`` that are no colours.
_NO_COLOURS = {
    "url", "none", "repeat", "no-repeat", "x", "y", "scroll", "fixed", "local", "left", "right", "top", "bottom",
    "center", "cover", "contain", "auto", "space", "round", "border", "padding", "content", "box", "important",
    "initial", "inherit", "unset", "no", "linear", "radial", "gradient",
}
_SIDES = ("top", "right", "bottom", "left")

_COLOURS = {"color", "background-color", "border-color", *(f"border-{side}-color" for side in _SIDES),
            "text-decoration-color"}
_MEASURES = {
    "width", "height", "max-width", "max-height", "min-width", "min-height", "font-size", "line-height",
    "border-radius", "border-spacing", "border-width", "text-indent", "padding", "margin",
    *(f"{name}-{side}" for name in ("padding", "margin") for side in _SIDES),
    *(f"border-{side}-width" for side in _SIDES),
    *(f"border-{one}-{two}-radius" for one in ("top", "bottom") for two in ("left", "right")),
}
_PLAIN = {
    "font-family", "font-weight", "font-style", "font-variant", "font", "text-align", "text-transform",
    "letter-spacing", "word-spacing", "text-decoration", "text-decoration-line", "text-decoration-style",
    "vertical-align", "white-space", "direction", "unicode-bidi", "word-break", "overflow-wrap", "word-wrap",
    "border", "border-style", "border-collapse", "caption-side", "empty-cells", "table-layout", "float", "clear",
    "opacity", "list-style", "list-style-type", "object-fit", "background-position", "background-size",
    "background-repeat", "visibility", *(f"border-{side}" for side in _SIDES),
    *(f"border-{side}-style" for side in _SIDES),
}
_DISPLAY = re.compile(r"none|block|inline|inline-block|list-item|table(-[a-z-]+)?|inline-table|flex|inline-flex")
# A negative measure may reach out of its box, one of five digits makes it endless.
_OUT_OF_BOX = re.compile(r"(?<![\w.])-\s*\.?\d|\d{5}")
LARGEST = 10_000


@lru_cache(2048)  # a mail says the same of each of its cells
def clean(style, stored=False):
    """Return the kept declarations of a ``style`` attribute, as ``{property: value}``; not to be changed.

    :param stored: pictures of ours may be its background
    """
    kept = {}
    for name, value in _split(style[:LARGEST]):
        name, value = name.lower(), _IMPORTANT.sub("", value.strip())
        if name in ("background", "background-image"):
            kept |= _background(name, value, stored)
        elif value and _is_kept(name, value):
            kept[name] = value
    return kept


def _split(style):
    """Yield ``(property, value)``; a semicolon in quotes or brackets ends nothing."""
    start, quote, depth = 0, "", 0
    for mark in _MARKS.finditer(style):
        sign = mark.group()
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
        elif not depth:
            yield from _NAME.findall(style[start:mark.start()])
            start = mark.end()
    yield from _NAME.findall(style[start:])


def _is_kept(name, value):
    if _NEVER.search(value) or len(value) > 300:
        return False
    lower = value.lower()
    if name in _COLOURS:
        return bool(colour(lower)) or lower in ("transparent", "inherit", "currentcolor")
    if name in _MEASURES:
        return not _OUT_OF_BOX.search(lower)
    if name == "display":
        return bool(_DISPLAY.fullmatch(lower))
    return name in _PLAIN


def _background(name, value, stored):
    kept = {}
    if name == "background" and (found := colour(_URL.sub(" ", value))):
        kept["background-color"] = found
    if picture := _URL.search(value):
        address = html_address.picture(picture.group(1).strip("\"' "), stored)
        if address and not address.startswith("data:"):
            kept["background-image"] = f"url({address})"
    return kept


def colour(value):
    """Return the first colour that a value names, or ``""``."""
    if "expression" in value.lower() or "\\" in value:
        return ""
    return next((found for found in _COLOUR.findall(value) if found.lower() not in _NO_COLOURS), "")


def write(declarations):
    return "; ".join(f"{name}: {value}" for name, value in declarations.items())


def legacy_colour(value):
    """Return what ``bgcolor`` or ``color`` of old HTML says, as CSS: ``ffffff`` means ``#ffffff``."""
    value = (value or "").strip()
    if re.fullmatch(r"#?[0-9a-fA-F]{6}|#?[0-9a-fA-F]{3}", value):
        return value if value.startswith("#") else f"#{value}"
    return value if re.fullmatch(r"[a-zA-Z]{3,20}|rgba?\([\d.,%\s/]+\)", value) else ""
