"""Conditions of rules on incoming messages: plain comparisons of what a message says, without the ORM.

All conditions of a rule must hold; an empty one always does. Words are compared without case and diacritics.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from .mail import addresses

FILE_KINDS = {
    "picture": ("image/",),
    "pdf": ("application/pdf",),
    "document": ("application/msword", "application/vnd.", "text/", "application/rtf"),
    "archive": ("application/zip", "application/x-7z", "application/x-rar", "application/gzip", "application/x-tar"),
}


@dataclass
class Facts:
    """What a rule may ask about a message.

    ``files`` are MIME types, ``headers`` maps lower-case names to values, ``working`` tells whether the department
    was at work when it arrived (None: nobody asked yet).
    """

    channel: str = "email"
    answer: bool = False
    department_id: int = 0
    client_id: int = 0
    sender: str = ""
    subject: str = ""
    text: str = ""
    files: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)
    working: bool | None = None


def plain(text):
    """Return ``text`` in lower case without diacritics."""
    decomposed = unicodedata.normalize("NFKD", text or "")
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()


def terms(text):
    """Return the alternatives of a condition: separated by commas, semicolons or line ends."""
    return [term for part in re.split(r"[,;\n]", text or "") if (term := plain(part).strip())]


def holds(rule, facts):
    """Tell whether all conditions of ``rule`` hold.

    :param dict rule: ``event`` (any, new, answer), ``channel``, ``department_ids``, ``client_ids``, ``senders``,
        ``subject_words``, ``text_words``, ``header_name``, ``header_words``, ``files``, ``moment``; anything may be
        missing or empty
    """
    return all(condition(rule, facts) for condition in (
        _event, _channel, _department, _client, _sender, _words, _header, _files, _moment))


def _event(rule, facts):
    return rule.get("event", "any") in ("any", "answer" if facts.answer else "new")


def _channel(rule, facts):
    return rule.get("channel") in (None, False, "any", facts.channel)


def _department(rule, facts):
    return not rule.get("department_ids") or facts.department_id in rule["department_ids"]


def _client(rule, facts):
    return not rule.get("client_ids") or facts.client_id in rule["client_ids"]


def _sender(rule, facts):
    """Addresses, domains with all below them, or the beginning of a number."""
    wanted = terms(rule.get("senders"))
    if not wanted:
        return True
    sender = plain(facts.sender)
    domain = addresses.domain(sender)
    return any(term == sender or ("@" not in term and domain and (domain == term or domain.endswith(f".{term}")))
               or (term.startswith("@") and domain == term[1:])
               or (term.startswith("+") and sender.startswith(term)) for term in wanted)


def _words(rule, facts):
    for name, text in (("subject_words", facts.subject), ("text_words", facts.text)):
        wanted = terms(rule.get(name))
        if wanted and not any(term in plain(text) for term in wanted):
            return False
    return True


def _header(rule, facts):
    name = (rule.get("header_name") or "").strip().rstrip(":").lower()
    if not name:
        return True
    value, wanted = facts.headers.get(name), terms(rule.get("header_words"))
    return value is not None and (not wanted or any(term in plain(value) for term in wanted))


def _files(rule, facts):
    kind = rule.get("files")
    if not kind or kind == "any":
        return True
    if kind == "none":
        return not facts.files
    starts = FILE_KINDS.get(kind, ("",))
    return any(mimetype.startswith(starts) for mimetype in facts.files)


def _moment(rule, facts):
    moment = rule.get("moment")
    return not moment or moment == "any" or facts.working is (moment == "working")
