"""The one cleaner of HTML that somebody wrote: what is kept is on a list, words are always kept.

Of foreign HTML no class, id or name is left, for they would meet styles and scripts of the page around it; what they
say about whose words these are (a quote, a signature) is kept as ``data-sd-part``. Own HTML, out of our editor, keeps
the classes that only dress a text. What comes out is written by us tag by tag, so that every parser reads it alike.
"""

import re
from collections import Counter
from dataclasses import dataclass
from html import escape

from lxml import etree
from lxml import html as lxml_html
from markupsafe import Markup

from odoo.tools.mail import tag_quote

from .. import variables
from . import html_address, html_allowed, html_contrast, html_style, html_tokens

DEEPEST = 150  # levels that are kept; libxml2 drops what lies deeper than 256
MOST_TAGGED, MOST_DIVIDERS = 5000, 20  # elements among which quotes are looked for: that is quadratic
# Closed by the end of the mail only, whatever follows: no end tag has a blank in its name.
_OUTERMOST = "div "
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNDIRECTED = "//*[%s][not(ancestor-or-self::*[@dir])]" % " or ".join(
    f"self::{name}" for name in html_allowed.TEXT_BLOCKS)


class Clean(Markup):
    """HTML that has been cleaned: fields take it as it is. What is made out of it afterwards is not clean any more."""

    is_clean = False

    @classmethod
    def of(cls, html):
        """Return HTML that needs no further cleaning: the caller made it out of nothing but what is clean."""
        clean_html = cls(html)
        clean_html.is_clean = True
        return clean_html


@dataclass
class Result:
    """What cleaning made of HTML, and whether words of it are missing there."""

    html: Clean
    left_out: bool = False


def clean(source, own=False, stored=False):
    """Return HTML cleaned.

    :param own: written in our editor: classes that dress a text stay, pictures of ours may be shown
    :param stored: written by strangers, but pictures of theirs have been stored and are shown from there
    """
    return examine(source, own, stored).html


def examine(source, own=False, stored=False):
    """Return the :class:`Result` of cleaning HTML; see :func:`clean`."""
    if getattr(source, "is_clean", False):
        return Result(source)
    writer = _Writer(own, own or stored)
    writer.take(html_tokens.read(str(source or "")))
    tree = _parse(writer.html)
    if tree is None:
        return Result(Clean.of(escape(" ".join(writer.words))), left_out=True)
    if writer.count <= MOST_TAGGED and writer.dividers <= MOST_DIVIDERS:
        for element in tree.iter(etree.Element):
            tag_quote(element)
    for element in tree.xpath("//*[@class or @id]"):
        _settle(element, own)
    html_contrast.keep_readable(tree, writer.has_sheets)
    _set_directions(tree)
    result = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    html = Clean.of(escape(tree.text or "", quote=False) + result)
    return Result(html, _lacks(writer.words, tree))


def _parse(source):
    """Return the tree of what was written, below one ``div``."""
    try:
        return lxml_html.fragment_fromstring(source, create_parent="div")
    except (etree.LxmlError, ValueError):
        return None


def _lacks(words, tree):
    """Tell whether words of the source are missing in the result."""
    shown = tree.text_content()
    if "".join("".join(words).split()) == "".join(shown.split()):
        return False
    count = Counter(re.findall(r"\w+", " ".join(words)))
    return bool(count - Counter(re.findall(r"\w+", shown))) and bool(
        set(re.findall(r"\w+", " ".join(words))) - set(re.findall(r"\w+", shown)))


