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
from . import html_address, html_contrast, html_style, html_tokens

DEEPEST = 150  # levels that are kept; libxml2 drops what lies deeper than 256
MOST_TAGGED, MOST_DIVIDERS = 5000, 20  # elements among which quotes are looked for: that is quadratic

KEPT = set("""a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del
    details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p
    pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul
    var wbr""".split())
# Written as another element; all that stands in neither list is unwrapped: its words stay.
INSTEAD = {"body": "div", "html": "div", "form": "div", "fieldset": "div", "legend": "div", "dialog": "div", "hgroup": "div", "search": "div", "noframes": "div", "textarea": "pre", "xmp": "pre",
           "listing": "pre", "plaintext": "pre", "dir": "ul", "menu": "ul", "marquee": "div", "h7": "div"}
EMPTY = {"br", "hr", "img", "col", "wbr"}
LINES = {"option", "optgroup"}  # unwrapped, each on a line of its own
# Closed by the end of the mail only, whatever follows: no end tag has a blank in its name.
_OUTERMOST = "div "
# What a start tag ends, up to the nearest of the second set.
_CELLS, _ROWS, _GROUPS = {"td", "th"}, {"tr"}, {"tbody", "thead", "tfoot", "caption", "colgroup"}
_ENDS = {"li": ({"li"}, {"ul", "ol"}), "dt": ({"dt", "dd"}, {"dl"}), "dd": ({"dt", "dd"}, {"dl"}),
         "td": (_CELLS, {"table"}), "th": (_CELLS, {"table"}), "tr": (_CELLS | _ROWS, {"table"}),
         **{name: (_CELLS | _ROWS | _GROUPS, {"table"}) for name in ("tbody", "thead", "tfoot")},
         "a": ({"a"}, {"table", "td", "th"})}
_BLOCKS = set("""address article aside blockquote center details div dl figure footer h1 h2 h3 h4 h5 h6 header hr main nav ol
    p pre section table ul""".split())
# Behind these an end tag finds nothing that it could end.
_WALLS = {"table", "td", "th", "caption"}
_OF_TABLES = {"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup"}

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_UNDIRECTED = "//*[%s][not(ancestor-or-self::*[@dir])]" % " or ".join(
    f"self::{name}" for name in "p div li td th caption h1 h2 h3 h4 h5 h6 blockquote pre dt dd".split())
_DIRECTION = re.compile(r"ltr|rtl|auto")
_MEASURE = re.compile(r"\s*(\d{1,4})(?:\.\d+)?\s*(%|px)?\s*")
_NUMBER = re.compile(r"-?\d{1,5}")
_WORD = re.compile(r"[\w -]{1,40}")
_ANY = re.compile(r".{1,1000}", re.DOTALL)
_ATTRIBUTES = {
    "*": {"dir": _DIRECTION, "lang": _WORD, "title": _ANY, "align": _WORD, "valign": _WORD,
          "data-o-mail-quote": _NUMBER, "data-o-mail-quote-node": _NUMBER, "data-o-mail-quote-container": _NUMBER,
          "data-sd-part": _WORD},
    "img": {"alt": _ANY, "width": _MEASURE, "height": _MEASURE, "border": _NUMBER, "hspace": _NUMBER, "vspace": _NUMBER},
    "font": {"face": _ANY, "size": _NUMBER},
    "ol": {"start": _NUMBER, "type": _WORD, "reversed": _ANY}, "ul": {"type": _WORD},
    "li": {"value": _NUMBER, "type": _WORD},
    "table": {"width": _MEASURE, "height": _MEASURE, "border": _NUMBER, "cellpadding": _NUMBER, "cellspacing": _NUMBER,
              "rules": _WORD, "frame": _WORD},
    **{name: {"width": _MEASURE, "height": _MEASURE, "colspan": _NUMBER, "rowspan": _NUMBER, "nowrap": _WORD, "span": _NUMBER}
       for name in ("td", "th", "tr", "col", "colgroup")},
    "hr": {"width": _MEASURE, "size": _NUMBER, "noshade": _WORD}, "time": {"datetime": _WORD},
}
_RULES = {name: _ATTRIBUTES["*"] | rules for name, rules in _ATTRIBUTES.items()}
# What our editor needs to go on with a text; none of them is read anywhere but there.
_OWN_ATTRIBUTES = {"data-oe-model", "data-oe-id", "data-oe-protected", "data-oe-version", "data-oe-role",
                   "data-original-id", "data-original-src", "data-mimetype", "data-file-name", "data-attachment-id",
                   "data-quality", "data-resize-width", "contenteditable"}
