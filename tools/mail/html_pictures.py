"""The pictures of cleaned HTML: where they come from, and which are shown."""

import re
from html import escape

from lxml import html as lxml_html
from markupsafe import Markup

from . import html_address, mail_text

_STORED = re.compile(r"/web/(?:image|content)/(\d+)")
# Whatever else would be fetched; cleaned HTML has none of them.
_FETCHED = ("srcset", "background", "poster", "data", "lowsrc", "dynsrc")
_STYLED = re.compile(r"\s{0,20}background-image\s{0,20}:[^;]{0,3000};?", re.IGNORECASE)


def rewrite(body, local_url, keep_remote=False, drop=False, new_tab=False):
    """Return HTML whose stored pictures point at ``local_url(attachment id)``, or are left out where that is None.

    Remote pictures lose their source unless ``keep_remote``: they tell their sender that, when and where they were
    looked at. Their address stays readable as title; with ``drop`` nothing of them stays. With ``new_tab`` links leave
    the page alone on which they stand.
    """
    if not body:
        return Markup()
    tree = mail_text.parse(body)
    if tree is None:
        return Markup(escape(str(body)))
    for element in tree.xpath("//*[@style]"):
        if not keep_remote and (style := element.get("style")) != (kept := _STYLED.sub("", style)):
            element.set("style", kept)
    for name in _FETCHED:
        for element in tree.xpath(f"//*[@{name}]"):
            del element.attrib[name]
    for image in list(tree.iter("img")):
        _rewrite_image(image, local_url, keep_remote, drop)
    for link in tree.xpath("//a[@href]") if new_tab else ():
        link.set("target", "_blank")
        link.set("rel", "noopener noreferrer")
    children = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    return Markup(escape(tree.text or "") + children)


def _rewrite_image(image, local_url, keep_remote, drop):
    kind, address = html_address.canonical(image.get("src"))
    if kind == "stored":
        address = local_url(int(_STORED.match(address).group(1)))
    elif not (keep_remote and kind in ("remote", "cid")) and (kind != "data" or drop):
        if kind == "remote":
            image.set("title", address)
        address = None
    if address:
        image.set("src", address)
    elif drop:
        image.drop_tree()
    else:
        image.attrib.pop("src", None)
