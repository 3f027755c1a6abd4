"""What a colleague wrote above a notice of ours when answering it from a mail program.

The notice quotes what is internal, so that nothing of it may travel on with the answer: the own words are cut out
before the quoted notice, and where that cannot be done for sure there is no answer, only a mail for colleagues.
"""

import re
from html import escape

from lxml import html as lxml_html
from markupsafe import Markup

from . import mail_text

# Stands at the top of every notice that can be answered; plain ASCII, so that no mail program changes it.
MARKER = "##- 8< -##"
ANSWER_DAYS = 14
# In every notice; where it is left without the marker, the rest of the notice may be, too.
_LINK = "/odoo/servicedesk.ticket/"
# Containers of a whole quoted mail, as mail programs make them.
_QUOTE_XPATH = (
    "ancestor-or-self::blockquote | ancestor-or-self::*[@data-sd-part='quote' or @data-sd-part='mixed'"
    " or @data-o-mail-quote]")
# What stands before a quoted mail and says whose it is.
_ATTRIBUTION_XPATH = (
    "//*[@data-sd-part='quote' or @data-sd-part='separator']")
_ATTRIBUTION = re.compile(r"(^|\n)[^\n]{0,300}([\w.+-]+@[\w.-]+|\d{4})[^\n]{0,300}:\s*$")
_HEADER_BLOCK = re.compile(r"\n-*\s{0,20}(from|od|von|odesílatel|odosielateľ)\s{0,20}:.*$",
                           re.IGNORECASE | re.DOTALL)


def own_words(html, text=""):
    """Return the HTML of what was written above the quoted notice, or None where it cannot be told apart.

    :param str html: the mail's HTML, already cleaned (``html_cleaner``), or ``""``
    :param str text: its plain text, used where there is no HTML
    """
    if not html:
        return _own_text(text)
    tree = mail_text.parse(html)
    if tree is None:
        return None
    marked = [node for node in tree.iter() if isinstance(node.tag, str) and MARKER in (node.text or "")
              or MARKER in (node.tail or "")]
    if not marked:
        # The notice was deleted; what else is quoted could still be ours.
        quotes = tree.xpath("//blockquote | //*[@data-sd-part='mixed'] | " + _ATTRIBUTION_XPATH)
        return None if quotes or _LINK in str(html) else _serialize(tree)
    quotes = marked[0].xpath(_QUOTE_XPATH)
    cut = quotes[0] if quotes else marked[0]
    if quotes and not _is_empty_after(quotes[0]):
        return None  # written below or between: a person has to look at it
    _drop_from(tree, cut)
    if attribution := tree.xpath(_ATTRIBUTION_XPATH):
        _drop_from(tree, attribution[0])
    _drop_last_attribution(tree)
    if MARKER in lxml_html.tostring(tree, encoding="unicode"):
        return None
    return _serialize(tree)


def _own_text(text):
    text = (text or "").replace("\r\n", "\n")
    before, found, after = text.partition(MARKER)
    lines = before.split("\n")
    quoted = found and lines.pop().startswith(">")
    while lines and (lines[-1].startswith(">") or not lines[-1].strip()):
        lines.pop()
    if any(line.startswith(">") for line in lines):
        return None  # written between the quoted lines, or another quote: a person has to look at it
    if quoted and any(line.strip() and not line.startswith(">") for line in after.split("\n")[1:]):
        return None
    own = "\n".join(lines)
    if not found and _LINK in text:
        return None  # as above: the notice is there, its first line was deleted
    return _as_html(_HEADER_BLOCK.sub("", _ATTRIBUTION.sub("", "\n" + own)) if found else own)


def _as_html(text):
    text = (text or "").strip()
    return Markup(mail_text.text_to_html(text)) if text else None


def _is_empty_after(node):
    """Tell whether nothing is written after ``node``, at any level."""
    while node is not None:
        if (node.tail or "").strip():
            return False
        if any(sibling.text_content().strip() for sibling in node.itersiblings() if isinstance(sibling.tag, str)):
            return False
        node = node.getparent()
    return True


def _drop_from(tree, node):
    """Remove ``node`` and everything that follows it in the document."""
    current = node
    while current is not tree:
        parent = current.getparent()
        for sibling in list(current.itersiblings()):
            parent.remove(sibling)
        current.tail = None
        current = parent
    node.getparent().remove(node)


def _drop_last_attribution(tree):
    """Remove a last line like “On 4 May 2026, Service Desk <support@…> wrote:” that is in no container of its own."""
    for node in reversed([node for node in tree.iter() if isinstance(node.tag, str)]):
        text = node.text_content().strip()
        if not text:
            continue
        if _ATTRIBUTION.search("\n" + text) and len(text) < 300 and node is not tree:
            node.getparent().remove(node)
        break


def _serialize(tree):
    if not tree.text_content().strip() and not tree.xpath("//img"):
        return None
    children = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    return Markup(escape(tree.text or "") + children)  # sanitized before it came here; the item's field does it again