# Classes that dress a text; none that takes it out of its place.
_OWN_CLASS = re.compile(
    r"o_sd_(?:signature|summary|mention|missing)|odoo_signature_wrapper|btn(?:-(?:primary|secondary|success|info|warning|"
    r"danger|link|light|dark|sm|lg|outline-\w+|fill-\w+))?|(?:table|table-(?:bordered|striped|sm|hover))|"
    r"o_table|o_checklist|o_checked|o_inline_code|o_text_columns|o_default_color|oe-nested|"
    r"(?:text|bg)-(?:o-color-\d|primary|secondary|success|info|warning|danger|muted|white|black|light|dark|start|center|end|"
    r"\d{3}|black-\d+|white-\d+)|h[1-6](?:-fs)?|display-[1-6](?:-fs)?|o_small(?:-fs|er-fs)?|base-fs|lead|small|"
    r"img-(?:fluid|thumbnail)|rounded(?:-circle|-\d)?|o_image|fa(?:-(?!stack|pull|fixed)[a-z0-9-]+)?|oi(?:-[a-z-]+)?")
_QUOTES = {"gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader", "protonmail_quote"}
_MIXED = {"gmail_quote", "gmail_extra"}
_SIGNATURES = {"gmail_signature", "odoo_signature_wrapper", "o_sd_signature"}
_DIVIDERS = ("stopSpelling", "yahoo_quoted")
_SEPARATORS = {"divRplyFwdMsg", "appendonsend", "stopSpelling"}


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
                self.end(INSTEAD.get(token.tag, token.tag), token.tag)
            else:
                self.start(token)

    def start(self, token):
        self.has_sheets = self.has_sheets or token.tag in ("style", "link")
        if token.tag == "input":
            return self.show_value(token)
        if token.tag in LINES:
            self.out.append("<br>")
        name = INSTEAD.get(token.tag, token.tag)
        if name not in KEPT:
            return None
        self.end_implied(name)
        attributes = _attributes(name, token.attributes, self)
        outermost = token.tag in ("html", "body")
        if (name not in EMPTY and len(self.stack) >= DEEPEST) or (outermost and not attributes):
            return None
        written = "".join([f' {key}="{escape(value)}"' for key, value in attributes.items()])
        self.out.append(f"<{name}{written}>")
        self.count += 1
        if name not in EMPTY:
            self.stack.append(_OUTERMOST if outermost else name)
        self.dividers += any(name in f"{attributes.get('class')} {attributes.get('id')}" for name in _DIVIDERS)
        return None

    def show_value(self, token):
        """Write what a field of a form says: it is shown, but nothing can be typed or sent."""
        if token.attributes.get("type", "text").lower() in ("text", "submit", "button", "reset", "email", "tel", "search"):
            value = token.attributes.get("value", "")
            self.words.append(value)
            self.out.append(escape(value, quote=False))

    def end_implied(self, name):
        """Close what ends where ``name`` starts, as in HTML 13.1.2.4 (optional tags)."""
        if name in _BLOCKS and "p" in self.stack[-4:]:
            self.close_to({"p"}, _WALLS | _BLOCKS - {"p"})
        ended, inside = _ENDS.get(name, ((), ()))
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
        if tag in ("html", "body") or name not in KEPT or name in EMPTY:
            return  # what follows the end of a document belongs to it
        walls = {"table"} if name in _OF_TABLES else _WALLS
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
    """Return the attributes of an element that are kept; ``class`` and ``id`` stay until quotes have been looked for."""
    if not given:
        return {}
    kept = {key: given[key] for key in ("class", "id") if key in given}
    rules = _RULES.get(name, _ATTRIBUTES["*"])
    for key, value in given.items():
        if key in rules:
            value = value.strip().lower() if key == "dir" else value
            if rules[key].fullmatch(value):
                kept[key] = value
        elif writer.own and key in _OWN_ATTRIBUTES:
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
    if own and (kept := [name for name in sorted(classes) if _OWN_CLASS.fullmatch(name)]):
        element.set("class", " ".join(kept))


def _set_directions(tree):
    """Let each block find out for itself whether it is read from the right, where the mail does not say so."""
    if not _RIGHT_TO_LEFT.search(tree.text_content()):
        return
    for element in tree.xpath(_UNDIRECTED):
        element.set("dir", "auto")


def _part(classes, ident):
    if classes & _QUOTES:
        return "quote"
    if classes & _MIXED:
        return "mixed"
    if classes & _SIGNATURES or ident == "Signature":
        return "signature"
    found = any(name in ident for name in _SEPARATORS) or "stopSpelling" in classes
    return "separator" if found else ""
