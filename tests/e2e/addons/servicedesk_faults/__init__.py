"""Loaded with ``--load`` beside the real add-on: kills the process with SIGKILL at a named point, as a power cut would.

The file named by ``SERVICEDESK_FAULT`` holds ``point count``: the process dies when the point is reached for the
count-th time. The file is removed first, so that the restarted server lives.
"""
import os
import resource
import signal
from pathlib import Path

from odoo.addons.base.models.ir_attachment import IrAttachment
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.addons.servicedesk.models.intake.fetchmail_server import FetchmailServer
from odoo.addons.servicedesk.models.intake.intake import ServicedeskIntake
from odoo.addons.servicedesk.models.item.delivery import ServicedeskItem
from odoo.addons.servicedesk.models.queue.queue import _Run as QueueRun
from odoo.addons.servicedesk.models.sms.intake import ServicedeskIntake as SmsIntake
from odoo.addons.servicedesk.models.sms.sms import ServicedeskSms
from odoo.addons.servicedesk.tools.sms.sms_gateway.kannel import Kannel
from odoo.addons.servicedesk.models.sla.alarm import ServicedeskSlaClock
from odoo.addons.servicedesk.models.ticket.reminders import ServicedeskTicket

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


def fill_disk(cls):
    """While the fault file says ``disk-full``, the kernel refuses to write files of more than 100 bytes (EFBIG)."""
    original = cls._file_write

    def _file_write(self, bin_value, checksum):
        if not (FILE.exists() and FILE.read_text().startswith("disk-full")):
            return original(self, bin_value, checksum)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        try:
            return original(self, bin_value, checksum)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    cls._file_write = _file_write


fill_disk(IrAttachment)
wrap(FetchmailServer, "_store_received", before="fetched", after="stored")
wrap(ServicedeskIntake, "_process", before="intake-claimed", after="filed")
wrap(ServicedeskItem, "_cron_send", before="before-claim")
wrap(ServicedeskItem, "_begin_sending", before="claimed", after="speaking")
wrap(ServicedeskItem, "_send_now", after="noted")
wrap(IrMail_Server, "send_email", after="after-250")
wrap(SmsIntake, "_store_sms", before="sms-called", after="sms-stored")
wrap(ServicedeskSms, "_cron_send", before="sms-before-claim")
wrap(ServicedeskSms, "_begin_sending", before="sms-claimed", after="sms-speaking")
wrap(Kannel, "_send_one", after="sms-handed-over")
wrap(ServicedeskSms, "_prepare_outcome_vals", after="sms-noted")
wrap(ServicedeskSms, "_on_settled", before="sms-committed")
wrap(ServicedeskSlaClock, "_process_due_alarms", before="alarm-claimed", after="alarm-rung")



def die_before_commit(queue, point):
    """Die when everything that a batch of one queue does has been written, and is not committed."""
    original = QueueRun._commit

    def _commit(self, count, remaining):
        if count and self.queue.name == queue:
            reached(point)
        return original(self, count, remaining)

    QueueRun._commit = _commit


def die_of_poison():
    """Die of every mail whose subject says so, as of a bug in a library; again and again."""
    original = ServicedeskIntake._process

    def _process(self):
        if "poison" in (self.subject or "") and FILE.with_suffix(".poison").exists():
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self)

    ServicedeskIntake._process = _process


die_before_commit("SLA alarms", "alarm-written")
die_of_poison()
for step in ("wake", "remind", "announce_closing", "time_out", "archive_old"):
    wrap(ServicedeskTicket, f"_{step}", before=f"{step}-claimed", after=f"{step}-done")
