"""The virtual environment: pinned packages plus a link to Odoo, kept in the cache and shared by checkouts."""
import hashlib
import os
import sys
from pathlib import Path

from .settings import CACHE, DEV, LOG
from .shell import SetupError, building, lock, output, run_logged, say, write_if_changed
from .system import odoo_prefix

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
OLDEST, NEWEST = (3, 10), (3, 13)  # what Odoo 19 runs on


def interpreter():
    """A Python 3.10–3.13 that the account which runs Odoo may execute; SetupError when there is none."""
    for path in ("/usr/bin/python3", sys.executable):
        version = output([*odoo_prefix(), path, "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"])
        if version and OLDEST <= tuple(map(int, version.split(".")[:2])) <= NEWEST:
            return path, version
    raise SetupError("Odoo 19 needs Python 3.10 to 3.13 as /usr/bin/python3")


def ensure(odoo):
    """The environment's folder for this Odoo; made when missing. A change of the pins makes another one."""
    path, version = interpreter()
    key = hashlib.sha256(f"{REQUIREMENTS.read_text()}\n{version}\n{odoo.python_path}".encode()).hexdigest()[:12]
    target = CACHE / f"venv-{key}"
    if not target.is_dir():
        with lock(CACHE / "venv.lock", "it makes the virtual environment"):
            if not target.is_dir():
                _make(target, path, odoo)
    write_if_changed(DEV / "venv", f"{target}\n")  # for editors and people
    return target


def _make(target, path, odoo):
    say(f"making the virtual environment ({sum('==' in line for line in REQUIREMENTS.open())} packages)")
    target.parent.mkdir(parents=True, exist_ok=True)
    with building(target) as part:
        run_logged([path, "-m", "venv", part], LOG / "venv.log", 300)
        pip = [part / "bin/python", "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
        counted = LOG / "pip.log"
        run_logged(
            [*pip, "-r", REQUIREMENTS], counted, 1800,
            progress=lambda: f"{counted.read_text(errors='replace').count('Collecting ')} packages read",
            env={**os.environ, "PIP_NO_INPUT": "1"},
        )
        site = next(part.glob("lib/python3*/site-packages"))
        (site / "odoo-19.pth").write_text(f"{odoo.python_path}\n")
        _relocate(part, target)


def _relocate(part, target):
    """Scripts name the folder they were made in; let them name the one they will live in."""
    for script in (part / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            text = script.read_bytes()
            if str(part).encode() in text:
                script.write_bytes(text.replace(str(part).encode(), str(target).encode()))
