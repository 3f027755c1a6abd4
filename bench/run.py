"""`make bench [SIZES="1000 10000 100000"]`: our add-on, the floor and the peer, side by side in one run.

Each has a database of its own that is dropped at the end. At each size the three take turns repetition by repetition,
so that whatever else the machine does meets all of them alike.
"""
import contextlib
import json
import os
import re
import statistics
import subprocess

from dev import addons, database, postgres
from dev.settings import CONF, LOG, ROOT
from dev.setup import prepare
from dev.shell import SetupError, note, say, stop_process
from dev.system import odoo_prefix

from . import peers, report

SYSTEMS = {"servicedesk": "servicedesk", "floor": "test_mail", "helpdesk": "helpdesk_mgmt"}
SIZES = "1000 10000 100000"
WARM_UP, REPEATS = 3, 15
SELECTIONS = re.compile(r"_(1000|50)$")  # work on many at once: seconds each, at the largest size only
SELECTION_REPEATS = 3
BURST, WORKERS = 100, 2
DEADLINES = 10_000
ASSIGNED = 1_000


def bench(options):
    sizes = sorted(int(size) for size in options.get("SIZES", SIZES).replace(",", " ").split())
    if not sizes or sizes[0] < 1000:
        raise SetupError("SIZES: numbers of tickets from 1000 on, such as \"1000 10000\"")
    environment = prepare()
    results = {"sizes": sizes, "systems": {name: {} for name in SYSTEMS}, "load": []}
    with postgres.in_use(), addons.snapshot() as ours:
        paths = [environment.odoo.addons, ours, peers.helpdesk(environment.python)]
        benches = {name: Bench(environment, name, paths) for name in SYSTEMS}
        try:
            for name, one in benches.items():
                say(f"{name}: a database of its own")
                one.install(SYSTEMS[name])
            for size in sizes:
                say(f"{size} tickets")
                for name, rows in _measure(benches.values(), size, size == sizes[-1]).items():
                    results["systems"][name][size] = rows
                results["load"].append(os.getloadavg()[0])
            say(f"{ASSIGNED} new tickets that a rule gives to somebody")
            results["assignment"] = benches["servicedesk"].assign()
            say(f"{DEADLINES} deadlines that pass in the same minute")
            results["escalation"] = benches["servicedesk"].escalate()
            say("a ticket of 20 and one of 1,000 items on the screen")
            results["screen"] = benches["servicedesk"].open_on_screen()
            results["machine"] = report.describe_machine(environment)
            report.write(results)
        finally:
            for one in benches.values():
                database.drop(one.database)
    return 0


def _measure(benches, size, largest):
    """`{system: {operation: {ms, queries}, "burst": …, "bytes": …}}`: medians with so many tickets."""
    results = {one.name: one.grow(size) for one in benches}
    with contextlib.ExitStack() as stack:
        workers = {one: stack.enter_context(one.worker("measure", size)) for one in benches}
        known = {one: one.read(worker)["operations"] for one, worker in workers.items()}
        for operation in list(dict.fromkeys(name for names in known.values() for name in names)):
            taking = {one: worker for one, worker in workers.items() if operation in known[one]}
            many = SELECTIONS.search(operation)
            if many and not largest:
                continue
            warm_up, repeats = (0, SELECTION_REPEATS) if many else (WARM_UP, REPEATS)
            rounds = [{one: one.ask(worker, f"{operation} {number}") for one, worker in taking.items()}
                      for number in range(warm_up + repeats)][warm_up:]
            for one in taking:
                row = {key: statistics.median(done[one][key] for done in rounds) for key in ("ms", "queries")}
                results[one.name][operation] = row
                note(f"{operation:<14} {one.name:<12} {row['ms']:8.1f} ms {row['queries']:6.0f} queries")
    for one in benches:
        results[one.name]["burst"] = burst = one.burst()
        note(f"{'burst':<14} {one.name:<12} {burst['rate']:8.1f} mails/s, {burst['collisions']} collisions")
    return results


class Bench:
    """One system and its database, driven from outside."""

    def __init__(self, environment, name, paths):
        self.environment, self.name = environment, name
        self.database = database.database(f"bench_{name}")
        self.options = ["-c", CONF, "-d", self.database, f"--addons-path={','.join(map(str, paths))}",
                        "--log-level=warn", "--max-cron-threads=0"]

    def install(self, modules):
        database.drop(self.database)
        database.install(self.environment.venv, self.database, ["-i", modules], f"bench-{self.name}.log",
                         *self.options[4:5])

    def grow(self, size):
        """Bring the database to so many tickets; returns its size in `bytes`."""
        with self.worker("grow", size) as worker:
            grown = self.read(worker)
        note(f"{self.name}: {grown['tickets']} tickets, {grown['bytes'] >> 20} MB, {grown['seconds']:.0f} s")
        return {"bytes": grown["bytes"]}

    def ask(self, worker, line):
        """One line to a worker, one object back."""
        worker.stdin.write(f"{line}\n")
        worker.stdin.flush()
        return self.read(worker)

    def burst(self):
        """New mails per second of two processes that start together, and how often one got into the other's way."""
        with contextlib.ExitStack() as stack:
            workers = [stack.enter_context(self.worker("burst", BURST)) for _number in range(WORKERS)]
            for worker in workers:
                self.read(worker)
            for worker in workers:
                worker.stdin.write("go\n")
                worker.stdin.flush()
            times = [self.read(worker) for worker in workers]
        seconds = max(row["ended"] for row in times) - min(row["started"] for row in times)
        return {"rate": WORKERS * BURST / seconds, "collisions": sum(row["collisions"] for row in times)}

    def escalate(self):
        """What one worker needs for many deadlines at once: seconds, SQL statements, batches."""
        with self.worker("escalate", DEADLINES) as worker:
            done = self.read(worker)
        note(f"{done['count']} in {done['seconds']:.1f} s, {done['batches']} batches, {done['queries']} queries")
        return done

    def assign(self):
        """What one worker needs to give many tickets their owners: seconds, SQL statements, batches."""
        with self.worker("assign", ASSIGNED) as worker:
            done = self.read(worker)
        note(f"{done['count']} in {done['seconds']:.1f} s, {done['batches']} batches, {done['queries']} queries")
        return done

    def open_on_screen(self):
        """Milliseconds until the newest words are painted in a browser: a `small` and a `large` ticket."""
        done = subprocess.run(
            [self.environment.python, "-m", "bench.screen", self.database], cwd=ROOT, check=True, timeout=600,
            env={**postgres.environment(), "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
        times = json.loads(done.stdout)
        note(f"{'screen':<14} small {times['small']:.0f} ms, large {times['large']:.0f} ms")
        return times

    @contextlib.contextmanager
    def worker(self, command, size):
        log = LOG / f"bench-{self.name}.log"
        words = [*odoo_prefix(), self.environment.python, "-m", "bench.worker", command, self.name, size, "--",
                 *self.options]
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [str(word) for word in words], cwd=ROOT, env={**postgres.environment(), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True)
        try:
            yield process
            process.stdin.close()
            process.wait(60)
        finally:
            stop_process(process)

    def read(self, worker):
        """The next object that a worker tells; SetupError with the end of its log when it has died."""
        line = worker.stdout.readline()
        if not line:
            log = LOG / f"bench-{self.name}.log"
            lines = [text for text in log.read_text(errors="replace").splitlines() if " INFO " not in text]
            raise SetupError("\n".join([*lines[-25:], "", f"{self.name}: the measurement failed; log: {log}"]))
        return json.loads(line)
