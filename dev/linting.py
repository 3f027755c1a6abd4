"""`make lint` and `make fix`: every linter over our files; `make lint K=ruff` runs one of them."""
import re
import subprocess
import time

from . import addons, node_tools
from .settings import NAME, ROOT, our_addons
from .setup import prepare_tools
from .shell import SetupError, note, output, say

# One README for the repository; the ticket is spread over files on purpose, and so is what features add to a model.
NOT_FOR_US = ("missing-readme", "consider-merging-classes-inherited")
LIMIT = 300  # seconds for one linter


def lint(options):
    """Exit code 1 when a linter objects; all of them run nevertheless."""
    environment = prepare_tools()
    chosen = options.get("K")
    if chosen and chosen not in LINTERS:
        raise SetupError(f"K={chosen}: one of {', '.join(LINTERS)}")
    failed = []
    with addons.snapshot() as copies:
        for name, check in LINTERS.items():
            if not chosen or name == chosen:
                started = time.monotonic()
                good = check(environment, copies)
                say(f"{name}: {'ok' if good else 'FAILED'} ({time.monotonic() - started:.0f} s)")
                failed += [] if good else [name]
    if failed:
        note(f"failed: {', '.join(failed)}; `make fix` repairs layout")
    return int(bool(failed))


def fix(_options):
    """Let ruff, eslint and prettier repair what they can."""
    environment = prepare_tools()
    _run([environment.python, "-m", "ruff", "check", "--fix", "--no-cache", "--quiet", "."])
    _eslint(environment, None, "--fix")
    _prettier(environment, None, "--write")


def sources(*endings):
    """Our files with these endings, tracked or new, without third-party code."""
    listed = output(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT)
    if listed is None:
        raise SetupError("git does not list the files of this checkout")
    return [name for name in listed.splitlines()
            if name.endswith(endings) and "static/lib/" not in name and (ROOT / name).is_file()]


def _run(command, **options):
    try:
        done = subprocess.run([str(word) for word in command], cwd=options.pop("cwd", ROOT), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT, **options)
    except subprocess.TimeoutExpired:
        return False, f"{command[0]}: not finished after {LIMIT} s"
    return done.returncode == 0, done.stdout.strip()


def _report(result, copies=None):
    """Show what a linter said, with paths of the checkout in place of the copies'."""
    good, text = result
    if copies and text:
        text = text.replace(f"{copies}/", "").replace(f"{copies.relative_to(ROOT)}/", "")
        text = re.sub(rf"(?m)^{NAME}/", "", text)
    if text and not good:
        print(text, flush=True)
    return good


def _ruff(environment, _copies):
    return _report(_run([environment.python, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."]))


def _pylint(environment, copies):
    return _report(_run(
        [environment.python, "-m", "pylint", f"--rcfile={ROOT / '.pylintrc'}", f"--disable={','.join(NOT_FOR_US)}",
         *our_addons()], cwd=copies), copies)


def _oca_module(environment, copies):
    manifests = [copies / name / "__manifest__.py" for name in our_addons()]
    return _report(_run(
        [environment.venv / "bin/oca-checks-odoo-module", f"--config={ROOT / '.oca_hooks.cfg'}", *manifests],
        cwd=copies), copies)


def _oca_po(environment, copies):
    files = sorted(copies.glob("*/i18n/*.po*"))
    return not files or _report(_run(
        [environment.venv / "bin/oca-checks-po", f"--config={ROOT / '.oca_hooks.cfg'}", *files], cwd=copies), copies)


def _eslint(_environment, _copies, *more):
    files = sources(".js")
    tools = node_tools.ensure()
    return not files or _report(_run(
        [tools / "node_modules/.bin/eslint", "--config", tools / "eslint.config.mjs", "--max-warnings=0",
         *more, *files]))


def _prettier(_environment, _copies, *more):
    files = [name for name in sources(".js", ".scss", ".xml") if not name.startswith(("bench/", "dev/"))]
    tools = node_tools.ensure()
    return not files or _report(_run(
        [tools / "node_modules/.bin/prettier", "--plugin", tools / node_tools.XML_PLUGIN, "--log-level=warn",
         *(more or ["--check"]), *files]))


def _strings(environment, _copies):
    return _report(_run([environment.python, "-m", "dev.check_strings"]))


def _words(environment, _copies):
    return _report(_run([environment.python, "-m", "dev.check_words"]))


def _views(environment, _copies):
    return _report(_run([environment.python, "-m", "dev.check_views"]))


def _models(environment, _copies):
    """Our own checks of models, after the tests which show that these find what they are for."""
    return (_report(_run([environment.python, "-m", "unittest", "-q", "dev.test_checks"]))
            and _report(_run([environment.python, "-m", "dev.check_models"])))


LINTERS = {
    "ruff": _ruff,
    "pylint": _pylint,
    "oca-module": _oca_module,
    "oca-po": _oca_po,
    "eslint": _eslint,
    "prettier": _prettier,
    "strings": _strings,
    "words": _words,
    "views": _views,
    "models": _models,
}
