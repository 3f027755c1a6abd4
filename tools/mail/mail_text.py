"""Text of mails for lists and notices: short, plain, one line."""

import re
from html import escape

from lxml import html as lxml_html
from lxml.etree import LxmlError

BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "table", "ul", "ol"}
SILENT = {"style", "script", "head", "title", "meta"}
# Elements whose text is somebody's earlier mail; what stands *between* quoted parts is the writer's own.
QUOTE_CLASSES = {"gmail_quote", "gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader"}


def parse(body):
    """Return the tree of a piece of HTML, all inside one ``div``; None where nothing can be made of it."""
    try:
        return lxml_html.fragment_fromstring(str(body), create_parent="div")
    except (LxmlError, ValueError):
        return None


def _own_text(node, out, quoted):
    if not isinstance(node.tag, str):
        return
    if node.tag in SILENT:
        return
    if not quoted and (node.tag == "blockquote" or node.get("data-o-mail-quote") or node.get("data-sd-part") == "quote"
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


def html_to_text(body):
    """Return what :func:`text_to_html` made of a text as that text again, to go on writing."""
    if not body:
        return ""
    tree = parse(body)
    if tree is None:
        return ""
    for line_break in tree.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    blocks = [tree.text or ""]
    for block in tree:
        text = block.text_content()
        blocks.append("\n".join(f"> {line}" for line in text.split("\n")) if block.tag == "blockquote" else text)
        blocks.append((block.tail or "").strip())
    return "\n\n".join(filter(None, blocks))


def without_signature(body):
    """Return HTML without the signature that we put below an answer."""
    if not body:
        return ""
    tree = parse(body)
    if tree is None:
        return str(body)
    for node in tree.xpath("//*[contains(concat(' ', @class, ' '), ' o_sd_signature ') or @data-sd-part='signature']"):
        node.drop_tree()
    return escape(tree.text or "") + "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)


def stored_images(body):
    """Return the attachment ids of the pictures that a text shows from the database."""
    return [int(found) for found in re.findall(r'src="/web/image/(\d+)', str(body or ""))]
