"""`make seed N=10000`: fill the demo's database with generated tickets, by the benchmark's generator."""
import json
import subprocess

from dev import database, postgres
from dev.settings import CONF, ROOT
from dev.setup import prepare
from dev.shell import SetupError, note, say
from dev.system import odoo_prefix


def seed(options):
    """Add N tickets of generated clients to the demo's own departments."""
    count = str(options.get("N", "10000"))
    if not count.isdigit() or not int(count):
        raise SetupError(f"N={count}: say how many tickets")
    environment = prepare()
    with postgres.in_use():
        name = database.demo(environment.venv)
        say(f"writing {count} tickets into {name}")
        words = [*odoo_prefix(), environment.python, "-m", "bench.worker", "seed", "servicedesk", count, "--",
                 "-c", CONF, "-d", name, "--log-level=warn"]
        done = subprocess.run([str(word) for word in words], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                              env={**postgres.environment(), "PYTHONPATH": str(ROOT)}, text=True, timeout=3600)
        if done.returncode:
            raise SetupError(done.stderr[-3000:])
        row = json.loads(done.stdout.splitlines()[-1])
        note(f"{row['tickets']} tickets, {row['bytes'] >> 20} MB, {row['seconds']:.0f} s")
