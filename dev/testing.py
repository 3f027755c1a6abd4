"""`make test` and `make test-all`: model and browser tests, end-to-end tests, Odoo's own checks of our code.

Processes of their own, because they exclude each other: Odoo's tests live inside one Odoo, the end-to-end tests drive
other Odoos from outside and never import it, and Odoo's checks (`test_lint`) are its own tests pointed at our add-ons.
All tests run in two lanes side by side (`lanes.py`), each process on databases of its own.
"""
import os
import sys
import time
from pathlib import Path

from . import addons, database, lanes, postgres, shares, translations
from .settings import CONF, LOG, ROOT, SCREENSHOTS
from .setup import prepare
from .shell import SetupError, note, say
from .system import odoo_folder, odoo_prefix

E2E = ROOT / "tests" / "e2e"
UPGRADE = E2E / "test_upgrade.py"
NO_TESTS = 5  # pytest's exit code when nothing was collected
LIMITS = {"test": 40 * 60, "test-all": 70 * 60}
SHARES = 2  # processes for Odoo's tests, and for the end-to-end tests


def test(options):
    return _run("test", options)


def test_all(options):
    return _run("test-all", options)


def _run(command, options):
    wanted, expression = options.get("T"), options.get("K")
    environment = prepare()
    marks = [] if command == "test-all" or wanted else ["-m", "not slow"]
    select = [*marks, *(["-k", expression] if expression else [])]
    path = _existing(wanted) if wanted else None
    started, before = time.monotonic(), set(SCREENSHOTS.rglob("*.png"))
    with postgres.in_use():
        template = database.template(environment.venv, environment.odoo)
        template = database.with_bundles(environment.venv, template, make=not wanted and not expression)
        parts = [lanes.Part(title, _bound(work, environment, template), LOG / f"tests-{number}.log")
                 for number, (title, work) in enumerate(_choose(command, wanted, path, expression, select), 1)]
        lanes.Lanes(parts, started + LIMITS[command]).run()
    if (wanted or expression) and all(part.code == NO_TESTS for part in parts):
        raise SetupError(f"no test matches {' '.join(filter(None, (wanted, expression)))}")
    return _summary(parts, time.monotonic() - started, sorted(set(SCREENSHOTS.rglob("*.png")) - before))


def _bound(work, environment, template):
    return lambda run: work(environment, template, run)


def _choose(command, wanted, path, expression, select):
    """(title, work) of what is to be done, in the order in which lanes take it: what is long first."""
    if path and (path != ROOT / "tests"):
        below = path.is_relative_to(E2E)
        return [("end to end" if below else "models, routes, browser",
                 _e2e_tests([wanted], select) if below else _odoo_tests([wanted], select))]
    parts = []
    for number, files in enumerate(shares.divide(_odoo_files(wanted), SHARES, command), 1):
        noted = [] if expression else _durations(command, f"odoo-{number}")
        parts.append((f"models, routes, browser {number}/{SHARES}", _odoo_tests(files, [*noted, *select], number)))
    slow = [UPGRADE] if command == "test-all" and UPGRADE.exists() else []
    parts += [("upgrade", _e2e_tests([str(file.relative_to(ROOT))], select)) for file in slow]
    files = [str(file.relative_to(ROOT)) for file in E2E.glob("test_*.py") if file != UPGRADE]
    for number, chosen in enumerate(shares.divide(files, SHARES, command), 1):
        noted = [] if expression else _durations(command, f"e2e-{number}")
        parts.append((f"end to end {number}/{SHARES}", _e2e_tests(chosen, [*noted, *select])))
    if not wanted and not expression:
        parts += [("Odoo's own checks", _lint_tests), ("translations", _translations)]
    return parts


def _odoo_files(wanted):
    """Test files of Odoo's kind, relative to the root; with their bridges unless only `tests` is wanted."""
    found = [file for file in (ROOT / "tests").rglob("test_*.py") if not file.is_relative_to(E2E)]
    if not wanted:
        found += (ROOT / "bridges").glob("*/tests/test_*.py")
    return [str(file.relative_to(ROOT)) for file in found]


def _existing(wanted):
    path = (ROOT / wanted.split("::")[0]).resolve()
    if not path.exists():
        raise SetupError(f"T={wanted}: there is no such file or folder")
    return path


def _durations(command, name):
    """Words with which pytest notes how long its tests took, for `python3 -m dev shares`."""
    file = shares.report(command, name)
    odoo_folder(file.parent)
    return ["-o", "junit_family=xunit1", f"--junit-xml={file}"]


def _odoo_tests(files, select, number=0):
    """Odoo's tests of these files; `number` is 0 where only some were asked for."""
    def work(environment, template, run):
        if not files:
            return NO_TESTS
        with database.temporary(template, f"test{number or ''}") as name:
            return run(
                [*odoo_prefix(), environment.python, "-m", "pytest", f"--odoo-database={name}",
                 f"--odoo-config={CONF}", *_colour(), *select, *files], ROOT, **_environment())
    return work


def _e2e_tests(files, select):
    def work(environment, template, run):
        inside = [str(Path(file).relative_to("tests/e2e")) for file in files]
        return run(
            [environment.python, "-m", "pytest", "-c", E2E / "pytest.ini", "--rootdir", E2E,
             *_colour(), *select, *inside],
            E2E, **_environment(DEV_TEMPLATE=template)) if inside else NO_TESTS
    return work


def _lint_tests(environment, template, run):
    tests = environment.odoo.addons / "test_lint" / "tests"
    with database.temporary(template, "lint") as name, addons.snapshot() as copies:
        return run(
            [*odoo_prefix(), environment.python, "-m", "pytest", "-p", "dev.odoo_checks", f"--odoo-database={name}",
             f"--odoo-config={CONF}", f"--odoo-addons-path={environment.odoo.addons},{copies}", "-c", "/dev/null",
             "--rootdir", tests, "-p", "no:cacheprovider", "-q", "-rs", "--tb=short", "-W", "ignore", *_colour(),
             tests],
            ROOT, **_environment(PATH=f"{environment.venv / 'bin'}{os.pathsep}{os.environ['PATH']}"))


def _translations(environment, template, _run):
    """The committed .pot files are what an export gives now."""
    with database.temporary(template, "pot") as name:
        old = translations.stale(environment, name)
    if old:
        note(f"out of date: {', '.join(old)}; run make pot, then translate")
    return int(bool(old))


def _colour():
    """pytest writes into a pipe, from where it goes on to the terminal."""
    return ["--color=yes"] if sys.stdout.isatty() else []


def _environment(**extra):
    environment = {**postgres.environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **extra}
    environment.pop("ODOO_RC", None)
    return environment


def _summary(parts, seconds, pictures):
    say("summary")
    words = {0: "passed", NO_TESTS: "no tests"}
    for part in parts:
        note(f"{part.title:<26} {words.get(part.code, f'FAILED ({part.code})'):<12} {part.seconds:5.0f} s")
    for picture in pictures:
        note(f"screenshot: {picture}")
    if len(parts) > 1:
        print(*filter(None, (part.closing for part in parts)), lanes.total(parts, seconds), sep="\n")
    sys.stdout.flush()
    return int(any(part.code not in words for part in parts))
