"""The dump of a used desk of the last commit before the rooms, which `tests/e2e/test_upgrade.py` updates.

It is made from that commit, not kept in the repository: installed with its demo data, then used by
`tests/e2e/used_desk.py`. It lies in the cache until one of these changes; making it takes about three minutes.
"""
import configparser
import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from . import database, postgres
from .settings import CACHE, CONF, DEV, LOG, ROOT
from .shell import SetupError, building, lock, note, output, run_logged, say
from .system import odoo_folder

OLD = "3245e96250ecf8194298d472c7386f4572f2cef8"
SCRIPT = ROOT / "tests" / "e2e" / "used_desk.py"


class NoCommit(SetupError):
    """Neither the dump nor the commit that it is made of is here."""


def dump(venv):
    """Folder with `desk.dump` and `filestore/` of the used desk; made when it is missing."""
    odoo = Path((DEV / "odoo").read_text().strip())
    parts = [OLD, SCRIPT.read_text(), odoo, venv.name, postgres.binaries()]
    folder = CACHE / f"used-desk-{hashlib.sha256(''.join(map(str, parts)).encode()).hexdigest()[:16]}"
    with lock(CACHE / "used-desk.lock", "it makes the used desk"):
        if not folder.is_dir():
            with building(folder) as part:
                _make(venv, part)
    return folder


def _make(venv, target):
    name, addons = database.database("used"), _old_addons()
    options = configparser.ConfigParser(interpolation=None)
    options.read(CONF)
    neighbours = options["options"]["addons_path"].split(",")[0]
    path = f"--addons-path={','.join(map(str, [neighbours, *addons]))}"
    modules = sorted(manifest.parent.name for folder in addons for manifest in folder.glob("*/__manifest__.py"))
    database.drop(name)
    try:
        say(f"installing {', '.join(modules)} of {OLD[:7]} with demo data (about two minutes)")
        database.install(venv, name, ["-i", ",".join(modules)], "install-used.log", path, "--with-demo",
                         f"--load-language={','.join(database.LANGUAGES)}")
        say("using it")
        database.shell(venv, name, f"import runpy; runpy.run_path({str(SCRIPT)!r})['use'](env)\n", path)
        run_logged([postgres.binaries() / "pg_dump", "-Fc", "-f", target / "desk.dump", name], LOG / "dump-used.log",
                   300, env=postgres.environment())
        subprocess.run(["cp", "-r", database.filestore(name), target / "filestore"], check=True, timeout=300)
    finally:
        database.drop(name)


def _old_addons():
    """Folders of add-ons with that commit's code, below `.dev/upgrade`."""
    if output(["git", "cat-file", "-e", f"{OLD}^{{commit}}"], cwd=ROOT) is None:
        raise NoCommit(f"commit {OLD[:7]} is not in this clone, perhaps a shallow one: git fetch --unshallow")
    old = DEV / "upgrade" / "servicedesk"
    shutil.rmtree(old.parent, ignore_errors=True)
    old.mkdir(parents=True)
    archive = subprocess.Popen(["git", "archive", OLD], cwd=ROOT, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", old], stdin=archive.stdout, check=True, timeout=120)
    if archive.wait(10):
        raise SetupError(f"git archive {OLD[:7]} failed")
    # Bridges lie in the checkout, beside what belongs to the add-on.
    return [old.parent, *([old / "bridges"] if (old / "bridges").is_dir() else [])]


@contextlib.contextmanager
def restored(venv):
    """A database with the used desk, dropped at the end."""
    folder, name = dump(venv), database.database(f"upgrade_{os.getpid()}")
    note(f"restoring {folder / 'desk.dump'}")
    database.drop(name)
    try:
        postgres.psql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        run_logged([postgres.binaries() / "pg_restore", "--no-owner", "--exit-on-error", "-j2", "-d", name,
                    folder / "desk.dump"], LOG / "restore-used.log", 300, env=postgres.environment())
        odoo_folder(database.filestore(name).parent)
        # A copy of its own: Odoo's account may have to write here.
        subprocess.run(["cp", "-r", folder / "filestore", database.filestore(name)], check=True, timeout=300)
        for path in (database.filestore(name), *database.filestore(name).iterdir()):
            odoo_folder(path)
        yield name
    finally:
        database.drop(name)
