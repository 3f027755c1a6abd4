"""What translations and documents say: the words of docs/glossary.md, one way for a term, unbreakable spaces.

Part of `python -m dev.check_words`.
"""
import re

from .settings import ROOT
from .typography import bind

GLOSSARY = ROOT / "docs" / "glossary.md"
LANGUAGES = {"cs": 1, "sk": 2}  # columns of the glossary
# For people who run the desk or choose it. The others speak to who reads the code, in its names.
DOCUMENTS = ("README.md", "CHANGELOG.md", "docs/features.md", "docs/operations.md", "docs/channels.md",
             "docs/sms.md", "docs/reliability.md", "static/description/index.html")
CODE = re.compile(r"(?s)\b[A-Z]{2,4}-\d+|```.*?```|`[^`]*`|<(?:code|style|pre)\b.*?</(?:code|style|pre)>|<[^>]*>"
                  r"|\]\([^)]*\)")
TAGS = re.compile(r"<[^>]*>")


def glossary(text, language):
    """``{English term: {what it may be in a language}}``; a term in several rows has several meanings."""
    found = {}
    for line in text.splitlines():
        cells = [_terms(cell) for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if len(cells) == 3 and len({len(cell) for cell in cells}) == 1:
            for english, said in zip(cells[0], cells[LANGUAGES[language]], strict=True):
                found.setdefault(english, set()).add(said.casefold())
    return found


def _terms(cell):
    """The terms of a cell of the glossary: what stands in brackets or before a colon says when it is meant."""
    head, colon, rest = re.sub(r"\([^)]*\)", "", cell).partition(":")
    return [term.strip() for term in re.split(r"[,;]", rest if colon and "," in rest else head)]


def unlike_glossary(name, entries, known):
    """Terms that are translated otherwise than the glossary says."""
    for entry in entries:
        said = re.sub(r"\([^)]*\)", "", entry.msgstr).strip().casefold()
        if entry.msgstr and said not in known.get(entry.msgid, {said}):
            yield (f"{name}:{entry.linenum}: {entry.msgid!r} is “{entry.msgstr}” here, "
                   f"“{'” or “'.join(sorted(known[entry.msgid]))}” in docs/glossary.md")


def two_ways(name, entries, glossary_terms=()):
    """Terms that differ by their dots or markup alone, and are translated in different words; not those for which the
    glossary has two meanings."""
    known, meanings = {}, dict(glossary_terms)
    for entry in entries:
        bare, said = _bare(entry.msgid), _bare(entry.msgstr)
        if bare and said:
            first, of = known.setdefault(bare, (said, entry.msgid))
            both = {first.casefold(), said.casefold()}
            if len(both) > 1 and not both <= meanings.get(bare, set()):
                yield f"{name}:{entry.linenum}: {entry.msgid!r} is “{said}” here, “{first}” in {of!r}"


def _bare(text):
    return re.sub(r"[\s…:.]+$", "", TAGS.sub("", text)).strip()


def translations(language, files, retired_words):
    """What the `.po` files of one language say; `files` are (name, entries) pairs."""
    known = glossary(GLOSSARY.read_text(encoding="utf-8"), language) if language in LANGUAGES else {}
    for name, entries in files if known else ():
        yield from unlike_glossary(name, entries, known)
        yield from two_ways(name, entries, known)
        for entry in entries:
            yield from (f"{name}:{entry.linenum}: {words}" for words in retired_words(entry.msgstr))
            if bind(entry.msgstr) != entry.msgstr:
                yield (f"{name}:{entry.linenum}: a line may break after a short word or before a unit: "
                       f"python3 -m dev.typography {name}")


def documents(retired_words):
    """Retired words of what is written for people who run the desk or choose it."""
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
        for number, line in enumerate(text.splitlines(), 1):
            yield from (f"{name}:{number}: {words}" for words in retired_words(line))
