"""`python3 -m dev frozen`: add new names to tests/frozen_names.txt; what has vanished is left to its test."""
import json

from . import database, postgres
from .settings import NAME, ROOT
from .setup import prepare
from .shell import note, write_if_changed

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
            printed = database.shell(environment.venv, name, SCRIPT)
    found = next(line for line in printed.splitlines() if line.startswith("NAMES"))
    text, new = json.loads(found.removeprefix("NAMES"))
    write_if_changed(FILE, text, 0o644)
    for group, name in new:
        note(f"[{group}] {name}")
    note(f"{len(new)} new names in {FILE.relative_to(ROOT)}")
