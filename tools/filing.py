"""What is known of a message on its way to a ticket, and how that way ended: plain values and records, no ORM."""

from dataclasses import dataclass, field
from functools import cached_property

from .mail import addresses, authentication, html_cleaner, inbound, mail_text, mime
from .reasons import Reason

RECORDS = {
    "servicedesk.department": ("department", "arrived_in"),
    "servicedesk.ticket": ("ticket", "mentioned"),
    "servicedesk.item": ("parent", "item"),
    "servicedesk.rule": ("rules",),
    "res.partner": ("client", "contact"),
}


@dataclass
class Filing:
    """One message that is being filed: made once, filled by the steps, looked at by rules.

    What a step has not found out yet is empty. :meth:`start` makes one whose records are empty recordsets.
    """

    channel: str  # email, sms, portal
    sender: str = ""  # normalised address, or number
    received_at: object = None
    mail: object = None  # the parsed mail; None on other channels
    kind: str = "ordinary"  # see tools/mail/inbound.py

    # what it says, as its item will show it
    subject: str = ""
    body: str = ""
    left_out: list = field(default_factory=list)  # reasons that the item gives for what is not shown of it
    files: list = field(default_factory=list)  # as attachments are created: {name, raw, mimetype}
    headers: dict = field(default_factory=dict)  # lower-case names; only mails have any

    # where it belongs
    department: object = None  # the addressed one; of what opens a ticket, where it will open
    arrived_in: object = None  # the department in which rules saw it, before they moved it
    client: object = None  # the person or company who writes, as far as the address tells
    contact: object = None  # the person, where the address is this person's own
    ticket: object = None  # empty while it is not known, and for what opens one until it is open
    opened: bool = False  # the ticket was opened for it
    parent: object = None  # the item that it answers
    verdict: str = ""  # of what says who sent it: passed, failed, unknown; see tools/mail/authentication.py
    reason: str = ""  # the evidence by which it found its ticket
    mentioned: object = None  # a ticket that it names without belonging to it
    third_party: bool = False  # from somebody who has no part in the ticket

    # what comes of it
    rules: object = None  # those that hold, in their order
    item: object = None
    remarks: list = field(default_factory=list)  # reasons (tools/reasons.py) that the ledger gives beside the outcome

    # SMS
    sms: object = None  # as its gateway handed it over
    text: str = ""  # its words, all parts together
    parts: object = None  # ledger rows of a long one
    departments: object = None  # those that share the number written to
    people: object = None  # contacts with the sender's number

    @classmethod
    def start(cls, env, channel, **known):
        """Return a filing of which only ``known`` is known."""
        none = {name: env[model] for model, names in RECORDS.items() for name in names}
        return cls(channel, **none | known)

    def take_mail(self, mail):
        """Take over what a mail says; which kind it is costs a look at all of it."""
        self.kind = inbound.classify(mail)
        self.verdict = authentication.verdict(mail, self.department.trusted_authserv)
        shown = html_cleaner.examine(mail.html or mail_text.text_to_html(mail.text))
        self.subject, self.body = mail.subject, shown.html
        self.left_out = describe_left_out(mail.problems, shown.left_out)
        self.files = [{"name": file.name, "raw": file.content, "mimetype": mime.harmless_type(file.mimetype)}
                      for file in mail.files]
        self.headers = lower_names(mail.headers)

    @property
    def is_forged(self):
        """Tell whether it is perhaps not from whom it says; a server that we do not know counts for the worse only."""
        return self.verdict == "failed" or bool(self.mail) and inbound.failed_authentication(self.mail)

    @property
    def is_unwanted(self):
        """Tell whether nothing may be answered by itself: forged, or spam in the mail server's eyes."""
        return self.is_forged or bool(self.mail) and inbound.is_flagged_as_spam(self.mail)

    @cached_property
    def correspondent(self):
        """The address to which the system may answer by itself, or ``""``: no machine, forgery, spam, SMS."""
        if self.channel == "portal":
            return self.sender
        if not self.mail or self.kind != "ordinary" or self.is_unwanted:
            return ""
        return addresses.normalize(self.mail.reply_to or self.mail.sender)


@dataclass(frozen=True)
class Outcome:
    """How a message ended, as the ledger keeps it."""

    state: str
    outcome: str | bool
    reason: object = ""  # a reason or several, see tools/reasons.py
    item: object = None
    until: object = False  # where it is only put off (state ``new``): when it is looked at again


def describe_left_out(problems, words):
    """Return as reasons what of a mail is not shown: by ``problems`` in reading it, or ``words`` of its HTML."""
    codes = [code for code in problems if code in mime.LOSSES] + (["words-left-out"] if words else [])
    return [Reason.of("left_out", problems=[Reason(code) for code in codes])] if codes else []


def lower_names(headers):
    """Return headers as rules look them up: by their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}
