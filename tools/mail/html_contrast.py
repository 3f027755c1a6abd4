"""Words that can be read: where a style sheet is left out, white may stand on white."""

import re
from functools import lru_cache

from lxml import etree

LEAST = 1.35  # contrast below which a text counts as unreadable; 1 is none (WCAG 2, 1.4.3)
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
          "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128), "silver": (192, 192, 192),
          "navy": (0, 0, 128), "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245),
          "lightgray": (211, 211, 211), "lightgrey": (211, 211, 211), "ghostwhite": (248, 248, 255)}
_DECLARED = re.compile(r"(?:^|;)\s*(color|background-color|background-image)\s*:\s*([^;]*)")
_WHITE = (255, 255, 255)


def keep_readable(tree, has_sheets):
    """Drop colours of text that nobody could read on the background that is left; only where there was a style sheet.

    What the sender hid on purpose in the text itself stays as it was sent.
    """
    if not has_sheets:
        return
    grounds = {tree: _WHITE}
    for element in tree.iter(etree.Element):
        ground = grounds.get(element.getparent(), _WHITE)
        style = dict(_DECLARED.findall(element.get("style") or ""))
        if "background-image" in style:
            ground = None
        elif "background-color" in style:
            ground = parse(style["background-color"])
        grounds[element] = ground
        ink = parse(style.get("color", "")) or parse(element.get("color") or "")
        if ground and ink and contrast(ground, ink) < LEAST:
            _drop_colour(element)


def _drop_colour(element):
    element.attrib.pop("color", None)
    kept = [part for part in (element.get("style") or "").split("; ") if not part.startswith("color:")]
    element.attrib.pop("style", None)
    if any(kept):
        element.set("style", "; ".join(kept))


@lru_cache(2048)
def parse(colour):
    """Return a colour as (red, green, blue) of 0 to 255; None for what is not known, or shines through."""
    colour = colour.strip().lower()
    if colour in _NAMED:
        return _NAMED[colour]
    if match := re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", colour):
        digits = match.group(1)
        digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
        return tuple(int(digits[at:at + 2], 16) for at in (0, 2, 4))
    if match := re.fullmatch(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)", colour):
        return tuple(min(255, int(value)) for value in match.groups())
    return None


def _luminance(colour):
    parts = [value / 255 for value in colour]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(2048)
def contrast(one, other):
    """Return the contrast of two colours, 1 to 21 (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
