import importlib
import json
import os
import re
import signal
from collections import defaultdict

from odoo.tests import BaseCase, HttpCase, tagged

from ..tools.mail import mailbox_check
from . import patterns

FOLDERS = ("tools", "models", "controllers", "wizards", "report")
# What stands for the names by which patterns are put together when they are used.
UNKNOWN = {
    "words": "", "phrases": (),  # compiled when the module is loaded, and found there
    "said": "|".join(words for _code, words in mailbox_check.REFUSALS),
    "letters": "[\u3041-\u30fe]", "wanted": b"filename", "boundary": b"boundary", "number": "SD-00012",
    "pattern": "a@b|c@d",
    # What an administrator writes, for the first 10,000 letters of what the administrator's own gateway answers.
    "settings": defaultdict(str), "gateway": defaultdict(str), "name": "",
}
LETTERS = 40_000  # quadratic patterns take 8 s and more for so many, the slowest linear one a tenth of a second
SECONDS = 2  # of the processor's time, so that a busy machine does not count


def slow(probes):
    """Return ``[(name, hostile parts)]`` of the probes that took more than ``SECONDS``, which end their process."""
    found, waiting = [], list(probes)
    while waiting:
        done, killed = _run(waiting)
        if killed:
            name, _call, parts = waiting[done]
            found.append((name, parts))
            waiting = [probe for probe in waiting[done + 1:] if probe[0] != name]
        else:
            waiting = []
    return found


def _run(probes):
    """Run probes one after the other in a child; return how many it finished and whether one was too slow."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        for _name, call, _parts in probes:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            call()
            os.write(writing, b".")
        os._exit(0)
    os.close(writing)
    done = 0
    while ticks := os.read(reading, 65_536):
        done += len(ticks)
    os.close(reading)
    return done, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGVTALRM


def probe(found, parts):
    """Return what uses a pattern on a hostile text, to its end."""
    pattern = re.compile(found.pattern, found.flags)
    head, unit, tail = parts

    def call():
        text = head + unit * (LETTERS // len(unit)) + tail
        if found.anchored:
            pattern.match(text)
            pattern.fullmatch(text)
        else:
            for _match in pattern.finditer(text):
                pass
    return call


class TestPatterns(BaseCase):
    maxDiff = None

    def test_python(self):
        found = []
        for folder in FOLDERS:
            for path in sorted((patterns.ROOT / folder).rglob("*.py")):
                name = ".".join(path.relative_to(patterns.ROOT).with_suffix("").parts)
                module = importlib.import_module(f"odoo.addons.servicedesk.{name}".removesuffix(".__init__"))
                found += patterns.module_patterns(path, module, UNKNOWN)
        self.assertGreater(len(found), 100)
        probes = [(f"{one.where} {one.pattern!r}", probe(one, parts), parts)
                  for one in dict.fromkeys(found) for parts in patterns.hostile(one.pattern, one.flags)]
        self.assertEqual(slow(probes), [], "longer than a text of this size may take")
