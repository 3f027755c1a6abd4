"""What a bounce or complaint says: which mail, which addresses, for good or for now.

Sources: RFC 3464 (delivery reports), RFC 3463 (status codes), RFC 5965 (abuse reports), RFC 5321 §4.2 (replies); for
reports in free words, the marks that mail systems have in common.
"""

import re
from dataclasses import dataclass, field

from . import addresses, html_guard, mime, mime_charset, threading

_ONES = re.IGNORECASE | re.MULTILINE
# Bounded as in addresses.py: a letter of one endless word would be searched from each of its letters to its end.
_ADDRESS = r"[\w.!#$%&'*+/=?^`{|}~-]{1,128}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,20}"
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?:^|[\s:\[(])([45][0-5]\d)(?=[ -](?:#?[245]\.\d|\S))", re.MULTILINE)
_DELAY = re.compile(
    r"delay(ed)?\b|will (be )?(re)?tr(y|ied)|keep trying|still trying|not yet been delivered|warning: (could not send|"
    r"message)|temporar(y|ily)|zpožděn|verzögert|retard[ée]", _ONES)
_FINAL = re.compile(
    r"permanent|giv(e|en|ing) up|user unknown|no such (user|recipient)|unknown (user|recipient)|does(n't| not) exist|"
    r"(could ?not|cannot|can't|unable to) (be )?deliver|undeliver|fail(ed|ure)|rejected|mailbox (is )?full|over quota|"
    r"will not be|expired|returned mail|neexistuje|nedoruč", _ONES)
# Where the letter ends and the returned mail begins.
_CUT = re.compile(
    r"^[-=_ \t]*(((this is |below (this line )?is )?a copy of (the|your) (original )?message|"
    r"(message (body and )?|original )?headers? follow|the following is the original).*|"
    r"(start of )?(the )?(original|returned|unsent|bounced) (e-?mail|message)( follows)?[-=_:. \t]*)$", _ONES)
_PER_RECIPIENT = ("final-recipient", "original-recipient", "x-actual-recipient")


@dataclass
class Bounce:
    """``permanent`` is None where the report does not tell; ``message_ids`` are those of the returned mail.

    ``recipients`` are bare addresses, ``status`` is an enhanced code such as ``5.1.1``, ``reason`` one line.
    """

    permanent: bool | None = None
    recipients: list = field(default_factory=list)
    message_ids: list = field(default_factory=list)
    status: str = ""
    reason: str = ""


def parse(mail, raw=b""):
    """Read a report; whatever is missing stays empty, nothing raises.

    :param mail: the parsed report
    :param raw: its bytes, only looked at for what the parts do not tell
    """
    returned = _returned_headers(mail)
    letter = _letter(mail)
    bounce = Bounce(message_ids=_message_ids(mail, returned, raw))
    _read_report(mail, bounce)
    if not bounce.recipients:
        bounce.recipients = _recipients(mail, letter, returned)
    bounce.status = bounce.status or next(iter(_STATUS.findall(letter)), "")
    bounce.reason = bounce.reason or _reason(letter, bounce.recipients) or mail.subject[:500]
    if bounce.permanent is None:
        bounce.permanent = _is_permanent(mail, letter, bounce.status)
    return bounce


def _letter(mail):
    """Return what the mail system itself says, without the mail that it returns."""
    text = (mail.text if mail.text.strip() else html_guard.to_text(mail.html, 50_000))[:50_000]
    cut = _CUT.search(text)
    return text[: cut.start()] if cut and cut.start() > 20 else text


def _returned_headers(mail):
    """Return the headers of the returned mail, from the part that holds it."""
    kinds = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
    part = next((file for file in mail.files if file.mimetype in kinds), None)
    return mime.parse_headers(part.content.lstrip()) if part else mime.Mail()


def _message_ids(mail, returned, raw):
    """Return the Message-Ids of the returned mail, those of its own headers first, never the report's own."""
    quoted = re.findall(r"^[> \t]*message-id:\s*(<[^<>\s]+>)", mail.text, _ONES)
    # Cloud services name it in JSON; others keep the headers in some part of their own kind.
    quoted += re.findall(r'"message-id",\s*"value":\s*"(<[^<>\s"]+>)"', mail.text, _ONES)
    in_parts = re.findall(rb"^[> \t]*message-id:\s*(<[^<>\s]{3,250}>)", raw[:2_000_000], _ONES)
    found = [returned.message_id, *quoted, *(part.decode("latin-1") for part in in_parts),
             *threading.nearest_first(mail.in_reply_to, mail.references)]
    return [one for one in dict.fromkeys(found) if one.startswith("<") and one != mail.message_id]


def _read_report(mail, bounce):
    """Fill in what the machine-readable part says (RFC 3464 §2.3), failed recipients before delayed ones."""
    groups = []
    for file in mail.files:
        if file.mimetype in ("message/delivery-status", "message/global-delivery-status", "message/feedback-report"):
            groups += _groups(re.sub(r"\r*\n|\r", "\n", mime_charset.decode(file.content)))
    if not groups and re.search(r"^action:\s*\w", mail.text, _ONES):
        groups = _groups(mail.text)  # the part lost its type, or a program pasted it
    groups = [group for group in groups if any(name in group for name in (*_PER_RECIPIENT, "original-rcpt-to"))]
    failed = [group for group in groups if group.get("action", "failed").lower().startswith("fail")] or groups
    for group in failed:
        named = (group.get(name, "") for name in ("original-recipient", "final-recipient", "original-rcpt-to"))
        bounce.recipients += [found for value in named if (found := addresses.normalize(_bare(value)))][:1]
    if not failed:
        return
    bounce.recipients = list(dict.fromkeys(bounce.recipients))
    first = failed[0]
    bounce.status = next(iter(_STATUS.findall(first.get("status", ""))), "")
    bounce.reason = _bare(first.get("diagnostic-code", ""))[:500]
    actions = {group.get("action", "").lower() for group in failed}
    if "delayed" in actions:
        bounce.permanent = False
    elif "failed" in actions or bounce.status:
        bounce.permanent = "failed" in actions or bounce.status.startswith("5")


def _groups(text):
    return [_fields(group) for group in re.split(r"\n[ \t]*\n", text)]


def _fields(group):
    found = {}
    for line in re.sub(r"\n[ \t]+", " ", group).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _bare(value):
    """Return a typed value without its type: ``rfc822; a@b.cz`` → ``a@b.cz``, one line."""
    return re.sub(r"\s+", " ", re.sub(r"^\s*[\w-]+\s*;\s*", "", value)).strip()


def _recipients(mail, letter, returned):
    """Return whom a report in free words is about: the header's, else who is named in it and was written to."""
    named = [address for _name, address in addresses.split(mail.header("x-failed-recipients"))]
    if named:
        return named
    not_meant = {address for _name, address in addresses.split(mail.to, mail.sender, returned.sender)}
    found = [match.group().lower().strip(".'") for match in re.finditer(_ADDRESS, letter)
             if letter[max(0, match.start() - 12):match.start()].lower().rstrip("<: ")[-4:] not in ("from", "e-id")]
    found = [address for address in dict.fromkeys(found) if address not in not_meant]
    written_to = [address for _name, address in addresses.split(returned.to, returned.cc)]
    both = [address for address in found if address in written_to]
    return both or found[:1] or (written_to if len(written_to) == 1 else [])


def _reason(letter, recipients):
    """Return the line that tells why: the server's reply, else what stands next to the address."""
    if in_json := re.search(r'"diagnosticCode\\?":\s*\\?"([^"\\]+)', letter):
        return _bare(in_json.group(1))[:500]
    lines = [re.sub(r"\s+", " ", line).strip(" >*") for line in letter.split("\n")]
    lines = [line for line in lines if line]
    for number, line in enumerate(lines):
        if _REPLY.search(line) or _STATUS.search(line):
            # Long replies go on in the next line.
            return " ".join(lines[number:number + 2])[:500] if len(line) > 60 else line[:500]
    for number, line in enumerate(lines):
        if any(address in line.lower() for address in recipients):
            rest = re.sub(rf"^[<(]?{_ADDRESS}[>):]*\s*", "", line)
            if rest := rest if len(rest) > 12 else " ".join(lines[number + 1:number + 2]):
                return rest[:500]
    return next((line for line in lines if _FINAL.search(line) or _DELAY.search(line)), "".join(lines[:1]))[:500]


def _is_permanent(mail, letter, status):
    """Tell whether it failed for good: what is still tried says so; a code or plain words settle the rest."""
    if re.search(r"delay|warning: (could not send|message)|zpožděn", mail.subject, re.IGNORECASE):
        return False
    reply = next(iter(_REPLY.findall(letter)), "")
    code = status or reply
    if _DELAY.search(letter) and not code.startswith("5") and not re.search(r"giv(e|en|ing) up|permanent", letter):
        return False
    if code:
        return code.startswith("5") or bool(re.search(r"giv(e|en|ing) up|permanent|fail", letter, re.IGNORECASE))
    return True if _FINAL.search(letter) or _FINAL.search(mail.subject) else None
