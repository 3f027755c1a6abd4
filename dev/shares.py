"""Which process runs which test files: shares that take about equally long, by seconds measured once.

`test_seconds.json` holds those of files that take long, for `make test` and for `make test-all`; `python3 -m dev
shares` writes them anew from the last full run of each.
"""
import json
from pathlib import Path
from xml.etree import ElementTree

from .settings import ADDONS, LOG, NAME, ROOT
from .shell import SetupError, note, write_if_changed

FILE = Path(__file__).with_name("test_seconds.json")
DURATIONS = LOG / "durations"
SHORT = 3  # seconds that a file counts which is not in the list
SLOW = 60  # … one of the end-to-end tests that only `make test-all` runs, until it has been measured


def divide(files, count, command):
    """Divide paths (relative to the root) into `count` lists: the longest first, each to the share with least to do."""
    lists = _known()
    known = lists.get("test", {}) | lists.get(command, {})

    def seconds(file):
        slow = command == "test-all" and command not in lists and file.startswith("tests/e2e/")
        return known.get(file, SLOW if slow else SHORT)

    result = [[0, []] for _number in range(count)]
    for file in sorted(files, key=lambda file: (-seconds(file), file)):
        least = min(result, key=lambda share: share[0])
        least[0] += seconds(file)
        least[1].append(file)
    return [sorted(chosen) for _seconds, chosen in result]


def report(command, name):
    """Where pytest writes how long its tests took, for :func:`shares`."""
    return DURATIONS / command / f"{name}.xml"


def shares(_options):
    lists = _known()
    for folder in sorted(path for path in DURATIONS.glob("*") if path.is_dir()):
        seconds = {}
        for path in sorted(folder.glob("*.xml")):
            for case in ElementTree.parse(path).iter("testcase"):
                file = case.get("file").removeprefix(f"{ADDONS.relative_to(ROOT)}/{NAME}/")
                file = file if (ROOT / file).is_file() else f"tests/e2e/{file}"
                seconds[file] = seconds.get(file, 0) + float(case.get("time"))
        lists[folder.name] = {file: round(seconds[file]) for file in sorted(seconds) if seconds[file] > 2 * SHORT}
        note(f"{folder.name}: {len(seconds)} files, {sum(seconds.values()):.0f} s")
    if not lists:
        raise SetupError("no durations yet: run make test first")
    write_if_changed(FILE, json.dumps(lists, indent=1, sort_keys=True) + "\n", 0o644)


def _known():
    return json.loads(FILE.read_text()) if FILE.exists() else {}
