"""`make run`, `make shell`, and the bare set-up."""
from . import postgres
from .setup import prepare
from .shell import SetupError, say


def setup(_options):
    """Odoo, virtual environment, links, and a look at PostgreSQL."""
    prepare()
    with postgres.in_use():
        say("ready")


def keep(options):
    """`python3 -m dev keep start|stop`: PostgreSQL stays up between commands until `stop`."""
    if options.get("start"):
        prepare()
        postgres.KEEP.touch()
        postgres.server().start()
        say("PostgreSQL runs: " + " ".join(f"{key}={value}" for key, value in postgres.server().environment.items()))
    elif options.get("stop"):
        postgres.KEEP.unlink(missing_ok=True)
        with postgres.in_use():
            say("PostgreSQL stops with its last user")
    else:
        raise SetupError("say start or stop")
