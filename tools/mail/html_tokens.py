"""HTML as a row of tags and texts, read so that no word is swallowed: not by what is unclosed, not by what is unknown.

Between two readings of the same broken mark-up the one is taken that shows more. Whoever writes the tokens out again
decides what a browser makes of them, so that no reading is dangerous. One pass, linear in the length.
"""

import html
import re
from dataclasses import dataclass, field

# What a browser does not show, and nobody wrote to be read.
SILENT = {"script", "style", "title"}
# Their content is text, not mark-up.
LITERAL = {"textarea", "xmp"}
MOST_ATTRIBUTES = 40

_OPEN = re.compile(r"<(?:(/?)([a-zA-Z][^\s/><]*)|(!--)|([!?]))")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=<][^\s/>=<]*)(?:\s*=\s*(?:(["'])|([^\s>]*)))?""")
_TAG_END = re.compile(r"[^>]*>?")
_COMMENT_END = re.compile(r"--!?>")
_NEXT_TAG = re.compile(r"<[a-zA-Z/!]")
_CLOSING = {tag: re.compile(rf"</{tag}(?=[\s/>]|$)", re.IGNORECASE) for tag in SILENT | LITERAL}
_QUOTES = {quote: re.compile(quote) for quote in "\"'"}
_START, _END, _SECTION_END = re.compile("<"), re.compile(">"), re.compile("]]>")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Token:
    """A text (``tag`` is empty), a start tag with its attributes, or an end tag (``closes``)."""

    tag: str = ""
    closes: bool = False
    text: str = ""  # entities resolved
    attributes: dict = field(default_factory=dict)  # lower-case names, entities resolved, the first of a name counts


def printable(text):
    """Return a text without what neither a database nor XML takes."""
    return _UNPRINTABLE.sub("", text)


class _Reader:
    def __init__(self, source):
        self.source = source
        self.found = {}  # end marks and where they come next: looking for them costs nothing twice

    def find(self, mark, start):
        """Return where ``mark``, a pattern, is found from ``start`` on, and ends; None where it is not."""
        found = self.found.get(mark, ())
        if found == () or (found and found[0] < start):
            match = mark.search(self.source, start)
            found = self.found[mark] = match and match.span()
        return found

    def tokens(self):
        source, position = self.source, 0
        for_text = 0  # where the text that has not been yielded begins
        while match := _OPEN.search(source, position):
            if text := source[for_text:match.start()]:
                yield Token(text=html.unescape(text))
            _closes, name, comment, _declaration = match.groups()
            if name:
                token, position = self.read_tag(match)
                yield token
                if token.tag in SILENT and not token.closes:
                    position = self.skip_silent(token.tag, position)
                elif token.tag in LITERAL and not token.closes:
                    text, position = self.read_literal(token.tag, position)
                    yield Token(text=text)
            elif comment:
                position = self.skip_comment(match.end())
            else:
                text, position = self.read_declaration(match.end())
                yield Token(text=text)
            for_text = position
        if text := source[for_text:]:
            yield Token(text=html.unescape(text))

    def read_tag(self, match):
        position, attributes = match.end(), {}
        source = self.source
        while attribute := _ATTRIBUTE.match(source, position):
            name, quote, value = attribute.groups()
            position = attribute.end()
            if quote:
                value, position = self.read_quoted(quote, position)
            if len(attributes) < MOST_ATTRIBUTES:
                attributes.setdefault(name.lower(), html.unescape(value) if value and "&" in value else value or "")
            if position < len(source) and source[position] == "<":
                break
        if position < len(source) and source[position] != "<":
            position = _TAG_END.match(source, position).end() if source[position] != ">" else position + 1
        return Token(match.group(2).lower(), bool(match.group(1)), "", attributes), position

    def read_quoted(self, quote, position):
        """Return a quoted value and where it ends; one that reaches into other tags ends with its own tag."""
        found, end = self.find(_QUOTES[quote], position), self.find(_END, position)
        following = end and self.find(_START, end[1])
        if found and not (following and following[0] < found[0]):
            return self.source[position:found[0]], found[1]
        end = end[0] if end else len(self.source)
        return self.source[position:end], end

    def skip_silent(self, tag, position):
        """Return where the content of a script or style sheet ends; unclosed it ends at the next tag."""
        closing = self.find(_CLOSING[tag], position)
        following = _NEXT_TAG.search(self.source, position)
        if closing and tag == "title" and following and following.start() < closing[0]:
            return position  # a title holds no tags: this one swallowed the mail
        if closing:
            return closing[0]
        if tag == "title":
            return position
        return following.start() if following else position

    def read_literal(self, tag, position):
        closing = self.find(_CLOSING[tag], position)
        if not closing:
            return "", position
        return html.unescape(self.source[position:closing[0]]), closing[0]

    def skip_comment(self, position):
        if self.source.startswith((">", "->"), position):
            return self.source.index(">", position) + 1
        found = self.find(_COMMENT_END, position)
        return found[1] if found else position

    def read_declaration(self, position):
        """Leave out ``<!DOCTYPE …>``, ``<?xml …>``, ``<![if …]>``; what stands in a CDATA section is text."""
        if self.source.startswith("[CDATA[", position):
            start = position + len("[CDATA[")
            found = self.find(_SECTION_END, start)
            return (self.source[start:found[0]], found[1]) if found else ("", start)
        found = self.find(_END, position)
        return "", found[1] if found else position


def read(source):
    """Yield the :class:`Token` of HTML in order; what is not shown (comments, style sheets, scripts) yields nothing."""
    return _Reader(printable(source)).tokens()
