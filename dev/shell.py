"""Running commands, saying what happens, waiting with a limit, and locking: the small tools of every step."""
import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class SetupError(Exception):
    """A step cannot go on; the text tells the developer what to do. Ends `make` with exit code 1."""


def say(text):
    print(f"\033[1m==>\033[0m {text}" if sys.stdout.isatty() else f"==> {text}", flush=True)


def note(text):
    print(f"    {text}", flush=True)


def output(command, **options):
    """Standard output of a short command, stripped; None when it fails or does not exist."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        options.setdefault("timeout", 60)
        return subprocess.run(
            [str(part) for part in command], check=True, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **options,
        ).stdout.strip()
    return None


def run_logged(command, log, limit=1800, progress=None, **options):
    """Run a long command into the file `log`, with a sign of life every ten seconds.

    `progress` gives a short text for that line (default: the last "n/m" found in the log). A failure shows the end
    of the log and raises SetupError; so does running over `limit` seconds, after which the command is stopped.
    """
    log = Path(log)
    log.parent.mkdir(parents=True, exist_ok=True)
    started = shown = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
            start_new_session=True, **options,
        )
    try:
        while process.poll() is None:
            now = time.monotonic()
            if now - started > limit:
                raise SetupError(f"{command[0]}: not finished after {limit} s, stopped; log: {log}")
            if now - shown >= 10:
                shown = now
                text = progress() if progress else _count_in(log)
                note(f"… {now - started:.0f} s{', ' + text if text else ''}")
            time.sleep(0.1)
    finally:
        stop_process(process)
    if process.returncode:
        tail = [line for line in log.read_text(errors="replace").splitlines() if " INFO " not in line][-30:]
        raise SetupError("\n".join([*tail, "", f"failed with exit code {process.returncode}; log: {log}"]))


def _count_in(log):
    with log.open("rb") as lines:
        lines.seek(max(0, log.stat().st_size - 4000))
        found = re.findall(rb"\((\d+/\d+)\)", lines.read())
    return found[-1].decode() if found else ""


def stop_process(process, limit=15):
    """End a child that leads its own process group: asked first, killed after `limit` seconds."""
    if process is None or process.poll() is not None:
        return
    for sign, wait in ((signal.SIGTERM, limit), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
            return


def wait_until(check, seconds, what, pause=0.05):
    """Value of `check()` once it is true; SetupError naming `what` when it is not within `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise SetupError(f"{what}: not within {seconds} s")
        time.sleep(pause)


def port_open(port, host="127.0.0.1"):
    with contextlib.suppress(OSError), socket.create_connection((host, port), 0.5):
        return True
    return False


def port_free(port, host="127.0.0.1"):
    with contextlib.suppress(OSError), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return True
    return False


@contextlib.contextmanager
def lock(path, what, limit=1800):
    """Hold the lock file `path`; says so when another process has it, SetupError after `limit` seconds."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        def take():
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True

        if not take():
            say(f"waiting for another process: {what}")
            wait_until(take, limit, f"lock {path}", pause=0.2)
        yield


@contextlib.contextmanager
def building(target):
    """A fresh folder that becomes `target` by one rename when the block succeeds, and is removed when it fails.

    The caller holds a lock, so that parts lying about are of killed commands and can go.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    for stale in target.parent.glob(f"{target.name}.part-*"):
        shutil.rmtree(stale, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=f"{target.name}.part-", dir=target.parent))
    part.chmod(0o755)
    try:
        yield part
        if target.exists():
            shutil.rmtree(target)
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_if_changed(path, text, mode=None):
    """Write a small file atomically; True when its content changed."""
    path = Path(path)
    if path.is_file() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part-{os.getpid()}")
    part.write_text(text)
    if mode is not None:
        part.chmod(mode)
    part.replace(path)
    return True
