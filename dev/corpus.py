"""`make corpus`: the real mails beside the checkout through us and through plain Odoo; the table in the docs."""
import json
import os
import tempfile
from pathlib import Path

from . import testing
from .settings import ROOT
from .shell import SetupError, say

PAGE = ROOT / "docs" / "reliability.md"
HEADING = "## Mail that others lose\n"
INTRODUCTION = """
`make corpus` sends the mails of five other projects' test suites and our Czech encodings through the message log, and
through Odoo's own gateway into a project, each mail in a savepoint of its own. They lie beside the checkout
(`../shared/corpus`, or `CORPUS=…`) and are not part of this project. Where we read a mail differently from its authors
stands in [corpus-differences.md](corpus-differences.md), one line each. Odoo drops what it takes for a report without
a trace; the 1 that we open as a ticket is a person who forwards a bounce and asks about it.

"""


def corpus(_options):
    """Run the corpus tests, slow ones too, and write what they counted into docs/reliability.md."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        folder.chmod(0o777)  # the tests may run as another account
        os.environ["CORPUS_RESULTS"] = str(folder / "results.json")
        code = testing.test_all({"T": "tests/intake/test_corpus.py"})
        if code:
            return code
        if not (folder / "results.json").exists():
            raise SetupError("there are no corpora beside the checkout: nothing was measured")
        results = json.loads((folder / "results.json").read_text())
    text = PAGE.read_text()
    before, _heading, rest = text.partition(HEADING)
    _old, following, after = rest.partition("\n## ")
    PAGE.write_text(before.rstrip() + "\n\n" + HEADING + INTRODUCTION + _table(results) + following + after)
    say(f"written: {PAGE.relative_to(ROOT)}")
    return 0


def _table(results):
    ledger, outcomes, plain = results["ledger"], results["ledger"]["outcomes"], results["plain"]
    bounces, imap_tools = results["sisimai"], results["imap_tools"]

    def ours(*names):
        return sum(outcomes.get(name, 0) for name in names)

    def theirs(*names):
        return sum(plain.get(name, 0) for name in names)

    rows = [
        (f"of {ledger['mails']} mails", "Service Desk", "plain Odoo 19"),
        ("---", "---:", "---:"),
        ("lost by an exception", 0, theirs("lost by exception")),
        ("reports (bounces, complaints, receipts) dropped without a trace", 0, theirs("report dropped")),
        ("letters of people dropped without a trace", 0, theirs("letter dropped")),
        ("reports opened as tickets", ours("report as ticket"), theirs("report as ticket")),
        ("reports and automatic answers filed as what they are",
         ours("bounce", "complaint", "receipt", "auto_reply"), "–"),
        ("tickets and replies from letters", ours("new", "reply") - ours("report as ticket"), theirs("ticket")),
        ("– blank although there is text", 0, theirs("blank")),
        ("– letters destroyed (U+FFFD)", 0, theirs("letters destroyed")),
        ("– forwarded mail taken apart", 0, theirs("forwarded mail taken apart")),
        ("the same mail again", ours("duplicate"), "(not counted)"),
        ("slowest mail", f"{ledger['slowest']} s", "–"),
    ]
    lines = "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)
    return (f"{lines}\nOf sisimai's {bounces['mails']} bounces {bounces['recognised']} are recognised. Of imap_tools' "
            f"{imap_tools['mails']} mails {imap_tools['mails'] - imap_tools['different']} read exactly as its authors\n"
            f"expect, the other {imap_tools['different']} are explained.\n")
