"""The steps that every command needs before its own work: system packages, Odoo, virtual environment, links."""
import dataclasses
from pathlib import Path

from . import addons, odoo_source, system, venv
from .settings import CACHE, DEV, LOG
from .shell import SetupError, note, say, write_if_changed


@dataclasses.dataclass(frozen=True)
class Environment:
    odoo: odoo_source.Odoo
    venv: Path

    @property
    def python(self):
        return self.venv / "bin/python"


def prepare():
    """Everything but the database; each step does only what is missing."""
    environment = prepare_tools()
    addons.link()
    addons.configure(environment.odoo)
    return environment


def prepare_tools():
    """System packages, Odoo and the virtual environment."""
    for folder in (DEV, LOG, CACHE):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except PermissionError as error:
            raise SetupError(f"{folder} cannot be made: {error.strerror}") from error
    system.extend_path()
    system.ensure_packages(system.PACKAGES, system.ROOT_ONLY if system.IS_ROOT else {})
    system.ensure_optional()
    odoo = odoo_source.find()
    folder = venv.ensure(odoo)
    if write_if_changed(DEV / "odoo", f"{odoo.python_path}\n"):
        say(f"Odoo 19: {odoo.origin}")
        note(f"{odoo.python_path}")
    return Environment(odoo, folder)
