"""Mail read in a process of its own, so that a hang, a bomb or a crash in a parser costs that mail only.

A child reads one mail after the other and is kept for the next; it ends by itself when it is idle or when this
process is gone. What it sends back is plain text and bytes of a limited size, never anything that runs.
"""

import contextlib
import json
import logging
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

from . import mime

_logger = logging.getLogger(__name__)
SECONDS = 60  # of wall time; the reader itself gives up a part of a mail after mime.SECONDS
CPU_SECONDS = 40
MEMORY, MEMORY_PER_BYTE = 768 * 1024 * 1024, 16
ANSWER, ANSWER_PER_BYTE = 16 * 1024 * 1024, 4
START_SECONDS = 30
RETRY_SECONDS = 600  # until another process is tried where none could be started
MAILS_PER_CHILD = 1000
FOLDER = Path(__file__).parent

_idle = []
_lock = threading.Lock()
_refused = {"until": 0.0}


class Unreadable(Exception):
    """A mail could not be read within the limits."""


class Died(Unreadable):
    """The process that read a mail died of it, or by chance."""


def read(raw):
    """Return the :class:`mime.Mail` that ``raw`` bytes say.

    :raise Unreadable: see there
    """
    try:
        return _read_once(raw)
    except Died:
        return _read_once(raw)


def _read_once(raw):
    child = _borrow()
    if not child:
        return mime.parse(raw)  # no process can be started here: better in this one than not at all
    with child:
        mail = child.read_mail(raw)
    _give_back(child)
    return mail


def _borrow():
    """Return a child that lives, a new one where none is idle; None where none can be started."""
    while True:
        with _lock:
            child = _idle.pop() if _idle else None
        if not child:
            break
        if child.lives():
            return child
        child.kill()
    if time.monotonic() < _refused["until"]:
        return None
    try:
        return Child()
    except (OSError, Unreadable):
        _refused["until"] = time.monotonic() + RETRY_SECONDS
        _logger.warning("Mail is read without limits: no process for it can be started", exc_info=True)
        return None


def _give_back(child):
    if child.count >= MAILS_PER_CHILD:
        return child.kill()
    with _lock:
        _idle.append(child)
    return None


class Child:
    """One process that reads mail. As a context it is killed by whatever is raised inside."""

    def __init__(self, folder=FOLDER, module="mime", **limits):
        self.seconds = limits.get("seconds", SECONDS)
        self.cpu_seconds = limits.get("cpu_seconds", CPU_SECONDS)
        self.memory = limits.get("memory", MEMORY)
        self.count = 0
        self._process = subprocess.Popen(
            [sys.executable, str(FOLDER / "mail_child"), str(folder), module], cwd="/", bufsize=0,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            # Where to find libraries, and nothing of what this process knows.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                 "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"})
        os.set_blocking(self._process.stdin.fileno(), False)
        with self:
            self._exchange(b"", len(b"ready"), time.monotonic() + START_SECONDS)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_args):
        if kind:
            self.kill()

    def lives(self):
        return self._process.poll() is None

    def kill(self):
        with contextlib.suppress(OSError):
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        self._process.wait()

    def read_mail(self, raw):
        """Return what one mail says; :raise Unreadable: where it is not said in time, or at all."""
        self.count += 1
        deadline = time.monotonic() + self.seconds
        memory = self.memory + MEMORY_PER_BYTE * len(raw)
        head = struct.pack("!QIQ", len(raw), self.cpu_seconds, memory)
        answer = self._exchange(head + raw, 16, deadline)
        head_size, files_size = struct.unpack("!QQ", answer)
        if head_size + files_size > ANSWER + ANSWER_PER_BYTE * len(raw):
            raise Unreadable("more came out of it than was in it")
        body = self._exchange(b"", head_size + files_size, deadline)
        return _build(memoryview(body), head_size)

    def _exchange(self, data, size, deadline):
        """Write ``data`` and return the next ``size`` bytes."""
        data, answer = memoryview(data), bytearray()
        source, target = self._process.stdout, self._process.stdin
        with selectors.DefaultSelector() as selector:
            selector.register(source, selectors.EVENT_READ)
            if data:
                selector.register(target, selectors.EVENT_WRITE)
            while len(answer) < size or data:
                events = selector.select(deadline - time.monotonic())
                if not events:
                    raise Unreadable(f"it took more than {self.seconds} seconds")
                for key, _mask in events:
                    if key.fileobj is source:
                        chunk = os.read(source.fileno(), min(size - len(answer), 1 << 20))
                        if not chunk:
                            raise Died("the process that read it died")
                        answer += chunk
                    else:
                        data = data[self._write(target, data):]
                        if not data:
                            selector.unregister(target)
        return bytes(answer)

    def _write(self, target, data):
        try:
            return os.write(target.fileno(), data[:1 << 16])
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            raise Died("the process that read it died") from None


def _build(body, head_size):
    try:
        head = json.loads(bytes(body[:head_size]))
        position, files = head_size, []
        for file in head.pop("files"):
            size = file.pop("content")
            files.append(mime.File(content=bytes(body[position:position + size]), **file))
            position += size
        date = head.pop("date")
        return mime.Mail(date=date and datetime.fromisoformat(date), files=files, **head)
    except (ValueError, TypeError, KeyError) as error:
        raise Unreadable("the process that read it spoke nonsense") from error
