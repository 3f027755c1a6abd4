"""Text with variables such as ``{{ticket.number}}``: a fixed list of names, nothing is ever evaluated."""

import re

from markupsafe import escape

VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def names(text):
    """Return the variable names that a text uses, in order, each once."""
    return list(dict.fromkeys(VARIABLE.findall(str(text or ""))))


def render(text, values, html=False):
    """Return ``text`` with its variables replaced; values are escaped in HTML, unknown names become empty."""
    def value(match):
        found = values.get(match.group(1)) or ""
        return str(escape(found)) if html else str(found).replace("\n", " ")
    return VARIABLE.sub(value, str(text or ""))
