"""Stands in for tools/mail/mime.py in the process that reads mail: does what the mail says."""
import os
import time


class Said:
    def __init__(self):
        self.date, self.files, self.subject = None, [], "fine"


def parse(raw):
    if raw == b"sleep":
        time.sleep(60)
    elif raw == b"spin":
        while True:
            pass
    elif raw == b"bomb":
        return "x" * 4_000_000_000
    elif raw == b"abort":
        os.abort()
    elif raw == b"flood":
        said = Said()
        said.subject = "x" * 50_000_000
        return said
    return Said()
