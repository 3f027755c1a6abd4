"""Ten thousand mails at once, and one of 60 MB: all there, once, in bounded memory."""
import imaplib
import os
import time
from email.message import EmailMessage

import pytest
from faulty import SUPPORT, new_mail, open_faulty_desk, settle, subjects

pytestmark = pytest.mark.slow
BURST = 10_000
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def desk(desk_database, mail):
    yield from open_faulty_desk(desk_database, mail)


def append(mail, messages):
    """Put messages into the mailbox by IMAP: faster than SMTP, and larger than Postfix lets through."""
    with imaplib.IMAP4("127.0.0.1", mail.imap, timeout=120) as imap:
        imap.login("podpora", mail.password)
        for message in messages:
            imap.append("INBOX", None, imaplib.Time2Internaldate(time.time()), message)


def peak_memory(desk):
    """Return the highest resident memory of the server so far, in MB."""
    with open(f"/proc/{desk.pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))


def test_sixty_megabytes(desk, mail):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "jana@stavbyvltava.example", SUPPORT, "large one"
    message["Message-ID"] = "<large@stavbyvltava.example>"
    message.set_content("See the file.")
    content = os.urandom(44 * MEGABYTE)  # 60 MB in base64
    message.add_attachment(content, "application", "zip", filename="backup.zip")
    before = peak_memory(desk)
    append(mail, [message.as_bytes()])
    settle(desk)
    assert subjects(desk, "large") == ["large one"]
    [file] = desk.rpc("ir.attachment", "search_read", [[("name", "=", "backup.zip")]], {"fields": ["file_size"]})
    assert file["file_size"] == len(content)
    assert peak_memory(desk) - before < 12 * 60, "a few copies at most"


def test_ten_thousand_at_once(desk, mail):
    desk.rpc("servicedesk.department", "write", [
        desk.rpc("servicedesk.department", "search", [[("email", "=", SUPPORT)]]), {"flood_limit": 0}])
    append(mail, (new_mail(f"mass {number:05}").as_bytes() for number in range(BURST)))
    before = peak_memory(desk)

    def filed():
        desk.wake_crons()
        return desk.rpc("servicedesk.ticket", "search_count", [[("subject", "=like", "mass %")]])

    end = time.monotonic() + 1500
    while filed() < BURST and time.monotonic() < end:
        try:
            desk.run_cron("mail.ir_cron_mail_gateway_action", timeout=600)
        except Exception as error:
            assert "already executing" in str(error)
        time.sleep(2)
    settle(desk)
    assert subjects(desk, "mass ") == [f"mass {number:05}" for number in range(BURST)]
    assert desk.rpc("servicedesk.intake", "search_count", [[("state", "=", "done")]]) == BURST + 1
    assert peak_memory(desk) - before < 400
