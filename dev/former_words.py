"""What we said in Czech and Slovak before, for the migration that makes room for the words of today.

An update never replaces a translation that is there. So `shipped.json` in the newest folder of migrations/ keeps every
text that this repository has shipped for a label and that is not today's, as the history of the `.po` files tells it;
`post-words.py` beside it drops those from an installed desk. `python -m dev.former_words` writes the file, and so does
`make pot`; what it knows already stays, a clone may be shallow.
"""
import json
import re
import subprocess
import sys

import polib

from .settings import ROOT

LANGUAGES = {"cs": "cs_CZ", "sk": "sk_SK"}
PLACE = re.compile(r"model(?:_terms)?:([\w.]+,\w+):\w+\.(.+)$")


def add(known, lang, entries):
    """Add what a `.po` file says to ``{"model,field": {record: {language: [texts]}}}``."""
    for entry in entries:
        for place, _line in entry.occurrences:
            if entry.msgstr and (found := PLACE.match(place)):
                texts = known.setdefault(found[1], {}).setdefault(found[2], {}).setdefault(lang, [])
                if entry.msgstr not in texts:
                    texts.append(entry.msgstr)


def former(known, current):
    """Return what of ``known`` is not said at its place any more, sorted."""
    found = {}
    for place, records in sorted(known.items()):
        for record, by_lang in sorted(records.items()):
            for lang, texts in sorted(by_lang.items()):
                today = current.get(place, {}).get(record, {}).get(lang, ())
                if left := sorted(set(texts) - set(today)):
                    found.setdefault(place, {}).setdefault(record, {})[lang] = left
    return found


def dump(found):
    """One line a record, so that two lines of development can be merged."""
    places = [
        f' {json.dumps(place)}: {{\n' + ",\n".join(
            f"  {json.dumps(record)}: {json.dumps(texts, ensure_ascii=False)}" for record, texts in records.items())
        + "\n }" for place, records in found.items()]
    return "{\n" + ",\n".join(places) + "\n}\n"


def target():
    return max(ROOT.glob("migrations/*/shipped.json"), key=lambda path: [int(part) for part in
                                                                        path.parent.name.split(".")])


def main():
    known, current, file = json.loads(target().read_text(encoding="utf-8")), {}, target()
    for code, lang in LANGUAGES.items():
        po = f"i18n/{code}.po"
        add(current, lang, polib.pofile(str(ROOT / po)))
        for commit in _git("log", "--format=%H", "--", po).split():
            add(known, lang, polib.pofile(_git("show", f"{commit}:{po}")))
    file.write_text(dump(former(known, current)), encoding="utf-8")


def _git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, check=True, text=True, capture_output=True, timeout=60).stdout


if __name__ == "__main__":
    sys.exit(main())
