"""What a bounce or complaint says: which mail, which addresses, for good or for now (RFC 3464, RFC 5965)."""

import re
from dataclasses import dataclass, field


@dataclass
class Bounce:
    """``permanent`` is None where the report does not tell; ``message_ids`` are those of the returned mail."""

    permanent: bool | None = None
    recipients: list = field(default_factory=list)
    message_ids: list = field(default_factory=list)
    status: str = ""
    reason: str = ""


def parse(mail, raw):
    """Read a report; whatever is missing stays empty, nothing raises."""
    text = raw.decode("latin-1")
    own = mail.message_id
    ids = [found for found in re.findall(r"<[^<>\s]+@[^<>\s]+>", " ".join(
        re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", text) + [mail.in_reply_to, mail.references]))
        if found != own]
    status = next(iter(re.findall(r"(?im)^status:\s*([245]\.\d+\.\d+)", text)), "")
    recipients = re.findall(r"(?im)^(?:final|original)-recipient:\s*(?:[a-z0-9]+;)?\s*<?([^\s<>]+@[^\s<>]+)>?", text)
    recipients += re.findall(r"[^\s,<>]+@[^\s,<>]+", mail.header("x-failed-recipients"))
    reason = next(iter(re.findall(r"(?im)^diagnostic-code:\s*(?:smtp;)?\s*(.+)$", text)), "").strip()
    return Bounce(status[:1] == "5" if status else None, list(dict.fromkeys(r.lower() for r in recipients)),
                  list(dict.fromkeys(ids)), status, reason)
