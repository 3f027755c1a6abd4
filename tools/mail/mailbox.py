"""Reading a mailbox by position instead of by flags: what somebody opened in webmail comes too.

IMAP is read by UIDVALIDITY and UID (RFC 3501 §2.3.1.1), POP3 by UIDL (RFC 1939 §7). Nothing in the mailbox is
changed: no flag is set, nothing is deleted.
"""

import imaplib
import poplib
import re
import time
from dataclasses import dataclass
from datetime import datetime, timezone

# Lines of real mail are longer than RFC 1939 allows; Python's default of 2,048 bytes breaks on them.
poplib._MAXLINE = 16 * 1024 * 1024
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass
class Received:
    """One message of a mailbox: ``raw`` is None where the server would not hand it over (``error`` says why)."""

    uid: str
    position: tuple
    raw: bytes | None
    received_at: datetime | None = None
    error: str = ""


def read_imap(connection, validity, last_uid, since=None, folder="INBOX"):
    """Yield what stands behind the position ``(validity, last_uid)`` of a folder, oldest first.

    :param since: date; of a mailbox that is read for the first time only messages from that day on are taken
    :raise imaplib.IMAP4.error: the folder cannot be read; OSError: the connection broke
    """
    current = _select(connection, folder)
    if current != validity:  # the server has renumbered: read all again, the ledger knows what it has
        last_uid = 0
    # "n:*" names the newest message even when its UID is below n (RFC 3501 §6.4.8)
    yield from _fetch(connection, current, [uid for uid in _search(connection, since, f"UID {last_uid + 1}:*")
                                            if uid > last_uid])


def reconcile_imap(connection, known, since=None, folder="INBOX"):
    """Yield what lies in a folder but not in the ledger, whatever the position says.

    :param known: function that takes a list of ``validity/uid`` and returns the set of those in the ledger
    """
    current = _select(connection, folder)
    uids = _search(connection, since, "ALL")
    seen = known([f"{current}/{uid}" for uid in uids])
    for received in _fetch(connection, current, [uid for uid in uids if f"{current}/{uid}" not in seen]):
        received.position = ()
        yield received


def _select(connection, folder):
    status, answer = connection.select(folder, readonly=True)
    if status != "OK":
        raise imaplib.IMAP4.error(f"cannot select {folder}: {answer}")
    return int(connection.response("UIDVALIDITY")[1][0] or 0)


def _search(connection, since, *criteria):
    if since:
        criteria += (f"SINCE {since.day}-{MONTHS[since.month - 1]}-{since.year}",)
    _status, found = connection.uid("SEARCH", *criteria)
    return sorted(map(int, (found[0] or b"").split()))


def _fetch(connection, current, uids):
    for uid in uids:
        position = (current, uid)
        try:
            _status, data = connection.uid("FETCH", str(uid), "(INTERNALDATE BODY.PEEK[])")
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            yield Received(f"{current}/{uid}", position, None, error=str(error))
            continue
        parts = [part for part in data or () if isinstance(part, tuple)]
        if not parts:  # expunged in between
            continue
        yield Received(f"{current}/{uid}", position, parts[0][1], _internal_date(parts[0][0], data))


def _internal_date(head, data):
    text = head + b" " + b" ".join(part for part in data if isinstance(part, bytes))
    match = re.search(rb'INTERNALDATE "([^"]+)"', text)
    if not match:
        return None
    parsed = imaplib.Internaldate2tuple(b'INTERNALDATE "' + match.group(1) + b'"')
    if not parsed:
        return None
    return datetime.fromtimestamp(time.mktime(parsed), timezone.utc).replace(tzinfo=None)


def read_pop3(connection, known):
    """Yield the messages whose UIDL is not known yet, oldest first.

    :param known: function that takes a list of UIDLs and returns the set of those already in the ledger
    """
    _answer, lines, _size = connection.uidl()
    listed = [line.decode("ascii", "replace").split(" ", 1) for line in lines]
    seen = known([uidl for _number, uidl in listed])
    for number, uidl in listed:
        if uidl in seen:
            continue
        try:
            _answer, body, _size = connection.retr(int(number))
        except poplib.error_proto as error:
            yield Received(uidl, (), None, error=str(error))
            continue
        yield Received(uidl, (), b"\r\n".join(body) + b"\r\n")