class _Writer:
    """Writes tokens out again: what is on the lists, each element closed where it ends."""

    def __init__(self, own, stored):
        self.own, self.stored, self.out, self.words, self.stack = own, stored, [], [], []
        self.has_sheets, self.count, self.dividers = False, 0, 0

    @property
    def html(self):
        return "".join([*self.out, *(f"</{name}>" for name in reversed(self.stack))])

    def take(self, tokens):
        for token in tokens:
            if not token.tag:
                self.words.append(token.text)
                self.out.append(escape(token.text, quote=False))
            elif token.closes:
                self.end(html_allowed.INSTEAD.get(token.tag, token.tag), token.tag)
            else:
                self.start(token)

    def start(self, token):
        self.has_sheets = self.has_sheets or token.tag in ("style", "link")
        if token.tag == "input":
            return self.show_value(token)
        if token.tag in html_allowed.LINES:
            self.out.append("<br>")
        name = html_allowed.INSTEAD.get(token.tag, token.tag)
        if name not in html_allowed.KEPT:
            return None
        self.end_implied(name)
        attributes = _attributes(name, token.attributes, self)
        outermost = token.tag in ("html", "body")
        if (name not in html_allowed.EMPTY and len(self.stack) >= DEEPEST) or (outermost and not attributes):
            return None
        written = "".join([f' {key}="{escape(value)}"' for key, value in attributes.items()])
        self.out.append(f"<{name}{written}>")
        self.count += 1
        if name not in html_allowed.EMPTY:
            self.stack.append(_OUTERMOST if outermost else name)
        marks = f"{attributes.get('class')} {attributes.get('id')}"
        self.dividers += any(name in marks for name in html_allowed.DIVIDERS)
        return None

    def show_value(self, token):
        """Write what a field of a form says: it is shown, but nothing can be typed or sent."""
        if token.attributes.get("type", "text").lower() in ("text", "submit", "button", "reset", "email", "tel"):
            value = token.attributes.get("value", "")
            self.words.append(value)
            self.out.append(escape(value, quote=False))

    def end_implied(self, name):
        """Close what ends where ``name`` starts, as in HTML 13.1.2.4 (optional tags)."""
        if name in html_allowed.BLOCKS and "p" in self.stack[-4:]:
            self.close_to({"p"}, html_allowed.WALLS | html_allowed.BLOCKS - {"p"})
        ended, inside = html_allowed.ENDS.get(name, ((), ()))
        if ended:
            self.close_to(ended, inside)

    def close_to(self, names, inside):
        """Close the outermost of ``names`` that is open inside the nearest of ``inside``."""
        depth = None
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] in inside:
                break
            if self.stack[index] in names:
                depth = index
        if depth is not None:
            self.close(depth)

    def end(self, name, tag):
        if tag in ("html", "body") or name not in html_allowed.KEPT or name in html_allowed.EMPTY:
            return  # what follows the end of a document belongs to it
        walls = {"table"} if name in html_allowed.OF_TABLES else html_allowed.WALLS
        for index in range(len(self.stack) - 1, -1, -1):
            if self.stack[index] == name:
                return self.close(index)
            if self.stack[index] in walls:
                return
        return

    def close(self, depth):
        self.out += [f"</{name}>" for name in reversed(self.stack[depth:])]
        del self.stack[depth:]


def _attributes(name, given, writer):
    """Return the attributes of an element that are kept; ``class`` and ``id`` until quotes have been looked for."""
    if not given:
        return {}
    kept = {key: given[key] for key in ("class", "id") if key in given}
    rules = html_allowed.RULES.get(name, html_allowed.ATTRIBUTES["*"])
    for key, value in given.items():
        if key in rules:
            value = value.strip().lower() if key == "dir" else value
            if rules[key].fullmatch(value):
                kept[key] = value
        elif writer.own and key in html_allowed.OWN_ATTRIBUTES:
            kept[key] = value
    if name == "a" and (address := _link(given.get("href", ""), writer)):
        kept["href"] = address
    if name == "img" and (address := _picture(given, writer.stored)):
        kept["src"] = address
    if name == "details" and "open" in given:
        kept["open"] = "open"
    if style := html_style.write(_style(name, given, writer.stored)):
        kept["style"] = style
    return kept


def _link(address, writer):
    """Return where a link leads; in a text of ours variables may stand in it, what they become is cleaned again."""
    if writer.own and variables.VARIABLE.search(address):
        filled = variables.VARIABLE.sub("x", address)
        return address if address.startswith("{{") or html_address.link(filled) else ""
    return html_address.link(address, writer.stored)


def _picture(given, stored):
    """Return the address of an image; one that has only a list of sizes shows its first."""
    return html_address.picture(given.get("src"), stored) or html_address.picture(
        html_address.first_candidate(given.get("srcset")), stored)


def _style(name, given, stored):
    """Return the style of an element, with what attributes of old HTML say of its colours."""
    legacy = {}
    if colour := html_style.legacy_colour(given.get("bgcolor")):
        legacy["background-color"] = colour
    if colour := html_style.legacy_colour(given.get("text" if name == "div" else "color")):
        legacy["color"] = colour
    if address := html_address.picture(given.get("background"), stored):
        legacy["background-image"] = f"url({address})"
    return legacy | html_style.clean(given["style"], stored) if given.get("style") else legacy


def _settle(element, own):
    """Turn what classes and ids say into marks of ours, and drop them."""
    classes = set((element.attrib.pop("class", None) or "").split())
    ident = element.attrib.pop("id", None) or ""
    if part := _part(classes, ident):
        element.set("data-sd-part", part)
    if own and (kept := [name for name in sorted(classes) if html_allowed.OWN_CLASS.fullmatch(name)]):
        element.set("class", " ".join(kept))


def _set_directions(tree):
    """Let each block find out for itself whether it is read from the right, where the mail does not say so."""
    if not _RIGHT_TO_LEFT.search(tree.text_content()):
        return
    for element in tree.xpath(_UNDIRECTED):
        element.set("dir", "auto")


def _part(classes, ident):
    if classes & html_allowed.QUOTES:
        return "quote"
    if classes & html_allowed.MIXED:
        return "mixed"
    if classes & html_allowed.SIGNATURES or ident == "Signature":
        return "signature"
    found = any(name in ident for name in html_allowed.SEPARATORS) or "stopSpelling" in classes
    return "separator" if found else ""
