"""Checks where views, menus and jobs of ours stand. Needs the virtual environment.

Inheritance is for views of other modules: one of our own is written out in one place. All menus of an add-on stand in
one file and all jobs in another. `python -m dev.check_views` prints one line per finding, `file:line: text`, and exits
with 1 when there are any.
"""
import re
import sys
from pathlib import Path

from lxml import etree

from .check_strings import Findings, owner
from .linting import sources
from .settings import ROOT

ELSEWHERE = {"dev", "docs", "static", "tests"}  # folders whose XML Odoo does not load as data


def main():
    findings, places = Findings(), {}
    for file in sources(".xml"):
        if not ELSEWHERE & set(Path(file).parts):
            _check_file(file, findings, places)
    print("\n".join(findings.lines))
    return int(bool(findings.lines))


def _check_file(file, findings, places):
    """`places`: {(add-on, "menus" or "jobs"): the file in which the first of them stood}."""
    module = owner(file)
    for node in etree.parse(str(ROOT / file)).getroot().iter("record", "template", "menuitem"):
        parent = _inherited(node)
        if parent and parent.rpartition(".")[0] in ("", module):
            findings.add(file, node.sourceline, f"{node.get('id')} inherits our own {parent}: write that one out")
        kind = _kind(node)
        first = kind and places.setdefault((module, kind), file)
        if first and first != file:
            findings.add(file, node.sourceline, f"{node.get('id')}: all {kind} stand in {first}")


def _inherited(node):
    """External id of the view that a <template> or the <record> of a view inherits; None for any other node."""
    if node.tag == "template":
        return node.get("inherit_id")
    field = node.find("field[@name='inherit_id']") if node.get("model") == "ir.ui.view" else None
    if field is None:
        return None
    found = re.search(r"ref\(['\"]([\w.]+)", field.get("eval", ""))
    return field.get("ref") or (found and found[1])


def _kind(node):
    if node.tag == "menuitem" or node.get("model") == "ir.ui.menu":
        return "menus"
    return "jobs" if node.get("model") == "ir.cron" else None


if __name__ == "__main__":
    sys.exit(main())
