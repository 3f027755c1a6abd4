"""`make package`: the wheel `odoo-addon-servicedesk`, built as OCA's add-ons are.

The build backend (`whool`, pinned in pyproject.toml) takes an add-on's name from its folder and its files from git.
Neither fits a checkout whose root is the add-on, so it gets a copy of what belongs to the add-on, rightly named.
"""
import os
import shutil
import tempfile
from pathlib import Path

from . import addons
from .settings import LOG, NAME, ROOT
from .setup import prepare
from .shell import note, run_logged, say


def package(_options):
    environment = prepare()
    say("building the wheel")
    note(str(build(environment.python, ROOT / "dist").relative_to(ROOT)))


def build(python, target):
    """Build the wheel of the files as they are now into the folder `target`; returns its path."""
    target.mkdir(parents=True, exist_ok=True)
    with addons.snapshot() as copies, tempfile.TemporaryDirectory() as out:
        shutil.copy(ROOT / "pyproject.toml", copies / NAME)
        run_logged(
            [python, "-m", "pip", "--disable-pip-version-check", "wheel", "--no-deps", "-w", out, copies / NAME],
            LOG / "package.log", 600,
            env={**os.environ, "PIP_NO_INPUT": "1", "GIT_CEILING_DIRECTORIES": str(copies)})  # a copy is not in git
        wheel = next(Path(out).glob("*.whl"))
        return Path(shutil.copy(wheel, target / wheel.name))
