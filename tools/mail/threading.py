"""Which conversation a mail belongs to: the evidence that its headers carry (RFC 5322 §3.6.4)."""

import re
import secrets

# Message-Ids of notices to agents begin with this, those of items with "sd".
NOTICE = "sdn"
MESSAGE_ID = re.compile(r"<[^<>\s]{1,996}>")


def message_ids(*headers):
    """Return the Message-Ids in the given header values, in order, each once.

    ``message_ids('<b@x>', '<a@x> <b@x>')`` → ``['<b@x>', '<a@x>']``: pass In-Reply-To first, it is the
    strongest evidence. References are given oldest first, callers who want the nearest reverse them.
    """
    return list(dict.fromkeys(found for header in headers for found in MESSAGE_ID.findall(header or "")))


def nearest_first(in_reply_to, references):
    """Return the ids that a mail answers, the nearest one first."""
    return list(dict.fromkeys(message_ids(in_reply_to) + message_ids(references)[::-1]))


def new_message_id(ticket_id, domain, kind="sd"):
    """Return a Message-Id of our own: 96 random bits make it a proof that the sender has our mail."""
    return f"<{kind}.{ticket_id}.{secrets.token_hex(12)}@{domain or 'servicedesk.invalid'}>"


def is_notice_id(message_id):
    """Tell whether a Message-Id looks like that of a notice to an agent."""
    return message_id.startswith(f"<{NOTICE}.")


def references_for(parent_id, parent_references, limit=12):
    """Return the References of an answer: those of the parent, then the parent (RFC 5322 §3.6.4).

    A long thread keeps its first and its newest ids, as Usenet and mail programs do, so that the
    header stays below the 998 characters of a line.
    """
    chain = message_ids(parent_references, parent_id)
    return " ".join(chain[:1] + chain[1:][-(limit - 1):])


def numbers_in(subject):
    """Return what may be ticket numbers in a subject, in capitals: ``['SD-10482']`` for ``Re: [sd-10482] VPN``.

    Which of them are numbers knows the database; the prefix is free to choose and is not looked at here.
    """
    return list(dict.fromkeys(
        found.upper() for found in re.findall(r"(?<![\w/-])[\w/-]*\d{3,12}(?![\w-])", subject or "")))[:10]


def subject_with_number(subject, number):
    """Return ``subject [number]``, the number just once, wherever it stood before."""
    # In one line: whatever ends a line would end the header, and no mail server takes that.
    bare = " ".join(strip_number(subject, number).split())
    return f"{bare} [{number}]" if bare else f"[{number}]"


def strip_number(subject, number):
    """Return the subject without ``[number]``."""
    return re.sub(r"\s{0,20}\[%s\]" % re.escape(number), "", subject or "", flags=re.IGNORECASE).strip()


def reply_subject(subject):
    """Return ``Re: subject`` without piling up what mail programs of all tongues put before it."""
    bare = re.sub(r"^\s*((re|aw|sv|odp|odpověď|odpoveď)(\[\d+\])?:\s*)+", "", subject or "", flags=re.IGNORECASE)
    return f"Re: {bare}".strip()
