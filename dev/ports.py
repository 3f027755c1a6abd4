"""Free TCP ports, chosen once and remembered per checkout in `.dev/ports.json`."""
import json
import os
import random

from .settings import DEV
from .shell import SetupError, lock, port_free, write_if_changed

FILE = DEV / "ports.json"
FIRST, LAST = 20000, 29999  # below the range that the system hands out by itself


def port(name):
    """The remembered port of a purpose; a free one is picked and remembered the first time."""
    known = _known()
    if name not in known:
        with lock(DEV / "ports.lock", "it picks ports"):
            known = _known()
            if name not in known:
                known[name] = pick(set(known.values()))
                write_if_changed(FILE, json.dumps(known, indent=1, sort_keys=True) + "\n")
    return known[name]


def free_port(name):
    """Like `port`, but another one is remembered when somebody else listens on it now."""
    number = port(name)
    if port_free(number):
        return number
    with lock(DEV / "ports.lock", "it picks ports"):
        known = _known()
        known[name] = pick(set(known.values()))
        write_if_changed(FILE, json.dumps(known, indent=1, sort_keys=True) + "\n")
    return known[name]


def pick(taken=frozenset()):
    """A port that nothing listens on now; random, so that two checkouts rarely want the same."""
    choice = random.Random(os.urandom(8))
    for _attempt in range(200):
        number = choice.randint(FIRST, LAST)
        if number not in taken and port_free(number):
            return number
    raise SetupError("no free TCP port found")


def _known():
    return json.loads(FILE.read_text()) if FILE.exists() else {}
