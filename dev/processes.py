"""Servers that we start, told apart from everybody else's by pid and start time.

A command that is killed leaves its servers behind; the next one finds them in `.dev/run/` and ends exactly those.
"""
import contextlib
import os
import signal
import subprocess
from pathlib import Path

from .settings import RUN
from .shell import SetupError, stop_process, wait_until


def started_at(pid):
    """Start time of a process in clock ticks: with the pid it names one process for good. None when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def listens(pid, port):
    """Whether this very process listens on a TCP port of 127.0.0.1; somebody else's answer there is not ours."""
    wanted = f"0100007F:{port:04X}"
    with contextlib.suppress(OSError):
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        sockets = {f"socket:[{row[9]}]" for row in rows if row[1] == wanted and row[3] == "0A"}
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                if os.readlink(entry) in sockets:
                    return True
    return False


def signal_and_wait(pid, started, limit=15):
    """End the process group of a server that is no child of ours; SetupError when it survives SIGKILL."""
    for sign, seconds in ((signal.SIGTERM, limit), (signal.SIGKILL, 5)):
        if started_at(pid) != started:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, sign)
        with contextlib.suppress(SetupError):
            wait_until(lambda: started_at(pid) != started, seconds, f"process {pid} ends")
            return
    raise SetupError(f"process {pid} does not end")


class Server:
    """One background process with a log; `name` is unique within the checkout."""

    def __init__(self, name, log):
        self.name, self.log, self.process = name, Path(log), None
        self.note = RUN / f"{name}.pid"

    def start(self, command, **options):
        """Start it in a process group of its own, after what an interrupted command left under this name has ended."""
        self.stop()
        for folder in (RUN, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                start_new_session=True, **options)
        self.note.write_text(f"{self.process.pid} {started_at(self.process.pid)}\n")

    def running(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, limit=15):
        if self.process:
            stop_process(self.process, limit)
        elif self.note.exists():
            pid, _, started = self.note.read_text().strip().partition(" ")
            if pid.isdigit() and started != "None":
                signal_and_wait(int(pid), started, limit)
        self.process = None
        self.note.unlink(missing_ok=True)

    def kill(self):
        """SIGKILL, as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def wait_for(self, check, seconds, what):
        """Like `wait_until`, but ends at once, with the end of the log, when the process dies."""
        def look():
            if not self.running():
                tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
                raise SetupError(f"{tail}\n\n{self.name} ended; log: {self.log}")
            return check()

        return wait_until(look, seconds, f"{what} (log: {self.log})")
