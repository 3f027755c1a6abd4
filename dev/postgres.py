"""The private PostgreSQL cluster of this checkout, or the existing server that PGHOST names."""
import contextlib
import fcntl
import os
import subprocess
from pathlib import Path

from .ports import port
from .settings import DEV, EXTERNAL_PG, IS_ROOT, LOG
from .shell import SetupError, building, lock, output, run_logged, say, wait_until
from .system import as_user, give, memory_mb, server_folder, short_folder

KEEP = DEV / "postgres.keep"


def binaries():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    if not found:
        raise SetupError("PostgreSQL's programs are not below /usr/lib/postgresql")
    return found[-1]


class Cluster:
    """A private cluster: `start()`, `stop()`, and the connection as `environment` for libpq and Odoo."""

    def __init__(self):
        self.port = port("postgres")
        self.prefix = as_user("postgres", "postgres") if IS_ROOT else []
        self.folder = server_folder("pg", "postgres")
        self.sockets = short_folder(self.folder.parent / "sock", f"/.s.PGSQL.{self.port}", "pg")
        self.environment = {"PGHOST": str(self.sockets), "PGPORT": str(self.port), "PGUSER": "odoo"}

    def _control(self, *words, check=True):
        command = [*self.prefix, binaries() / "pg_ctl", "-D", self.folder, *words]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=120, cwd="/")
        if check and done.returncode:
            log = LOG / "postgres.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:]) if log.exists() else ""
            raise SetupError(f"PostgreSQL: {done.stdout.decode(errors='replace').strip()}\n{tail}")
        return done.returncode == 0

    def running(self):
        return self.folder.is_dir() and self._control("status", check=False)

    def start(self):
        """Create the cluster when missing and start it; True when this call started it."""
        with lock(DEV / "postgres.lock", "it starts PostgreSQL"):
            if self.running():
                return False
            if not self.folder.is_dir():
                self._create()
            self.sockets.mkdir(parents=True, exist_ok=True)
            LOG.mkdir(parents=True, exist_ok=True)
            log = LOG / "postgres.log"
            if IS_ROOT:
                log.touch()
                give(log, "postgres", "postgres")
                give(self.sockets, "postgres", "postgres")
            if not os.access(self.sockets, os.W_OK) or self.sockets.stat().st_mode & 0o002:
                raise SetupError(f"{self.sockets} belongs to somebody else: remove it")
            options = f"-p {self.port} -k {self.sockets}"
            with log.open("ab") as out:  # handed over open: the checkout may be closed to `postgres`
                subprocess.run(
                    [str(part) for part in (*self.prefix, binaries() / "pg_ctl", "-D", self.folder, "-w", "-t", "60",
                                            "-o", options, "start")],
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out, timeout=90, cwd="/")
            wait_until(lambda: self._query("SELECT 1"), 10, f"PostgreSQL answers (log: {log})")
            return True

    def _create(self):
        say("making a private PostgreSQL cluster")
        with building(self.folder) as part:
            if IS_ROOT:
                give(part, "postgres", "postgres")
            part.chmod(0o700)
            run_logged(
                [*self.prefix, binaries() / "initdb", "-D", part, "-U", "odoo", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "--no-sync"], LOG / "initdb.log", 120, cwd="/")
            shared = min(1024, max(128, memory_mb() // 16))
            with (part / "postgresql.conf").open("a") as conf:
                conf.write(  # development only: a power cut may cost the demo database
                    f"listen_addresses = ''\nmax_connections = 150\nshared_buffers = {shared}MB\nfsync = off\n"
                    "synchronous_commit = off\nfull_page_writes = off\nwork_mem = 16MB\n"
                    "maintenance_work_mem = 128MB\nmax_wal_size = 2GB\nrandom_page_cost = 1.1\n"
                    "log_min_messages = warning\n"
                )

    def stop(self):
        if self.running():
            self._control("-m", "fast", "-w", "-t", "30", "stop")

    def _query(self, sql):
        return output([binaries() / "psql", "-XtAc", sql, "-d", "postgres"], env={**os.environ, **self.environment})


class External:
    """A server that the environment names by PGHOST…; never started or stopped, left as it is."""

    environment = {}

    def start(self):
        if output([binaries() / "psql", "-XtAc", "SELECT 1", "-d", "postgres"]) is None:
            raise SetupError("the PostgreSQL server of PGHOST does not answer")
        return False

    def stop(self):
        pass


@contextlib.contextmanager
def in_use():
    """Have the server running during the block; the last user of this checkout stops what was started for it.

    `python3 -m dev keep start` keeps it running between commands.
    """
    DEV.mkdir(parents=True, exist_ok=True)
    cluster = server()
    with (DEV / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        cluster.start()
        try:
            yield cluster
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if not KEEP.exists():
                    cluster.stop()


def server():
    return External() if EXTERNAL_PG else Cluster()


def psql(sql, database="postgres"):
    """Text that a statement returns, unaligned; SetupError with the server's words when it fails."""
    done = subprocess.run(
        [binaries() / "psql", "-XtA", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, env=environment())
    if done.returncode:
        raise SetupError(f"PostgreSQL: {done.stderr.strip()}")
    return done.stdout.strip()


def environment():
    """The process environment with the connection in it, for everything that talks to the database."""
    return {**os.environ, **server().environment}
