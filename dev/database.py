"""Databases: installed once, updated when files changed, copied together with their filestore.

`servicedesk_base` holds what our add-ons depend on, without demo data; it is made once and again when dependencies
change. `servicedesk_template` is a copy of it with our add-ons installed; it is made anew whenever their files change,
so that nothing of an older state is left in it. Every test run works on its own copy of the template.
"""
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from . import addons
from .postgres import environment, psql
from .settings import BRIDGES, CONF, DATA, DEV, LOG, NAME, ROOT, bridges, database, our_addons
from .shell import SetupError, lock, note, run_logged, say, write_if_changed
from .system import odoo_prefix

STATE = DEV / "databases.json"  # database → what it was made from
BUNDLES = ("web.assets_web", "web.assets_web_dark", "web.assets_web_print", "web.assets_tests", "web.assets_frontend",
           "web.assets_frontend_minimal", "web.assets_frontend_lazy", "web.report_assets_common",
           "web.report_assets_pdf")
MAKE_BUNDLES = f"""
scripts, styles = (names.intersection({BUNDLES}) for names in env["ir.qweb"]._get_bundles_to_pregenarate())
for name in sorted(scripts):
    env["ir.qweb"]._get_asset_bundle(name, css=False, js=True).js()
for name in sorted(styles):
    env["ir.qweb"]._get_asset_bundle(name, css=True, js=False).css()
env.cr.commit()
"""
LANGUAGES = ("en_US", "cs_CZ", "sk_SK")  # the first is the default of the database
NOT_DATA = {"tests", "static", "docs", "dev", "bench", "bridges", "node_modules", "__pycache__"}  # needs no update


def exists(name):
    return psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"


def drop(name):
    """Remove a database and its filestore, other connections to it included."""
    psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(filestore(name), ignore_errors=True)
    _remember(name, None)


def filestore(name):
    return DATA / "filestore" / name


def copy(source, target):
    """Copy a database that nobody is connected to, filestore included (hard links: Odoo never changes a file)."""
    drop(target)
    psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    if filestore(source).is_dir():
        subprocess.run(["cp", "-al", filestore(source), filestore(target)], check=True, timeout=120)


def odoo_command(venv, *words):
    """Odoo with this checkout's configuration, as the account that runs it here."""
    return [*odoo_prefix(), venv / "bin/python", "-m", "odoo", *words]


def install(venv, name, modules, log, *options):
    """`odoo -i/-u … --stop-after-init`; SetupError when it fails or logs an error."""
    log = LOG / log
    run_logged(
        odoo_command(venv, *modules, "-c", CONF, "-d", name, "--stop-after-init", "--no-http", *options),
        log, 1800, env=environment(), cwd=DEV,
    )
    lines = log.read_text(errors="replace").splitlines()
    # Odoo goes on without demo data that does not load, and only warns.
    errors = [line for line in lines if " ERROR " in line or " CRITICAL " in line or " demo data failed " in line]
    if errors:
        raise SetupError("\n".join(["the installation logged errors:", *errors[:10], f"log: {log}"]))


