"""`make bench [SIZES="1000 10000 100000"]`: our add-on, the floor and the peer, side by side in one run.

At each size the three take turns on the same machine, each in a database of its own that is dropped at the end.
"""
import contextlib
import json
import os
import subprocess
from pathlib import Path

from .. import addons, database, postgres
from ..settings import CONF, LOG, ROOT
from ..setup import prepare
from ..shell import SetupError, note, say, stop_process
from ..system import odoo_prefix
from . import peers, report

SYSTEMS = {"servicedesk": "servicedesk", "floor": "test_mail", "helpdesk": "helpdesk_mgmt"}
SIZES = "1000 10000 100000"
BURST, WORKERS = 100, 2


def bench(options):
    sizes = sorted(int(size) for size in options.get("SIZES", SIZES).replace(",", " ").split())
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
                for name, one in benches.items():
                    say(f"{name}: {size} tickets")
                    results["systems"][name][size] = one.measure(size)
                    results["load"].append(os.getloadavg()[0])
            results["machine"] = report.describe_machine(environment)
            report.write(results)
        finally:
            for one in benches.values():
                database.drop(one.database)
    return 0


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

    def measure(self, size):
        """`{operation: {ms, queries, spread}}` with so many tickets."""
        with self._worker("grow", size) as worker:
            grown = self._read(worker)
        note(f"{grown['tickets']} tickets, {grown['bytes'] >> 20} MB, {grown['seconds']:.0f} s")
        results = {"bytes": grown["bytes"], "grown": grown["seconds"]}
        with self._worker("measure", size) as worker:
            for line in worker.stdout:
                row = json.loads(line)
                operation = row.pop("operation")
                results[operation] = row
                note(f"{operation:<14} {row['ms']:8.1f} ms {row['queries']:6.0f} queries")
        self._check(worker)
        results["burst"] = self._burst()
        note(f"{'burst':<14} {results['burst']['rate']:8.1f} mails/s with {WORKERS} workers, "
             f"{results['burst']['collisions']} collisions")
        return results

    def _burst(self):
        """New mails per second of two processes that start together, and how often one got into the other's way."""
        with contextlib.ExitStack() as stack:
            workers = [stack.enter_context(self._worker("burst", BURST)) for _number in range(WORKERS)]
            for worker in workers:
                self._read(worker)
            for worker in workers:
                worker.stdin.write("go\n")
                worker.stdin.flush()
            times = [self._read(worker) for worker in workers]
        seconds = max(row["ended"] for row in times) - min(row["started"] for row in times)
        return {"rate": WORKERS * BURST / seconds, "collisions": sum(row["collisions"] for row in times)}

    @contextlib.contextmanager
    def _worker(self, command, size):
        log = LOG / f"bench-{self.name}.log"
        words = [*odoo_prefix(), self.environment.python, "-m", "dev.bench.worker", command, self.name, size, "--",
                 *self.options]
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [str(word) for word in words], cwd=ROOT, env={**postgres.environment(), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True)
        try:
            yield process
            process.wait(60)
        finally:
            stop_process(process)

    def _read(self, worker):
        line = worker.stdout.readline()
        if not line:
            worker.wait(60)
            self._check(worker, always=True)
        return json.loads(line)

    def _check(self, worker, always=False):
        if always or worker.returncode:
            log = Path(LOG / f"bench-{self.name}.log")
            lines = [line for line in log.read_text(errors="replace").splitlines() if " INFO " not in line]
            tail = "\n".join(lines[-25:])
            raise SetupError(f"{tail}\n\n{self.name}: the measurement failed; log: {log}")
