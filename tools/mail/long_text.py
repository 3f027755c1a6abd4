"""Long texts in parts: what is behind the first letters is folded away, and laid out when somebody opens it."""
from html import escape

from lxml import html as lxml_html
from markupsafe import Markup

from .. import limits
from . import mail_text

ELEMENT = 20  # letters that an element counts as: a text of nothing but line breaks takes time, too


def fold_rest(body, label, first=limits.SHOWN_LETTERS, part=limits.SHOWN_PART):
    """Return HTML whose rest is inside of ``details``, in parts that one opens one after the other.

    :param label: gives the words to click at for so many letters
    """
    if len(body or "") <= first:
        return Markup(body or "")
    tree = mail_text.parse(body)
    if tree is None:
        return Markup(escape(str(body)[:first])) + _details(label, Markup(escape(str(body)[first:])), len(body) - first)
    parts = [tree]
    while (rest := _take(parts[-1], first if len(parts) == 1 else part)[0]) is not None:
        parts.append(rest)
    folded = Markup()
    left = 0
    for one in reversed(parts[1:]):
        left += len(one.text_content())
        folded = _details(label, _inner(one) + folded, left)
    return _inner(tree) + folded


def _details(label, content, letters):
    return Markup('<details class="o_sd_rest"><summary>{}</summary>{}</details>').format(label(letters), content)


def _inner(tree):
    children = "".join(lxml_html.tostring(child, encoding="unicode") for child in tree)
    return Markup(escape(tree.text or "") + children)


def _take(element, left):
    """Leave so many letters in an element; return the rest in an element of its kind (or None), and what is left over."""
    if not isinstance(element.tag, str):
        return None, left  # a comment
    text = element.text or ""
    if len(text) > left:
        rest = _like(element)
        element.text, rest.text = text[:left], text[left:]
        rest.extend(list(element))
        return rest, 0
    left -= len(text)
    children = list(element)
    for index, child in enumerate(children):
        if left <= 0:
            return _move(element, children[index:]), 0
        tail = child.tail or ""
        # What lies deep costs no more than what lies flat, so that each part holds something.
        below, left = _take(child, left)
        if below is not None:
            below.tail, child.tail = tail, None
            return _move(element, [below, *children[index + 1:]]), 0
        left = max(left - ELEMENT, 0)
        if len(tail) > left:
            child.tail = tail[:left]
            rest = _move(element, children[index + 1:])
            rest.text = tail[left:]
            return rest, 0
        left -= len(tail)
    return None, left


def _move(element, children):
    rest = _like(element)
    rest.extend(children)
    return rest


def _like(element):
    return element.makeelement(element.tag, dict(element.attrib))
