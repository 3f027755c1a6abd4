"""What people read: the words of docs/glossary.md, sentence case, labels with words, one translation a term.

`python -m dev.check_words` prints one line per finding, `file:line: text`, and exits with 1 when there are any. It
reads the translation templates, so that it knows exactly what is shown; `make pot` brings them in step. What the
translations and the prose say is looked at in `check_prose.py`.
"""
import ast
import re
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import polib
from lxml import etree

from . import check_prose
from .linting import sources
from .settings import ROOT

RETIRED = {"en": "retired_words.txt", "cs": "retired_words_cs.txt", "sk": "retired_words_sk.txt"}
UNSEEN = re.compile(r"%\(\w+\)[sdif]|\{\{.*?\}\}|<(?!i\b|img\b)[^>]*>|\b(class|name|invisible)=\"[^\"]*\"")
LABEL = re.compile(r"model:ir\.model\.fields,field_description:\w+\.field_(\w+?)__(\w+)$")
SENTENCE = re.compile(r"[.:!?…]|[%{<]")
LONGEST_LABEL = 6  # words; what has more is a sentence

# Words that have a capital wherever they stand: names, keys, days.
PROPER = {"Odoo", "Service", "Desk", "Google", "Gmail", "Microsoft", "Outlook", "Twilio", "Kannel", "Python", "Monday",
          "Enter", "Shift", "Esc", "Ctrl", "Bearer", "Basic", "Send", "Mine", "Cc", "Bcc", "To", "Message-ID"}


@cache
def retired(language="en"):
    """[(pattern, word that is used)]"""
    lines = Path(__file__).with_name(RETIRED[language]).read_text(encoding="utf-8").splitlines()
    return [(re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE), word)
            for pattern, word in (line.split(" = ", 1) for line in lines if line and not line.startswith("#"))]


def retired_words(text, language="en"):
    """What a text says with a word that is used no more: one sentence each."""
    seen = UNSEEN.sub(" ", text)
    return [f"“{found[0]}” is a retired word: {word} (docs/glossary.md)"
            for pattern, word in retired(language) if (found := pattern.search(seen))]


def in_title_case(text):
    """Whether a label of a few words begins a word in its middle with a capital that is not its own."""
    words = re.findall(r"[^\W\d_][\w'-]*", text)
    if SENTENCE.search(text) or not 2 <= len(words) <= LONGEST_LABEL:
        return False
    return any(word[0].isupper() and word[1:] == word[1:].lower() and len(word) > 1 and word not in PROPER
               for word in words[1:])


def wordless_labels(name, text):
    """Fields that a Python file defines without a label, while their technical name is no word that people say."""
    found = []
    for model, field, line, label in _fields(ast.parse(text)):
        if label is None and "_" in re.sub(r"_ids?$", "", field):
            found.append((model, field, (
                f"{name}:{line}: {model}.{field} has no label: write one, or set export_string_translation=False")))
    return found


def two_translations(files):
    """Terms that two `.po` files of one language say differently; `files` are (name, entries) pairs of one language."""
    known, found = {}, []
    for name, entries in files:
        for entry in entries:
            if not entry.msgstr:
                continue
            first, where = known.setdefault(entry.msgid, (entry.msgstr, f"{name}:{entry.linenum}"))
            if first != entry.msgstr:
                found.append(f"{name}:{entry.linenum}: {entry.msgid!r} is “{entry.msgstr}” here, “{first}” at {where}")
    return found


def menus_unlike_pages(files):
    """Menus that have another name than the page that they open; `files` are (name, root of the XML) pairs."""
    titles, found = {}, []
    for _name, root in files:
        for record in root.iter("record"):
            if record.get("model", "").startswith("ir.actions") and (title := record.findtext("field[@name='name']")):
                titles[record.get("id")] = title
    for name, root in files:
        for menu in root.iter("menuitem"):
            title = titles.get(menu.get("action"))
            if menu.get("name") and title and title != menu.get("name"):
                found.append(f"{name}:{menu.sourceline}: the menu “{menu.get('name')}” opens the page “{title}”")
    return found


def _fields(tree):
    """(model, field, line, label or None) for the fields that a file defines; extensions of a field are passed over."""
    for node in tree.body:
        if not isinstance(node, ast.ClassDef):
            continue
        names = {}
        for entry in node.body:
            if not isinstance(entry, ast.Assign) or not isinstance(entry.targets[0], ast.Name):
                continue
            target, value = entry.targets[0].id, entry.value
            if target in ("_name", "_inherit"):
                value = ast.literal_eval(value)
                names[target] = value if isinstance(value, str) else value[0]
            elif _is_field(value) and names:
                yield names.get("_name") or names["_inherit"], target, entry.lineno, _label(value)


def _is_field(value):
    return (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
            and isinstance(value.func.value, ast.Name) and value.func.value.id == "fields")


def _label(call):
    """The label of a field, "" when it is not to be exported or comes from elsewhere, None when nobody wrote one."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if {"export_string_translation", "related", "selection_add", "ondelete_add"} & keywords.keys():
        return ""
    if "string" in keywords:
        return ast.unparse(keywords["string"])
    place = {"Many2one": 1, "Selection": 1, "Reference": 1, "One2many": 2, "Many2many": 4}.get(call.func.attr, 0)
    return ast.unparse(call.args[place]) if len(call.args) > place else None


def main():
    lines, wordless, own = [], {}, set()
    for file in sources(".py"):
        if Path(file).parts[0] in ("models", "wizards", "report", "bridges") and "/tests/" not in file:
            text = (ROOT / file).read_text(encoding="utf-8")
            own |= {(model.replace(".", "_"), field) for model, field, *_rest in _fields(ast.parse(text))}
            wordless |= {(model.replace(".", "_"), field): line for model, field, line in wordless_labels(file, text)}
    by_language = defaultdict(list)
    for folder in (ROOT / "i18n", *sorted((ROOT / "bridges").glob("*/i18n"))):
        for template in folder.glob("*.pot"):
            lines += _findings(template.relative_to(ROOT), polib.pofile(str(template)), own, wordless)
        for path in sorted(folder.glob("*.po")):
            by_language[path.stem].append((path.relative_to(ROOT), polib.pofile(str(path))))
    for language, files in by_language.items():
        lines += two_translations(files)
        lines += check_prose.translations(language, files, lambda text, lang=language: retired_words(text, lang))
    lines += check_prose.documents(retired_words)
    views = [name for name in sources(".xml") if "static/" not in name]
    lines += menus_unlike_pages([(name, etree.parse(str(ROOT / name)).getroot()) for name in views])
    print("\n".join(lines))
    return int(bool(lines))


def _findings(file, entries, own, wordless):
    for entry in entries:
        places = [place for place, _line in entry.occurrences]
        labels = [found.groups() for place in places if (found := LABEL.match(place))]
        if places and len(labels) == len(places) and not own.intersection(labels):
            continue  # a label of Odoo's, on a model of ours
        yield from (f"{file}:{entry.linenum}: {entry.msgid!r}: {words}" for words in retired_words(entry.msgid))
        if in_title_case(entry.msgid) and not all(place.startswith("model:ir.model,name") for place in places):
            yield f"{file}:{entry.linenum}: {entry.msgid!r} is in title case: only its first word has a capital"
        yield from (wordless[label] for label in labels if label in wordless)


if __name__ == "__main__":
    sys.exit(main())
