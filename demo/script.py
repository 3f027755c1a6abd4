"""Reads demo/threads/*.txt: what is said in one kind of ticket, and how it varies.

A thread begins with ``== subject`` and ``key: value`` lines; then each item is a marker line and its text:

``<`` a mail from the customer, ``>`` our answer, ``~`` an internal note, ``?`` somebody's draft, ``!`` an event.
After the marker comes when: ``20m``, ``3h``, ``1d`` after the item before, or with a minus before now; then options
(``by=login``, ``file=stored.png:shown.png``, ``quote`` …). ``sms``, ``call=reached``, ``meeting="where"`` make an SMS,
a call or a meeting of it, the latter two with ``for=minutes`` and ``with="Jana Novotná"``; ``third`` a mail to or
``from="Name <address>"`` somebody who has no part in it. Lines after ``|`` are an older mail that is quoted.
``{one|two}`` is a choice, the same one in the whole ticket; ``{name}`` a word of the ticket, ``{datum+3}`` a day
and ``{cas-15}`` the time a quarter of an hour before the item, as clocks in Prague showed it.
"""
import re
import shlex
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

THREADS = Path(__file__).parent / "threads"
MARKER = re.compile(r"[<>~?!](?: |$)")
UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass
class Line:
    """One item or event of a thread."""

    kind: str
    when: timedelta | None = None  # negative: before now
    options: dict = field(default_factory=dict)
    words: list = field(default_factory=list)
    text: str = ""

    @property
    def channel(self):
        """What it is: a mail unless the marker says otherwise."""
        spoken = next((name for name in ("call", "meeting") if name in self.options), "email")
        return "note" if self.kind == "~" else "sms" if "sms" in self.words else spoken


@dataclass
class Thread:
    """One kind of ticket; with a ``number`` one ticket as it stands."""

    subject: str
    header: dict
    lines: list


def read():
    """Return all threads, in the order of files and lines."""
    found = []
    for file in sorted(THREADS.glob("*.txt")):
        for block in re.split(r"^== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            found.append(_parse(block, {"department": file.stem, "lang": "cs"}))
    return found


def _parse(block, header):
    subject, *rest = block.split("\n")
    thread = Thread(subject.strip(), header, [])
    for row in rest:
        if MARKER.match(row):
            thread.lines.append(_parse_marker(row))
        elif thread.lines:
            thread.lines[-1].text += re.sub(r"^\| ?", "> ", row) + "\n"
        elif ":" in row:
            key, _sep, value = row.partition(":")
            header[key.strip()] = value.strip()
    for line in thread.lines:
        line.text = line.text.strip()
    return thread


def _parse_marker(row):
    line = Line(row[0])
    for word in shlex.split(row[1:]) if row[0] != "!" else row[1:].split():
        if line.when is None and re.fullmatch(r"-?(\d+[dhm])+", word):
            parts = {UNITS[unit]: int(count) for count, unit in re.findall(r"(\d+)([dhm])", word)}
            line.when = timedelta(**parts) * (-1 if word[0] == "-" else 1)
        elif "=" in word and row[0] != "!":
            key, _sep, value = word.partition("=")
            line.options[key] = value
        else:
            line.words.append(word)
    return line


class Filler:
    """Fills the choices and words of one ticket, each the same way throughout."""

    def __init__(self, rng, words, months, local):
        self.rng, self.words, self.months, self.local = rng, dict(words), months, local

    def fill(self, text, date):
        return re.sub(r"\{([^{}]+)\}", lambda match: self._value(match.group(1), date), text)

    def _value(self, name, date):
        if "|" in name:
            return self.words.setdefault(name, self.rng.choice(name.split("|")))
        if name == "rok":
            return str(self.local(date).year)
        if moved := re.fullmatch(r"(datum|cas)([+-]\d+)", name):
            count = int(moved.group(2))
            if moved.group(1) == "datum":
                day = self.local(date + timedelta(days=count))
                return f"{day.day}. {self.months[day.month - 1]}"
            time = self.local(date + timedelta(minutes=count))
            return f"{time.hour}:{time:%M}"
        return str(self.words[name])
