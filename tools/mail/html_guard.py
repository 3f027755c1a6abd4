"""What HTML costs to clean and show, told by one pass over its tags, without building a tree.

libxml2 and every cleaner on top of it go down one call for each level and again over each level; a mail of 3 MB that
is nothing but opening tags keeps them busy for hours. Such HTML is not given to them at all.
"""

import re

from .. import limits
from . import html_tokens

DEEPEST, LARGEST, MOST_TAGS = limits.MAIL_HTML_DEPTH, limits.MAIL_HTML, limits.MAIL_TAGS
_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)([^<>]*)>?")
# Closed by whatever follows, or never.
_FLAT = {"area", "base", "br", "col", "colgroup", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
         "option", "p", "param", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"}
# With these come levels of their own, such as body, row and cell of a table, whose tags need not be closed.
_LEVELS = {"table": 4, "ul": 2, "ol": 2, "dl": 2, "select": 2}
_STARTS_LINE = {"br", "p", "div", "tr", "li", "h1", "h2", "h3"}
_SHOWN = {"img", "svg", "video", "audio", "object", "iframe", "hr"}


def tokens(source):
    """Yield ``(tag, closes, text)`` in order: a tag's lower-case name or ``""`` for text; comments are left out."""
    position = 0
    while position < len(source):
        start = source.find("<", position)
        if start != position:
            yield "", False, source[position:start if start >= 0 else None]
            if start < 0:
                return
        if source.startswith("<!--", start):
            end = source.find("-->", start)
            if end < 0:
                return
            position = end + 3
        elif match := _TAG.match(source, start):
            yield match.group(2).lower(), bool(match.group(1)), match.group(3)
            position = match.end()
        else:
            position = start + 1
            if not source.startswith(("<!", "<?", "</"), start):
                yield "", False, "<"


def too_heavy(source):
    """Tell whether HTML is too large, too deeply nested or of too many tags to be cleaned in reasonable time."""
    if len(source) > LARGEST:
        return True
    opened, depth, count = {}, 0, 0
    for tag, closes, _text in tokens(source):
        if not tag:
            continue
        count += 1
        if count > MOST_TAGS:
            return True
        if tag in _FLAT:
            continue
        if not closes:
            opened[tag] = opened.get(tag, 0) + 1
            depth += _LEVELS.get(tag, 1)
            if depth > DEEPEST:
                return True
        elif opened.get(tag):
            opened[tag] -= 1
            depth -= _LEVELS.get(tag, 1)
    return False


def _visible(source):
    """Yield the texts and the names of the pictures that a reader sees, ``\\n`` for what starts a line."""
    for token in html_tokens.read(source):
        if not token.tag:
            yield "", token.text
        elif token.tag in _SHOWN:
            yield token.tag, ""
        elif token.tag in _STARTS_LINE:
            yield "", "\n"


def is_blank(source):
    """Tell whether HTML shows nothing: no text, no picture."""
    return not any(shown or text.strip(" \t\r\n\xa0\u200b\ufeff") for shown, text in _visible(source))


def to_text(source, length=100_000):
    """Return the text of HTML, at most ``length`` characters, lines where a reader would see them roughly."""
    out, size = [], 0
    for _shown, text in _visible(source):
        text = text if text == "\n" else re.sub(r"\s+", " ", text)
        out.append(text)
        size += len(text)
        if size > length:
            break
    text = "".join(out)[:length]
    return re.sub(r"\s+", _gap, re.sub(r"[ \t\xa0]+", " ", text)).strip()


def _gap(run):
    """Return white space with two or more ends of lines as one empty line."""
    return "\n\n" if run[0].count("\n") > 1 else run[0]
