"""Spaces of Czech and Slovak at which no line may break: after prepositions of one letter, before units, in numbers."""
import re
import sys

import polib

HARD = "\N{NO-BREAK SPACE}"
SENTENCE = re.compile(r"[.!?](\W|$)|,\s")
PREPOSITION = re.compile(r"(?<![\w%&/=.)}-])([ksvzouKSVZOU]) (?=[\w„%{<(])")
UNIT = re.compile(r"(?<=[\d)}s]) (?=(?:h|min|s|%)(?![\w(]))")
THOUSANDS = re.compile(r"(?<!\d)(\d{1,3}) (?=000\b)")
NUMBER = re.compile(r"(\d|%s|%\(\w+\)s|\{\w*\})$")


def bind(text):
    """Return a translation with its unbreakable spaces; a label has room and is searched for, so it keeps its own."""
    text = UNIT.sub(lambda found: HARD if NUMBER.search(text[:found.start()]) else " ", text)
    if not SENTENCE.search(text):
        return text
    return THOUSANDS.sub(rf"\1{HARD}", PREPOSITION.sub(rf"\1{HARD}", text))


def bind_file(path):
    """Bind the spaces of a `.po` file in place; return whether there was anything to bind."""
    entries = polib.pofile(path, wrapwidth=78)
    loose = [entry for entry in entries if bind(entry.msgstr) != entry.msgstr]
    for entry in loose:
        entry.msgstr = bind(entry.msgstr)
    if loose:
        entries.save(path)
    return bool(loose)


if __name__ == "__main__":
    for file in sys.argv[1:]:
        bind_file(file)
