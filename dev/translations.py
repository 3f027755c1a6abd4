"""`make pot`: what there is to translate, exported from an installed database into i18n/ of each of our add-ons."""
import shutil
import subprocess
from pathlib import Path

from . import database, postgres
from .settings import BRIDGES, CONF, DEV, LOG, NAME, ROOT, our_addons
from .setup import prepare
from .shell import note, run_logged, say
from .system import odoo_folder


def pot(_options):
    """Write the .pot files, and bring the .po files beside them in line; what is then untranslated, lint tells."""
    environment = prepare()
    with postgres.in_use():
        exported = export(environment, database.template(environment.venv, environment.odoo))
    for name, file in exported.items():
        folder = i18n(name)
        folder.mkdir(exist_ok=True)
        target = folder / f"{name}.pot"
        if not target.exists() or _terms(target) != _terms(file):
            shutil.copyfile(file, target)
            note(f"written: {target.relative_to(ROOT)}")
        for path in sorted(folder.glob("*.po")):
            subprocess.run([environment.python, "-m", "dev.merge_po", path, target], check=True, cwd=ROOT, timeout=60)
    subprocess.run([environment.python, "-m", "dev.former_words"], check=True, cwd=ROOT, timeout=120)
    say("translations are in step with the sources")


def i18n(name):
    return (ROOT if name == NAME else BRIDGES / name) / "i18n"


def export(environment, source):
    """{add-on: fresh .pot file}, exported from a database in which our add-ons are installed."""
    folder = odoo_folder(DEV / "pot")
    files = {name: folder / f"{name}.pot" for name in our_addons()}
    for name, file in files.items():
        file.unlink(missing_ok=True)
        run_logged(
            database.odoo_command(environment.venv, "i18n", "export", name, "-c", CONF, "-d", source, "-o", file),
            LOG / "pot.log", 300, cwd=DEV, env=postgres.environment())
    return files


def stale(environment, source):
    """Names of the add-ons whose .pot differs from a fresh export; those without translations are passed over."""
    fresh = export(environment, source)
    return [name for name, file in fresh.items()
            if (i18n(name) / f"{name}.pot").exists() and _terms(i18n(name) / f"{name}.pot") != _terms(file)]


def _terms(file: Path):
    """A .pot without its dates and order of places: equal when there is the same to translate."""
    return [line for line in file.read_text(encoding="utf-8").splitlines()
            if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Project-Id-Version', "#"))]
