"""Cleaned HTML on paper: what is wider than the page is made smaller, for nobody can scroll there."""

import re
from html import escape

from lxml import etree
from lxml import html as lxml_html
from markupsafe import Markup

from . import mail_text

PAGE = 640  # px (96 to the inch) that a message has on A4, inside of its frame
HALF = 0.5  # of the size; what asks for more room than that gives gets what its words need instead
SMALLEST = 0.2  # below that nobody could read it, and the words of its cells are broken instead
_LETTER, _PADDING = 8, 12  # px of a letter of 16 px, and of a cell, about
_PIXELS = re.compile(r"\s{0,20}(\d{1,4})(?:\.\d{1,9})?\s{0,20}(px)?\s{0,20}$")
_STYLED = re.compile(r"(?:^|;)\s*(?:min-)?width\s*:\s*(\d{1,4})(?:\.\d+)?(px|pt)\s*(?:;|$)")


def fit(body, page=PAGE):
    """Return HTML in which each table that needs more than ``page`` px is scaled down to it."""
    tree = mail_text.parse(body) if body else None
    if tree is None:
        return Markup(body or "")
    for table in [table for table in tree.iter("table") if next(table.iterancestors("table"), None) is None]:
        factor = page / max(_need(table), 1)
        if factor < HALF:
            _forget_widths(table)
            factor = page / max(_need(table), 1)
        if factor < 1:
            _scale(table, factor)
    children = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    return Markup(escape(tree.text or "") + children)


def _need(outer):
    """Return the least width of a table in px: what it or an inner one asks for, or what its widest row needs."""
    needs = {}
    # Inner tables come before those around them, so that each cell is looked at once.
    for table in reversed(list(outer.iter("table"))):
        rows = [row for row in table.iterdescendants("tr") if next(row.iterancestors("table")) is table]
        widest = max((sum(_need_of_cell(cell, needs) for cell in row.iterchildren("td", "th")) for row in rows),
                     default=0)
        needs[table] = max(_asked(table), widest)
    return needs[outer]


def _need_of_cell(cell, needs):
    inner = [needs[table] for table in cell.iterdescendants("table")]
    text = cell.text_content() if not inner else ""
    whole = cell.get("nowrap") is not None or "nowrap" in (cell.get("style") or "")
    letters = len(" ".join(text.split())) if whole else max(map(len, text.split()), default=0)
    pictures = [_asked(image) for image in cell.iterdescendants("img")] if not inner else []
    return max([_asked(cell), letters * _LETTER + _PADDING, *inner, *pictures])


def _forget_widths(table):
    for element in table.iter("table", "td", "th", "col"):
        element.attrib.pop("width", None)
        if style := element.get("style"):
            element.set("style", _STYLED.sub(";", style))


def _asked(element):
    """Return the width in px that an element asks for; 0 for none, or one in per cent."""
    if styled := _STYLED.search(element.get("style") or ""):
        return int(styled.group(1)) * (4 / 3 if styled.group(2) == "pt" else 1)
    found = _PIXELS.match(element.get("width") or "")
    return int(found.group(1)) if found else 0


def _scale(table, factor):
    if factor < SMALLEST:
        table.set("style", f"{table.get('style') or ''}; table-layout: fixed; width: {int(PAGE / SMALLEST)}px; "
                           "word-wrap: break-word; word-break: break-all".lstrip("; "))
        table.attrib.pop("width", None)
        factor = SMALLEST
    box = etree.Element("div", style=f"zoom: {factor:.3f}")
    box.tail, table.tail = table.tail, None
    table.getparent().replace(table, box)
    box.append(table)
