"""`make clean`: remove what this checkout made. The cache that checkouts share stays."""
import fcntl
import shutil
import tempfile
from pathlib import Path

from . import database, postgres
from .processes import signal_and_wait
from .settings import CACHE, DEV, EXTERNAL_PG, NAME, RUN, TAG
from .shell import SetupError, say
from .system import extend_path


def clean(_options):
    """Stop what interrupted commands left, then remove `.dev` with databases and mails; not while something runs."""
    if not DEV.exists():
        return
    extend_path()
    with (DEV / "run.lock").open("a") as demo, (DEV / "postgres.users").open("a") as users:
        for handle in (demo, users):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetupError("a command of this checkout is still running: end it first") from None
        for note in RUN.glob("*.pid"):
            pid, _, started = note.read_text().strip().partition(" ")
            if pid.isdigit():
                signal_and_wait(int(pid), started)
        _stop_mail()
        if EXTERNAL_PG:
            database.wipe()
        elif (DEV / "ports.json").exists():
            postgres.server().stop()
        say(f"removing {DEV}")
        for folder in (DEV, CACHE / "checkouts" / TAG, *Path(tempfile.gettempdir()).glob(f"{NAME}-*-{TAG}-*")):
            shutil.rmtree(folder, ignore_errors=True)


def _stop_mail():
    from .mailservers import MailServers

    for home in (DEV, CACHE / "checkouts" / TAG):
        for folder in home.glob("mail-*"):
            MailServers(folder.name.removeprefix("mail-"), None).stop()
