"""Loaded with ``--load`` beside the real add-on: kills the process with SIGKILL at a named point, as a power cut would.

The file named by ``SERVICEDESK_FAULT`` holds ``point count``: the process dies when the point is reached for the
count-th time. The file is removed first, so that the restarted server lives.
"""
import os
import signal
from pathlib import Path

from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.servicedesk.models.fetchmail_server import FetchmailServer
from odoo.addons.servicedesk.models.intake import ServicedeskIntake
from odoo.addons.servicedesk.models.item_delivery import ServicedeskItem

FILE = Path(os.environ.get("SERVICEDESK_FAULT", "/nonexistent"))


def reached(point):
    """Die when this point has been reached often enough."""
    try:
        wanted, count = FILE.read_text().split()
    except (OSError, ValueError):
        return
    if wanted != point:
        return
    if int(count) > 1:
        FILE.write_text(f"{point} {int(count) - 1}")
        return
    FILE.unlink()
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(cls, name, before=None, after=None):
    original = getattr(cls, name)

    def method(self, *args, **kwargs):
        if before:
            reached(before)
        result = original(self, *args, **kwargs)
        if after:
            reached(after)
        return result

    setattr(cls, name, method)


wrap(FetchmailServer, "_store_received", before="fetched", after="stored")
wrap(ServicedeskIntake, "_process", before="intake-claimed", after="filed")
wrap(ServicedeskItem, "_cron_send", before="before-claim")
wrap(ServicedeskItem, "_send_now", before="claimed", after="noted")
wrap(IrMail_Server, "send_email", after="after-250")
