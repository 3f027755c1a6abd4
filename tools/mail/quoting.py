"""Somebody's words inside another text: forwarded, or on paper. Nothing in them is fetched from strangers' servers."""

import re
from html import escape

from lxml import html as lxml_html
from markupsafe import Markup

from . import mail_text

_SOURCES = ("src", "srcset", "background", "poster", "data", "lowsrc", "dynsrc")
_STYLE_URL = re.compile(r"url\s*\(|image-set\s*\(|@import", re.IGNORECASE)
_STYLE_ESCAPE = re.compile(r"\\[0-9a-fA-F]")
_FETCHING = {"iframe", "frame", "object", "embed", "link", "style", "script", "video", "audio", "source", "base",
             "meta", "input", "form", "svg", "math"}


def strip_remote(body, picture, plain=False):
    """Return HTML that fetches nothing: its own pictures by ``picture(attachment id)``, all others are left out.

    :param picture: gives the new address (``/web/image/7``, ``data:image/png;base64,…``), or None to leave it out
    :param plain: without class names and ids, which would meet styles and scripts of the page around it
    """
    if not body:
        return Markup()
    tree = mail_text.parse(body)
    if tree is None:
        return Markup(escape(str(body)))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _FETCHING:
            if element.getparent() is not None:
                element.drop_tree()
            continue
        if plain:
            element.attrib.pop("class", None)
            element.attrib.pop("id", None)
        stored = re.match(r"/web/(?:image|content)/(\d+)", element.get("src") or "") if element.tag == "img" else None
        own = picture(int(stored.group(1))) if stored else None
        for name in _SOURCES:
            element.attrib.pop(name, None)
        if own:
            element.set("src", own)
        elif element.tag == "img":
            element.drop_tree()
            continue
        style = element.get("style") or ""
        if _STYLE_ESCAPE.search(style) or "/*" in style:
            element.attrib.pop("style")  # escapes and comments hide what the next line looks for
        elif _STYLE_URL.search(style):
            element.set("style", ";".join(part for part in style.split(";") if not _STYLE_URL.search(part)))
    children = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    return Markup(escape(tree.text or "") + children)


def quote(title, headers, body):
    """Return a text as it is quoted below one's own: a line, its headers, the text itself.

    :param headers: list of ``(label, value)``; empty values are left out
    :param Markup body: what :func:`strip_remote` returned
    """
    lines = Markup("<br/>").join(
        Markup("<b>{}:</b> {}").format(label, value) for label, value in headers if value)
    return Markup("<p>---------- {} ----------<br/>{}</p>{}").format(title, lines, Markup(body))


def summary(headers, body, length=500):
    """Return who said what, when, in a few lines: the heads in one, then the first words."""
    head = Markup(" · ").join(Markup("<b>{}</b>").format(value) for value in headers if value)
    return Markup('<blockquote class="o_sd_summary"><p>{}</p><p>{}</p></blockquote><p><br/></p>').format(
        head, mail_text.preview(body, length))
