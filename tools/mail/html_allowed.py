"""What HTML may be made of that somebody wrote: elements, attributes, classes; see ``html_cleaner.py``."""

import re

KEPT = {
    "a", "abbr", "acronym", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption",
    "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li",
    "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "span",
    "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt",
    "u", "ul", "var", "wbr",
}
# Written as another element; all that stands in neither list is unwrapped: its words stay.
INSTEAD = {
    **dict.fromkeys(("body", "html", "form", "fieldset", "legend", "dialog", "hgroup", "noframes", "marquee"), "div"),
    **dict.fromkeys(("textarea", "xmp", "listing", "plaintext"), "pre"),
    **dict.fromkeys(("dir", "menu"), "ul"),
}
EMPTY = {"br", "hr", "img", "col", "wbr"}
LINES = {"option", "optgroup"}  # unwrapped, each on a line of its own
# What a start tag ends, up to the nearest of the second set.
_CELLS, _ROWS, _GROUPS = {"td", "th"}, {"tr"}, {"tbody", "thead", "tfoot", "caption", "colgroup"}
ENDS = {"li": ({"li"}, {"ul", "ol"}), "dt": ({"dt", "dd"}, {"dl"}), "dd": ({"dt", "dd"}, {"dl"}),
        "td": (_CELLS, {"table"}), "th": (_CELLS, {"table"}), "tr": (_CELLS | _ROWS, {"table"}),
        **{name: (_CELLS | _ROWS | _GROUPS, {"table"}) for name in ("tbody", "thead", "tfoot")},
        "a": ({"a"}, {"table", "td", "th"})}
BLOCKS = {
    "address", "article", "aside", "blockquote", "center", "details", "div", "dl", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}
# Behind these an end tag finds nothing that it could end.
WALLS = {"table", "td", "th", "caption"}
OF_TABLES = {"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup"}

TEXT_BLOCKS = (
    "p", "div", "li", "td", "th", "caption", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "dt", "dd")
_DIRECTION = re.compile(r"ltr|rtl|auto")
_MEASURE = re.compile(r"\s{0,20}(\d{1,4})(?:\.\d{1,9})?\s{0,20}(%|px)?\s{0,20}")
_NUMBER = re.compile(r"-?\d{1,5}")
_WORD = re.compile(r"[\w -]{1,40}")
_ANY = re.compile(r".{1,1000}", re.DOTALL)
ATTRIBUTES = {
    "*": {"dir": _DIRECTION, "lang": _WORD, "title": _ANY, "align": _WORD, "valign": _WORD,
          "data-o-mail-quote": _NUMBER, "data-o-mail-quote-node": _NUMBER, "data-o-mail-quote-container": _NUMBER,
          "data-sd-part": _WORD},
    "img": {"alt": _ANY, "width": _MEASURE, "height": _MEASURE, "border": _NUMBER, "hspace": _NUMBER,
            "vspace": _NUMBER},
    "font": {"face": _ANY, "size": _NUMBER},
    "ol": {"start": _NUMBER, "type": _WORD, "reversed": _ANY}, "ul": {"type": _WORD},
    "li": {"value": _NUMBER, "type": _WORD},
    "table": {"width": _MEASURE, "height": _MEASURE, "border": _NUMBER, "cellpadding": _NUMBER, "cellspacing": _NUMBER,
              "rules": _WORD, "frame": _WORD},
    **{name: {"width": _MEASURE, "height": _MEASURE, "colspan": _NUMBER, "rowspan": _NUMBER, "nowrap": _WORD,
              "span": _NUMBER}
       for name in ("td", "th", "tr", "col", "colgroup")},
    "hr": {"width": _MEASURE, "size": _NUMBER, "noshade": _WORD}, "time": {"datetime": _WORD},
}
RULES = {name: ATTRIBUTES["*"] | rules for name, rules in ATTRIBUTES.items()}
# What our editor needs to go on with a text; none of them is read anywhere but there.
OWN_ATTRIBUTES = {"data-oe-model", "data-oe-id", "data-oe-protected", "data-oe-version", "data-oe-role",
                  "data-original-id", "data-original-src", "data-mimetype", "data-file-name", "data-attachment-id",
                  "data-quality", "data-resize-width", "contenteditable"}
# Classes that dress a text; none that takes it out of its place.
OWN_CLASS = re.compile("|".join((
    r"o_sd_(?:signature|summary|mention|missing)", r"odoo_signature_wrapper",
    r"btn(?:-(?:primary|secondary|success|info|warning|danger|link|light|dark|sm|lg|outline-\w+|fill-\w+))?",
    r"table(?:-(?:bordered|striped|sm|hover))?",
    r"o_table|o_checklist|o_checked|o_inline_code|o_default_color|oe-nested",
    r"(?:text|bg)-(?:o-color-\d|primary|secondary|success|info|warning|danger|muted|white|black|light|dark)",
    r"text-(?:start|center|end)", r"(?:text|bg)-(?:black-|white-)?\d+",
    r"h[1-6](?:-fs)?|display-[1-6](?:-fs)?|o_small(?:-fs|er-fs)?|base-fs|lead|small",
    r"img-(?:fluid|thumbnail)|rounded(?:-circle|-\d)?", r"fa(?:-(?!stack|pull|fixed)[a-z0-9-]+)?|oi(?:-[a-z-]+)?")))
QUOTES = {"gmail_attr", "moz-cite-prefix", "yahoo_quoted", "OutlookMessageHeader", "protonmail_quote"}
MIXED = {"gmail_quote", "gmail_extra"}
SIGNATURES = {"gmail_signature", "odoo_signature_wrapper", "o_sd_signature"}
DIVIDERS = ("stopSpelling", "yahoo_quoted")
SEPARATORS = {"divRplyFwdMsg", "appendonsend", "stopSpelling"}
