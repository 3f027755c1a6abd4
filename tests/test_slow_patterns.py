import functools
import importlib
import json
import os
import re
import signal
from collections import defaultdict

from odoo.tests import BaseCase, HttpCase, tagged

from ..tools import rules, storable, variables
from ..tools.mail import (
    addresses,
    failure,
    html_guard,
    html_pictures,
    long_text,
    mail_text,
    mailbox_check,
    own_answer,
    quoting,
    threading,
)
from ..tools.sms import failure as sms_failure
from ..tools.sms import phone, secret_log, sms_text
from . import patterns

FOLDERS = ("tools", "models", "controllers", "wizards", "report")
# What stands for the names by which patterns are put together when they are used.
UNKNOWN = {
    "words": "", "phrases": (),  # compiled when the module is loaded, and found there
    "said": "|".join(words for _code, words in mailbox_check.REFUSALS),
    "letters": "[\u3041-\u30fe]", "wanted": b"filename", "boundary": b"boundary", "number": "SD-00012",
    "pattern": "a@b|c@d", "tag": "title", "quote": '"',
    # What an administrator writes, for the first 10,000 letters of what the administrator's own gateway answers.
    "settings": defaultdict(str), "gateway": defaultdict(str), "name": "",
}
LETTERS = 40_000  # quadratic patterns take 8 s and more for so many, the slowest linear one a tenth of a second
HOSTILE = {
    "quotes": "'a" * 80_000, "one word": "x" * 490_000, "spaces": " " * 200_000 + "x", "line ends": "\n" * 200_000,
    "braces": "{{" + " " * 200_000, "variables": "{{x}} " * 30_000, "half variables": "{{ " * 60_000,
    "addresses": "a@b.example, " * 20_000, "half addresses": "a@a." * 50_000, "brackets": "(a" * 100_000,
    "numbers": "602 123 456 (Jana), " * 10_000, "quoted lines": "> a\n" * 50_000, "deep quotes": ">" * 200_000,
    "tags": "<p>x</p>" * 20_000, "open tags": "<a " * 50_000, "nesting": "<div>" * 50_000, "marks": "[[a" * 60_000,
    "headers": "\nFrom:" * 30_000, "subject": "Re: " * 50_000, "semicolons": "a;" * 100_000,
    "style": f'<p style="{"url( " * 40_000}">x</p>', "entities": "&amp;" * 40_000, "dashes": "\n" + "-" * 200_000,
}
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
    """Run probes one after the other in a child; return how many it finished, and whether one was slow or failed."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        for _name, call, _parts in probes:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                call()
            except BaseException:  # nothing of the test goes on in the child
                os._exit(1)
            os.write(writing, b".")
        os._exit(0)
    os.close(writing)
    done = 0
    while ticks := os.read(reading, 65_536):
        done += len(ticks)
    os.close(reading)
    return done, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


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
    """No pattern of ours takes longer than a text is long, whoever wrote the text."""

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


@tagged("-at_install", "post_install")
class TestScriptPatterns(HttpCase):
    # A quadratic pattern takes 5 s and more for so many letters, a linear one a few thousandths.
    LETTERS, MILLISECONDS = 100_000, 1500
    # Those that scripts put together, and which Hoot tries (static/tests/common/hostile.test.js).
    PUT_TOGETHER = {"common/address_actions/linkify.js", "common/mail_body.js"}

    def test_scripts(self):
        """Every regular expression of the screens, in the browser in which it runs."""
        found = list(dict.fromkeys(patterns.script_patterns()))
        self.assertGreater(len(found), 50)
        probes = [[f"{one.where} /{one.source}/{one.flags}", one.source, one.flags,
                   list(patterns.script_hostile(one.source))] for one in found]
        # A pause between two patterns, so that the browser can be asked how it is meanwhile.
        self.browser_js("/web/login", """
            (async () => {
                const slow = [];
                for (const [name, source, flags, texts] of %s) {
                    const pattern = new RegExp(source, flags);
                    for (const [head, unit, tail] of texts) {
                        const text = head + unit.repeat(%d / unit.length) + tail;
                        const start = performance.now();
                        pattern.global ? text.replace(pattern, "x") : pattern.exec(text);
                        const taken = performance.now() - start;
                        if (taken > %d) {
                            slow.push(`${name} ${JSON.stringify([head, unit, tail])}: ${Math.round(taken)} ms`);
                            break;
                        }
                    }
                    await new Promise((resolve) => setTimeout(resolve));
                }
                slow.length ? console.error(`slow patterns: ${slow.join(", ")}`) : console.log("test successful");
            })();
            0;
            """ % (json.dumps(probes), self.LETTERS, self.MILLISECONDS), timeout=600)

    def test_all_of_them_are_found(self):
        sources = {"const a = /x[/]y/gu; // /no/": [("x[/]y", "gu")], "b = c / d / e;": [], 's.split(/[,;\\n]/)': [
            ("[,;\\n]", "")], "return /a\\/b/.test(`/no/`);": [("a\\/b", "")], "f(\"/no/\", /yes/)": [("yes", "")],
            "/* /no/ */ x = !/^y/.test(z)": [("^y", "")]}
        for text, wanted in sources.items():
            self.assertEqual(list(patterns.literals(text)), wanted, text)
        put_together = {path.relative_to(patterns.ROOT / "static/src/backend").as_posix() for path in sorted(
            (patterns.ROOT / "static/src").rglob("*.js")) if "new RegExp(" in path.read_text(encoding="utf-8")}
        self.assertEqual(put_together, self.PUT_TOGETHER)


class TestHostileTexts(BaseCase):
    """What is no pattern: the functions that read and show texts of strangers."""

    def test_functions(self):
        texts = dict(HOSTILE)
        functions = [mail_text.preview, mail_text.text_to_html, mail_text.html_to_text, html_guard.to_text,
                     html_guard.is_blank, variables.names, variables.marked, variables.marked_spans,
                     variables.neutralise,
                     addresses.split, phone.split, phone.e164, sms_text.measure, sms_text.command,
                     sms_text.without_diacritics, rules.plain, storable.storable, secret_log.hide,
                     lambda text: variables.render(text, {}, empty=lambda name: name),
                     lambda text: variables.render(f"<{text}", {}, html=True, empty=lambda name: name),
                     lambda text: own_answer.own_words("", text), lambda text: own_answer.own_words(text),
                     lambda text: threading.reply_subject(text), lambda text: threading.strip_number(text, "SD-1"),
                     lambda text: quoting.strip_remote(text, lambda _id: None), failure.classify, sms_failure.classify,
                     lambda text: long_text.fold_rest(text, str), lambda text: html_pictures.rewrite(text, str)]
        probes = [(f"{number} {getattr(function, '__qualname__', '')}", functools.partial(function, text), name)
                  for number, function in enumerate(functions) for name, text in texts.items()]
        self.assertEqual(slow(probes), [], "longer than a text of this size may take")
