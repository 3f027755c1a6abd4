"""Which file of a mail its HTML shows where (RFC 2392 ``cid:``, RFC 2557 ``Content-Location``), as programs write it.

References are rewritten to one form, ``cid:inline-0001.``, so that nobody behind has to know the ways in which
programs differ: in case, percent signs, a missing scheme, one Content-Id for two files.
"""

import html
import re
from itertools import islice
from urllib.parse import unquote

MOST = 2_000  # references that are looked at
_REFERENCE = re.compile(
    r"""(\b(?:src|background|poster|data|xlink:href)\s{0,20}=\s{0,20})("[^"<>]{1,2000}"|'[^'<>]{1,2000}'|[^\s"'<>]{1,2000})"""
    r"""|(\burl\(\s{0,20}["']?)([^"'()<>\s]{1,2000})""", re.IGNORECASE)


def point(text, files):
    """Return HTML whose references to ``files`` are in the one form; these files get their ``cid`` anew.

    A file that nothing refers to keeps none: it is a file like any other.

    :param files: files of one mail, with ``cid`` and ``location`` as their heads say
    """
    by_name = {}
    for file in files:
        for name in filter(None, (_bare(file.cid), file.location.strip())):
            by_name.setdefault(name, file)
    names = {}

    def canonical(value):
        file = by_name.get(_bare(value)) or by_name.get(value)
        if not file:
            return None
        return names.setdefault(id(file), f"inline-{len(names) + 1:04}.")

    def replace(match):
        start, quoted, css, address = match.groups()
        value = html.unescape((quoted or address).strip("\"'")).strip()
        name = canonical(value) if next(budget, None) is not None else None
        if not name:
            return match.group()
        return f'{start}"cid:{name}"' if quoted else f"{css}cid:{name}"

    budget = islice(iter(int, 1), MOST)
    text = _REFERENCE.sub(replace, text) if by_name else text
    for file in files:
        file.cid, file.location = names.get(id(file), ""), ""
    return text


def _bare(value):
    """Return a Content-Id as it is compared: without scheme and brackets, decoded, in lower case."""
    value = re.sub(r"^\s*cid:", "", value, flags=re.IGNORECASE)
    return unquote(value).strip().strip("<>").strip().lower()
