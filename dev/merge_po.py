"""`python -m dev.merge_po FILE.po FILE.pot`: new terms in, vanished ones out, translations kept (needs polib).

Spaces at which no line may break become unbreakable.
"""
import sys

import polib

from .typography import bind


def merge(path, template):
    translations = polib.pofile(path, wrapwidth=78)
    translations.merge(polib.pofile(template))
    for entry in list(translations.obsolete_entries()):
        translations.remove(entry)
    for entry in translations:
        if entry.fuzzy:  # polib guesses; we would rather be asked
            entry.msgstr, entry.flags = "", [flag for flag in entry.flags if flag != "fuzzy"]
        entry.msgstr = bind(entry.msgstr)
    text = str(translations) + "\n"
    with open(path, encoding="utf-8") as file:
        if file.read().rstrip() == text.rstrip():
            return
    translations.save(path)


if __name__ == "__main__":
    merge(*sys.argv[1:3])
