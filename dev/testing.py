"""`make test` and `make test-all`: model and browser tests, end-to-end tests, Odoo's own checks of our code.

Three processes, because they exclude each other: Odoo's tests live inside one Odoo, the end-to-end tests drive other
Odoos from outside and never import it, and Odoo's checks (`test_lint`) are its own tests pointed at our add-ons.
"""
import os
import subprocess
import sys
import time
from pathlib import Path

from . import addons, database, postgres, translations
from .settings import CONF, ROOT, SCREENSHOTS
from .setup import prepare
from .shell import SetupError, note, say, stop_process
from .system import odoo_prefix

E2E = ROOT / "tests" / "e2e"
NO_TESTS = 5  # pytest's exit code when nothing was collected
LIMITS = {"test": 40 * 60, "test-all": 70 * 60}


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
    parts = []
    if not path or not path.is_relative_to(E2E):
        parts.append(("models, routes, browser", _odoo_tests(path, wanted, select)))
    if not path or path.is_relative_to(E2E) or path == ROOT / "tests":
        parts.append(("end to end", _e2e_tests(path, wanted, select)))
    if not wanted and not expression:
        parts.append(("Odoo's own checks", _lint_tests()))
        parts.append(("translations", _translations))
    end = time.monotonic() + LIMITS[command]
    before = set(SCREENSHOTS.rglob("*.png"))
    results = []
    with postgres.in_use():
        name = database.template(environment.venv, environment.odoo)
        for title, part in parts:
            started = time.monotonic()
            say(title)
            code = part(environment, name, end)
            results.append((title, code, time.monotonic() - started))
    if (wanted or expression) and all(code == NO_TESTS for _title, code, _seconds in results):
        raise SetupError(f"no test matches {' '.join(filter(None, (wanted, expression)))}")
    return _summary(results, sorted(set(SCREENSHOTS.rglob("*.png")) - before))


def _existing(wanted):
    path = (ROOT / wanted.split("::")[0]).resolve()
    if not path.exists():
        raise SetupError(f"T={wanted}: there is no such file or folder")
    return path


def _odoo_tests(path, wanted, select):
    def part(environment, template, end):
        folders = [folder for folder in ("tests", "bridges") if (ROOT / folder).is_dir()]
        if not path and not folders:
            return NO_TESTS
        with database.temporary(template, "test") as name:
            return _pytest(
                [*odoo_prefix(), environment.python, "-m", "pytest", f"--odoo-database={name}",
                 f"--odoo-config={CONF}", *select, *([wanted] if wanted else folders)], end, ROOT)
    return part


def _e2e_tests(path, wanted, select):
    def part(environment, template, end):
        if not any(E2E.glob("test_*.py")):
            return NO_TESTS
        below = path and path != E2E and path.is_relative_to(E2E)
        inside = str(Path(wanted).relative_to("tests/e2e")) if below else "."
        return _pytest(
            [environment.python, "-m", "pytest", "-c", E2E / "pytest.ini", "--rootdir", E2E, *select, inside],
            end, E2E, DEV_TEMPLATE=template)
    return part


def _lint_tests():
    def part(environment, template, end):
        tests = environment.odoo.addons / "test_lint" / "tests"
        with database.temporary(template, "lint") as name, addons.snapshot() as copies:
            return _pytest(
                [*odoo_prefix(), environment.python, "-m", "pytest", "-p", "dev.odoo_checks", f"--odoo-database={name}",
                 f"--odoo-config={CONF}", f"--odoo-addons-path={environment.odoo.addons},{copies}", "-c", "/dev/null",
                 "--rootdir", tests, "-p", "no:cacheprovider", "-q", "-rs", "--tb=short", "-W", "ignore", tests],
                end, ROOT, PATH=f"{environment.venv / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return part


def _translations(environment, template, end):
    """The committed .pot files are what an export gives now."""
    old = translations.stale(environment, template)
    if old:
        note(f"out of date: {', '.join(old)}; run make pot, then translate")
    return int(bool(old))


def _pytest(command, end, folder, **extra):
    """Exit code of a pytest run, stopped when the time for all of them is over."""
    environment = {**postgres.environment(), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **extra}
    environment.pop("ODOO_RC", None)
    process = subprocess.Popen(
        [str(word) for word in command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return process.wait(max(60, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        note("stopped: the time for all tests is over")
        return 124
    finally:
        stop_process(process)


def _summary(results, pictures):
    say("summary")
    words = {0: "passed", NO_TESTS: "no tests"}
    for title, code, seconds in results:
        note(f"{title:<26} {words.get(code, f'FAILED ({code})'):<12} {seconds:5.0f} s")
    for picture in pictures:
        note(f"screenshot: {picture}")
    sys.stdout.flush()
    return int(any(code not in words for _title, code, _seconds in results))
