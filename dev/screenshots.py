"""`make screenshots`: pictures of the demo for the README and the app's page, into static/description/."""
import subprocess

from . import database, postgres
from .odoo_server import OdooServer
from .settings import ROOT
from .setup import prepare
from .shell import SetupError, say


def screenshots(_options):
    """Start Odoo on a copy of the demo database and photograph it; the demo itself stays as it is."""
    environment = prepare()
    with postgres.in_use():
        name = database.demo(environment.venv)
        if postgres.psql(f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'") != "0":
            raise SetupError("the demo is in use (make run): end it first, its database is to be copied")
        with database.temporary(name, "shots") as copy:
            server = OdooServer(environment.venv, copy, "screenshots", crons=0)
            try:
                say("starting Odoo on a copy of the demo")
                server.start()
                done = subprocess.run(
                    [environment.python, "-m", "dev.take_screenshots", str(server.port), copy],
                    cwd=ROOT, env=postgres.environment(), stdin=subprocess.DEVNULL, timeout=600)
            finally:
                server.stop()
    return done.returncode
