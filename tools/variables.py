"""Text with variables such as ``{{ticket.number}}``: a fixed list of names, nothing is ever evaluated."""

import re
from html import unescape

from markupsafe import Markup, escape

VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")  # spaces around the name are no part of it
MARK = re.compile(r"\[\[([^\[\]<>]{1,80})\]\]")
MARKED_SPAN = re.compile(r"<span(?=[^<>]*\bo_sd_missing\b)[^<>]*>\s*\[\[([^\[\]<>]{1,80})\]\]")


def names(text):
    """Return the variable names that a text uses, in order, each once."""
    return list(dict.fromkeys(name.strip() for name in VARIABLE.findall(str(text or ""))))


def render(text, values, html=False, empty=None):
    """Return ``text`` with its variables replaced; values are escaped in HTML, unknown names become empty.

    :param empty: called with the name of a variable in the text that has no value, gives what stands in its place;
        inside of a tag nothing does
    """
    text = str(text or "")
    seen, inside = 0, False  # how far the text has been looked through, and whether that is inside of a tag

    def value(match):
        nonlocal seen, inside
        opened, closed = text.rfind("<", seen, match.start()), text.rfind(">", seen, match.start())
        seen, inside = match.start(), opened > closed if opened != closed else inside
        name = match.group(1).strip()
        found = values.get(name) or ""
        if not found and empty and not inside:
            found = empty(name)
        if html:
            return str(escape(found))
        plain = found.striptags() if isinstance(found, Markup) else str(found)
        return plain.replace("\n", " ")
    return VARIABLE.sub(value, text)


def marked(text):
    """Return what stands in double square brackets, in order, each once: ``See [[client]]`` → ``['client']``."""
    return list(dict.fromkeys(unescape(found) for found in MARK.findall(str(text or ""))))


def marked_spans(body):
    """Return those marks of an HTML text that have been set by a template."""
    return [unescape(found) for found in MARKED_SPAN.findall(str(body or ""))]


def neutralise(text):
    """Return a text in which nothing is a variable any more: its braces stand apart."""
    return re.sub(r"\{(?=\{)", "{ ", re.sub(r"\}(?=\})", "} ", str(text or "")))