def shell(venv, name, script, *options):
    """What a script prints in Odoo's shell on a database; SetupError with the end of the log when it fails."""
    command = odoo_command(venv, "shell", "-c", CONF, "-d", name, "--no-http", "--log-level=warn", *options)
    done = subprocess.run([str(word) for word in command], input=script, cwd=DEV, env=environment(),
                          capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise SetupError(done.stderr[-4000:])
    return done.stdout


def template(venv, odoo):
    """Name of the up-to-date template database."""
    name, base = database("template"), database("base")
    neighbours = addons.dependencies()
    foundation = _digest([odoo.python_path, venv.name, *neighbours])
    with lock(DEV / "template.lock", "it prepares the test database"):
        _drop_stale_runs()
        if _recall(base) != foundation or not exists(base):
            say(f"installing Odoo's add-ons without demo data (about half a minute): {', '.join(neighbours)}")
            drop(base)
            install(venv, base, ["-i", ",".join(neighbours)], "install-base.log")
            _remember(base, foundation)
        content = _digest([foundation, content_hash()])
        if _recall(name) != content or not exists(name):
            say(f"installing {', '.join(our_addons())} into the template database")
            copy(base, name)
            install(venv, name, ["-i", ",".join(our_addons())], "install-template.log")
            _remember(name, content)
    return name


def with_bundles(venv, source, make):
    """Name of a copy of the template in which the bundles of the web client are made already; `source` without it.

    Odoo makes them for the first page that is opened, and in its own tests they are rolled back after each: a browser
    test takes five seconds of a processor longer. Making them takes about fifteen, so that few tests go without
    (`make` False) unless those of the last run are still right.
    """
    name = database("bundles")
    with lock(DEV / "template.lock", "it prepares the test database"):
        content = _digest([_recall(source), content_hash(bundled=True)])
        if _recall(name) == content and exists(name):
            return name
        if not make:
            return source
        say("making the bundles of the web client")
        copy(source, name)
        shell(venv, name, MAKE_BUNDLES)
        _remember(name, content)
    return name


@contextlib.contextmanager
def temporary(source, purpose):
    """A copy of a database for one run; its name carries our process number and it is dropped at the end."""
    name = database(f"{purpose}_{os.getpid()}")
    with lock(DEV / "template.lock", "it prepares the test database"):
        copy(source, name)
    try:
        yield name
    finally:
        drop(name)


def _drop_stale_runs():
    """Drop the copies of runs that were killed."""
    for name in psql("SELECT datname FROM pg_database").split():
        for purpose in ("test", "test1", "test2", "e2e", "lint", "pot", "shots", "upgrade"):
            start, _, rest = name.partition(f"{NAME}_{purpose}_")
            number = rest.split("_")[0]
            ours = number.isdigit() and name == database(f"{purpose}_{number}")
            if not start and ours and not Path(f"/proc/{number}").exists():
                drop(name)


def demo(venv):
    """Name of the demo database: installed when missing, updated when our files changed, else left as it is."""
    name = database("demo")
    content = content_hash()
    modules = ",".join(our_addons())
    with lock(DEV / "demo.lock", "it prepares the demo database"):
        known = _recall(name) if exists(name) else None
        if known is None:
            drop(name)
            say(f"installing {modules} with demo data (about a minute)")
            install(venv, name, ["-i", modules], "install-demo.log", "--with-demo",
                    f"--load-language={','.join(LANGUAGES)}")
        elif known != content:
            say(f"updating {modules}: files changed")
            new = [bridge for bridge in bridges() if bridge not in _installed(name)]
            install(venv, name, ["-u", NAME, *(["-i", ",".join(new)] if new else [])], "update-demo.log",
                    "--i18n-overwrite")
        _remember(name, content)
    return name


def _installed(name):
    return psql("SELECT name FROM ir_module_module WHERE state = 'installed'", name).split()


def content_hash(bundled=False):
    """Digest of our files that reach the database (Python, XML, CSV, translations…), or of those in bundles."""
    digest = hashlib.sha256()
    without = NOT_DATA - {"static"} if bundled else NOT_DATA
    endings = (".js", ".xml", ".scss", ".css") if bundled else (".py", ".xml", ".csv", ".po", ".sql", ".js")
    for root in (ROOT, *(BRIDGES / name for name in bridges())):
        for folder, names, files in os.walk(root):
            names[:] = sorted(name for name in names if name[0] != "." and name not in without)
            for file in sorted(files):
                if file.endswith(endings) and file != "conftest.py":
                    path = os.path.join(folder, file)
                    digest.update(os.path.relpath(path, ROOT).encode() + b"\0")
                    with open(path, "rb") as data:
                        digest.update(hashlib.sha256(data.read()).digest())
    return digest.hexdigest()


def _digest(parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def _states():
    return json.loads(STATE.read_text()) if STATE.exists() else {}


def _recall(name):
    return _states().get(name)


def _remember(name, state):
    with lock(DEV / "databases.lock", "it notes a database"):
        states = _states()
        if states.get(name) != state:
            states[name] = state
            kept = {key: value for key, value in states.items() if value}
            write_if_changed(STATE, json.dumps(kept, indent=1, sort_keys=True) + "\n")


def wipe():
    """Drop every database of this checkout (for an external server; a private cluster goes with its folder)."""
    for purpose in ("demo", "bundles", "template", "base"):
        if exists(database(purpose)):
            note(f"dropping {database(purpose)}")
            drop(database(purpose))

