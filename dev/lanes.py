"""Work side by side: one lane shows its output as it comes, the other's is shown whole when each of its parts ends."""
import codecs
import collections
import dataclasses
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from .shell import note, say, stop_process

CLOSING = re.compile(r"=+ (?:.*\b\d+ (?:passed|failed|errors?|skipped)\b.*|no tests ran) in [\d.]+s.*=+")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
COUNTS = re.compile(r"(\d+) (passed|failed|errors?|skipped|deselected|xfailed|xpassed)\b")


@dataclasses.dataclass
class Part:
    """A piece of work: `work(run)` gives its exit code, `run(command, folder, **environment)` runs a pytest in it."""

    title: str
    work: object
    log: Path
    code: int = 0
    seconds: float = 0
    closing: str = ""  # pytest's own last line


class Lanes:
    def __init__(self, parts, end):
        self.waiting, self.parts, self.end = collections.deque(parts), parts, end
        self.console, self.stopped, self.failure = threading.Lock(), threading.Event(), None

    def run(self):
        """Work off all parts in their order, two at a time; the first error of a lane is raised at the end."""
        first = self.waiting.popleft()
        beside = threading.Thread(target=self._work_beside)
        beside.start()
        try:
            self._work_off(first, live=True)
            while beside.is_alive():
                beside.join(0.5)
        finally:
            self.stopped.set()
            beside.join(60)
        if self.failure:
            raise self.failure

    def _work_beside(self):
        try:
            self._work_off(None, live=False)
        except BaseException as error:  # of a thread: raised by run()
            self.failure = error
            self.stopped.set()

    def _work_off(self, part, live):
        while (part or self.waiting) and not self.stopped.is_set():
            part = part or self.waiting.popleft()
            started = time.monotonic()
            say(part.title if live else f"beside it: {part.title} (log: {part.log})")
            part.log.parent.mkdir(parents=True, exist_ok=True)
            part.log.write_bytes(b"")
            try:
                part.code = part.work(lambda command, folder, part=part, **extra: self._command(
                    part, live, command, folder, extra))
            finally:
                part.seconds = time.monotonic() - started
                text = part.log.read_text(errors="replace")
                part.closing = ([match.group() for match in CLOSING.finditer(COLOUR.sub("", text))] or [""])[-1]
            if not live and text:
                with self.console:
                    print(f"\n==> {part.title}\n{text}", flush=True)
            part = None

    def _command(self, part, live, command, folder, environment):
        """Exit code of a command, stopped when the time for all of them is over or another lane broke down."""
        process = subprocess.Popen([str(word) for word in command], cwd=folder, env=environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        reader = threading.Thread(target=self._copy, args=(process.stdout, part.log, live), daemon=True)
        reader.start()
        try:
            while not self.stopped.is_set() and time.monotonic() < self.end:
                try:
                    return process.wait(0.5)
                except subprocess.TimeoutExpired:
                    continue
            note(f"{part.title}: stopped" + ("" if self.stopped.is_set() else ", the time for all tests is over"))
            return 124
        finally:
            stop_process(process)
            reader.join(5)

    def _copy(self, stream, log, live):
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with log.open("ab") as file:
            while data := os.read(stream.fileno(), 65536):
                file.write(data)
                file.flush()
                if live:
                    with self.console:
                        sys.stdout.write(decoder.decode(data))
                        sys.stdout.flush()


def total(parts, seconds):
    """One line in pytest's own form for all parts together, for those who read only the last one."""
    counts = collections.Counter()
    for part in parts:
        for number, word in COUNTS.findall(part.closing):
            counts["error" if word == "errors" else word] += int(number)
    words = ", ".join(f"{counts[word]} {word}" for word in ("failed", "passed", "skipped", "deselected", "error")
                      if counts[word])
    return f"{words or 'no tests ran'} in {seconds:.2f}s".join(["=" * 20 + " ", " " + "=" * 20])
