"""The process in which mail is read: bytes in, what the mail says out, one after the other, until the pipe closes.

Started by ``mail_reader.py`` as ``mail_child <folder> <module>``, from a folder of its own so that no module beside it
stands in for one of Python's. It knows no Odoo, no database and no network; what
it reads was written by strangers. The limits of processor and memory are set here before each mail, that of time is
kept by who waits.
"""

import importlib
import json
import os
import resource
import signal
import struct
import sys
import types

IDLE_SECONDS = 300


def main(folder, module):
    for name, place in (("servicedesk_tools", os.path.dirname(folder)), ("servicedesk_tools.mail", folder)):
        package = types.ModuleType(name)  # without its __init__, which imports what is not needed here
        package.__path__ = [place]
        sys.modules[name] = package
    reader = importlib.import_module(f"servicedesk_tools.mail.{module}")
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints does not get between
    for stop in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # a server that stops lets it finish its mail
        signal.signal(stop, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, lambda *_args: os._exit(0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    target.write(b"ready")
    target.flush()
    while True:
        signal.alarm(IDLE_SECONDS)
        head = source.read(20)
        signal.alarm(0)
        if len(head) < 20:
            return
        size, seconds, memory = struct.unpack("!QIQ", head)
        raw = source.read(size)
        limit(seconds, memory)
        answer(target, reader.parse(raw))


def limit(seconds, memory):
    """Allow so many seconds of processor from here on, and so many bytes of memory in all."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))


def answer(target, mail):
    """Write a mail as a head in JSON and its files behind it: nothing that could run where it is read."""
    head = dict(vars(mail))
    head["date"] = mail.date and mail.date.isoformat()
    head["files"] = [vars(file) | {"content": len(file.content)} for file in mail.files]
    head = json.dumps(head).encode()
    target.write(struct.pack("!QQ", len(head), sum(len(file.content) for file in mail.files)))
    target.write(head)
    for file in mail.files:
        target.write(file.content)
    target.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
