"""The link farm that gives the checkout its technical name, and Odoo's configuration file.

The checkout root is the add-on, whatever its folder is called. One link to the root would be a loop (`.dev` lies in
it), so `.dev/addons/servicedesk/` is a real folder with one link per top-level entry that belongs to the add-on.
"""
import ast
import contextlib
import os
import shutil
from pathlib import Path

from . import ports, postgres
from .settings import ADDONS, BRIDGES, CONF, DATA, DEV, EXTERNAL_PG, NAME, ROOT, SCREENSHOTS, bridges, our_addons
from .shell import write_if_changed
from .system import odoo_folder

NOT_ADDON = {"bench", "bridges", "conftest.py", "dev", "Makefile", "node_modules", "pyproject.toml", "pytest.ini",
             "eslint.config.mjs", "build", "dist", "__pycache__"}


def link():
    """Bring the links up to date with the entries of the checkout.

    `tests/` is a real folder too, without `e2e`: those tests are not Odoo's, and its checks would miss their imports.
    """
    farm = ADDONS / NAME
    _link_entries(ROOT, farm, NOT_ADDON | {"tests"})
    if (ROOT / "tests").is_dir():
        _link_entries(ROOT / "tests", farm / "tests", {"e2e", "__pycache__"})
    else:
        shutil.rmtree(farm / "tests", ignore_errors=True)


def _link_entries(source, target, without):
    target.mkdir(parents=True, exist_ok=True)
    wanted = {entry.name for entry in source.iterdir() if entry.name[0] != "." and entry.name not in without}
    for entry in target.iterdir():
        if entry.is_symlink() and entry.name not in wanted:
            entry.unlink()
    for name in wanted:
        if not (target / name).is_symlink():
            (target / name).symlink_to(os.path.relpath(source / name, target))


@contextlib.contextmanager
def snapshot():
    """A folder with real copies of our add-ons, as they would be packaged, for checkers that follow no links."""
    folder = DEV / "copies" / str(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    try:
        for name in our_addons():
            source = ROOT if name == NAME else BRIDGES / name
            shutil.copytree(source, folder / name, symlinks=True, ignore=lambda path, names: [
                entry for entry in names if entry[0] == "." or entry == "__pycache__"
                or (Path(path) == ROOT and entry in NOT_ADDON) or (Path(path) == ROOT / "tests" and entry == "e2e")
            ])
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def manifest(folder):
    return ast.literal_eval((folder / "__manifest__.py").read_text())


def dependencies():
    """Add-ons of others that ours, bridges included, are installed with; sorted."""
    ours = {NAME, *bridges()}
    folders = [ROOT, *(BRIDGES / name for name in bridges())]
    return sorted({name for folder in folders for name in manifest(folder).get("depends", [])} - ours)


def configure(odoo):
    """Write `.dev/odoo.conf` for this checkout; what differs between servers is given on their command lines."""
    data = odoo_folder(DATA)
    odoo_folder(SCREENSHOTS)
    paths = [odoo.addons, ADDONS, *([BRIDGES] if bridges() else [])]
    connection = {} if EXTERNAL_PG else postgres.server().environment
    options = {
        "addons_path": ",".join(map(str, paths)),
        "data_dir": data,
        "screenshots": SCREENSHOTS,
        "db_host": connection.get("PGHOST", False),
        "db_port": connection.get("PGPORT", False),
        "db_user": connection.get("PGUSER", False),
        "http_interface": "127.0.0.1",
        "http_port": ports.port("http"),
        "gevent_port": ports.port("gevent"),
        "smtp_server": "127.0.0.1",
        "smtp_port": ports.port("smtp"),
        "max_cron_threads": 0,
        "log_level": "info",
    }
    text = "; written by `make`: changes are lost\n[options]\n"
    write_if_changed(CONF, text + "".join(f"{name} = {value}\n" for name, value in options.items()), 0o644)
