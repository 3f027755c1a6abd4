"""Checks that no linter makes: external ids, translations. Needs the virtual environment.

`python -m dev.check_strings` prints one line per finding, `file:line: text`, and exits with 1 when there are any.
"""
import csv
import re
import sys
from collections import Counter
from pathlib import Path

import polib
from lxml import etree

from .linting import sources
from .settings import NAME, ROOT

GENERATED = ("field_", "selection__", "constraint_", "module_")  # external ids that Odoo makes by itself
DEFINING = {"record", "template", "menuitem", "report", "act_window"}
# Attributes that people read or hear.
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-tooltip", "string")
PLAIN = {"ref", "inherit_id", "parent", "action", "t-call", "t-inherit"}  # attributes that are one external id
PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif](?![a-z])|\{\w*\}")


class Findings:
    def __init__(self):
        self.lines = []

    def add(self, file, line, text):
        self.lines.append(f"{file}:{line}: {text}")


class Module:
    """External ids and templates of one of our add-ons, as its files define and use them."""

    def __init__(self, name):
        self.name = name
        self.defined, self.used = [], []  # (external id with module, file, line)
        self.models = set()

    def qualified(self, xmlid):
        return xmlid if "." in xmlid else f"{self.name}.{xmlid}"

    def define(self, xmlid, file, line):
        self.defined.append((self.qualified(xmlid), file, line))

    def use(self, xmlid, file, line):
        self.used.append((self.qualified(xmlid), file, line))


def owner(file):
    """Technical name of the add-on that a file of the checkout belongs to."""
    parts = Path(file).parts
    return parts[1] if parts[0] == "bridges" and len(parts) > 2 else NAME


def read_xml(file, module, findings):
    try:
        root = etree.parse(str(ROOT / file)).getroot()
    except etree.XMLSyntaxError as error:
        findings.add(file, error.lineno or 1, f"is no XML: {error.msg}")
        return
    static = "static/" in file
    for node in root.iter(etree.Element):
        line = node.sourceline
        for name in SPOKEN:
            if re.search(r"[^\W\d_]{2}", re.sub(r"\{\{.*?\}\}|#\{.*?\}", "", node.get(f"t-attf-{name}", ""))):
                findings.add(file, line, f"words in t-attf-{name} are never translated: use t-att-{name} and _t()")
        if static:
            if node.get("t-name") and node.get("t-inherit-mode") != "extension":
                module.define(node.get("t-name"), file, line)
            if node.get("t-call") and "{{" not in node.get("t-call") and "." in node.get("t-call"):
                module.use(node.get("t-call"), file, line)
            continue
        if node.tag in DEFINING and node.get("id"):
            module.define(node.get("id"), file, line)
        for attribute, value in node.attrib.items():
            if attribute in PLAIN and re.fullmatch(r"[\w.]+", value) and not value.isdigit():
                if attribute != "action" or node.tag == "menuitem":
                    module.use(value, file, line)
            elif attribute == "groups":
                for group in value.split(","):
                    if group.strip():
                        module.use(group.strip().lstrip("!"), file, line)
            for xmlid in re.findall(r"ref\(\s*['\"]([\w.]+)['\"]|%\(([\w.]+)\)d", value):
                module.use("".join(xmlid), file, line)


def read_csv(file, module):
    with (ROOT / file).open(newline="", encoding="utf-8") as rows:
        for line, row in enumerate(csv.DictReader(rows), 2):
            if row.get("id"):
                module.define(row["id"], file, line)
            for column, value in row.items():
                if column and value and re.search(r"[:/]id$", column):
                    for xmlid in value.split(","):
                        module.use(xmlid.strip(), file, line)


def read_python(file, module):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    for number, text in enumerate(lines, 1):
        module.models.update(
            f"{module.name}.model_{name.replace('.', '_')}"
            for name in re.findall(r"""^\s+_(?:name|inherit) = ["']([\w.]+)["']""", text))
        for xmlid in re.findall(r"""\b(?:ref|has_group|_for_xml_id)\(\s*["']([\w]+\.[\w]+)["']""", text):
            module.use(xmlid, file, number)


def check_ids(modules, findings):
    known = {xmlid for module in modules.values() for xmlid, _file, _line in module.defined}
    for module in modules.values():
        known |= module.models
        for xmlid, count in Counter(xmlid for xmlid, _file, _line in module.defined).items():
            if count > 1:
                places = [f"{file}:{line}" for name, file, line in module.defined if name == xmlid]
                findings.add(*places[1].split(":"), f"{xmlid} is defined at {places[0]} too")
    for module in modules.values():
        for xmlid, file, line in module.used:
            name, _, rest = xmlid.partition(".")
            if name in modules and xmlid not in known and not rest.startswith(GENERATED):
                findings.add(file, line, f"external id {xmlid} does not exist")


def check_translations(folder, findings):
    """Every .po of an i18n folder says all that the .pot asks, and nothing else."""
    templates = list(folder.glob("*.pot"))
    files = sorted(folder.glob("*.po"))
    if not templates:
        if files:
            findings.add(files[0].relative_to(ROOT), 1, "there is no .pot beside it: make pot")
        return
    asked = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(templates[0]))}
    for path in files:
        file, translated = path.relative_to(ROOT), set()
        for entry in polib.pofile(str(path)):
            key = entry.msgctxt, entry.msgid
            if entry.obsolete or key not in asked:
                findings.add(file, entry.linenum, f"obsolete: {entry.msgid!r}")
                continue
            translated.add(key)
            if entry.fuzzy:
                findings.add(file, entry.linenum, f"fuzzy: {entry.msgid!r}")
            elif not entry.translated():
                findings.add(file, entry.linenum, f"not translated: {entry.msgid!r}")
            elif sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
                findings.add(file, entry.linenum, f"placeholders differ: {entry.msgid!r}")
        for _context, text in sorted(asked - translated, key=str):
            findings.add(file, 1, f"missing: {text!r}")


def main():
    findings, modules = Findings(), {}
    for file in sources(".xml", ".csv", ".py"):
        if Path(file).parts[0] in ("bench", "dev", "docs") or file.endswith("conftest.py") or "tests/e2e/" in file:
            continue
        module = modules.setdefault(owner(file), Module(owner(file)))
        if file.endswith(".xml"):
            read_xml(file, module, findings)
        elif file.endswith(".csv") and not file.startswith("tests/"):
            read_csv(file, module)
        elif file.endswith(".py"):
            read_python(file, module)
    check_ids(modules, findings)
    for folder in (ROOT / "i18n", *(ROOT / "bridges").glob("*/i18n")):
        check_translations(folder, findings)
    print("\n".join(findings.lines))
    return int(bool(findings.lines))


if __name__ == "__main__":
    sys.exit(main())
