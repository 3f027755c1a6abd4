"""Text of mails for lists and notices: short, plain, one line."""

import re
from html import escape

from lxml import html as lxml_html
from lxml.etree import LxmlError

BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "table", "ul", "ol"}
SILENT = {"style", "script", "head", "title", "meta"}
# Elements whose text is somebody's earlier mail; what stands *between* quoted parts is the writer's own.
QUOTE_CLASSES = {"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"}


def _own_text(node, out, quoted):
    if not isinstance(node.tag, str):
        return
    if node.tag in SILENT:
        return
    if not quoted and (node.tag == "blockquote" or node.get("data-o-mail-quote")
                       or QUOTE_CLASSES & set((node.get("class") or "").split())):
        return
    if node.tag in BLOCKS:
        out.append(" ")
    if node.text:
        out.append(node.text)
    for child in node:
        _own_text(child, out, quoted)
        if child.tail:
            out.append(child.tail)
    if node.tag in BLOCKS:
        out.append(" ")


def preview(body, length=160):
    """Return the first ``length`` characters that the writer wrote, as one line of plain text.

    Quoted history is left out; where nothing else is there, it is all that can be shown.
    """
    if not body:
        return ""
    try:
        tree = lxml_html.fromstring(str(body))
    except (LxmlError, ValueError):
        return ""
    text = ""
    for quoted in (False, True):
        out = []
        _own_text(tree, out, quoted)
        text = re.sub(r"[\s\u200b\ufeff\u00ad]+", " ", "".join(out)).strip()
        if text:
            break
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def text_to_html(text):
    """Return plain text as HTML: paragraphs, line breaks, ``>`` lines as one quote that can be folded."""
    out, quote, lines = [], [], []

    def flush():
        if lines and any(line.strip() for line in lines):
            out.append("<p>%s</p>" % "<br/>".join(escape(line) for line in lines))
        lines.clear()

    def flush_quote():
        if quote:
            inner = "<br/>".join(escape(re.sub(r"^>\s?", "", line)) for line in quote)
            out.append('<blockquote data-o-mail-quote="1">%s</blockquote>' % inner)
        quote.clear()

    for line in (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.startswith(">"):
            flush()
            quote.append(line)
            continue
        flush_quote()
        if line.strip():
            lines.append(line)
        else:
            flush()
    flush()
    flush_quote()
    return "".join(out)
