"""`python3 -m dev frozen`: add new names to tests/frozen_names.txt; what has vanished is left to its test."""
import json
import subprocess

from . import database, postgres
from .settings import CONF, DEV, NAME, ROOT
from .setup import prepare
from .shell import SetupError, note, write_if_changed

FILE = ROOT / "tests" / "frozen_names.txt"
SCRIPT = f"""
import json
from odoo.addons.{NAME}.tests import frozen_names
print("NAMES" + json.dumps(frozen_names.with_new(env)))
"""


def frozen(_options):
    environment = prepare()
    with postgres.in_use():
        template = database.template(environment.venv, environment.odoo)
        with database.temporary(template, "test") as name:
            command = database.odoo_command(
                environment.venv, "shell", "-c", CONF, "-d", name, "--no-http", "--log-level=error")
            done = subprocess.run([str(word) for word in command], input=SCRIPT, cwd=DEV, env=postgres.environment(),
                                  capture_output=True, text=True, timeout=300)
    found = [line for line in done.stdout.splitlines() if line.startswith("NAMES")]
    if not found:
        raise SetupError(done.stderr[-3000:])
    text, new = json.loads(found[0].removeprefix("NAMES"))
    write_if_changed(FILE, text, 0o644)
    for group, name in new:
        note(f"[{group}] {name}")
    note(f"{len(new)} new names in {FILE.relative_to(ROOT)}")
