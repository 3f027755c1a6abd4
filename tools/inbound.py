"""What kind of mail this is, by what it says about itself: an ordered table, the first rule that holds decides.

Sources: RFC 3464 (delivery reports), RFC 5965 (abuse reports), RFC 8098 (read receipts), RFC 3834 (automatic
answers), RFC 2919 (List-Id), Microsoft's [MS-OXCMAIL] for X-Auto-Response-Suppress.
"""

import re

AUTOMATIC = ("bounce", "complaint", "receipt", "auto_reply", "automatic", "list")

_AUTO_SUBJECT = re.compile(
    r"^\s*(auto(matic|mated)?[ -]?(reply|response)|out of (the )?office|automatick[áa] odpov[ěe][ďd]|"
    r"mimo kancel[áa][řr]|nep[řr][íi]tomnost|abwesenheit|automatische antwort|r[ée]ponse automatique)\b", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"(undeliver(ed|able)|delivery (status notification|failure|has failed)|mail delivery (failed|system)|"
    r"returned mail|failure notice|nedoru[čc]iteln|nedoru[čc]en)", re.IGNORECASE)
_DAEMON = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon)@?", re.IGNORECASE)


def _report(mail, kind):
    content_type = mail.header("content-type").lower()
    return "multipart/report" in content_type and kind in content_type


def _is_bounce(mail):
    sender = mail.sender.rpartition("<")[2].strip(" >")
    daemon = bool(_DAEMON.match(sender)) or mail.header("return-path").strip() == "<>"
    return (_report(mail, "delivery-status") or bool(mail.header("x-failed-recipients"))
            or (daemon and bool(_BOUNCE_SUBJECT.search(mail.subject))))


def _is_auto_reply(mail):
    return (mail.header("auto-submitted").lower().startswith("auto-replied")
            or bool(mail.header("x-autoreply") or mail.header("x-autorespond") or mail.header("x-autoresponder"))
            or mail.header("precedence").lower() == "auto_reply"
            or bool(_AUTO_SUBJECT.match(mail.subject)))


def _is_automatic(mail):
    submitted = mail.header("auto-submitted").lower()
    return (bool(submitted) and not submitted.startswith("no")) or mail.header("return-path").strip() == "<>"


def _is_list(mail):
    return (bool(mail.header("list-id") or mail.header("list-unsubscribe"))
            or mail.header("precedence").lower() in ("list", "bulk", "junk"))


RULES = (
    ("complaint", lambda mail: _report(mail, "feedback-report")),
    ("receipt", lambda mail: _report(mail, "disposition-notification")),
    ("bounce", _is_bounce),
    ("auto_reply", _is_auto_reply),
    ("automatic", _is_automatic),
    ("list", _is_list),
)


def classify(mail):
    """Return the kind of a parsed mail: a name of RULES, or ``ordinary``."""
    return next((kind for kind, holds in RULES if holds(mail)), "ordinary")


def failed_authentication(mail):
    """Tell whether the receiving server found the sender forged (RFC 8601): such mail is never answered by itself."""
    return bool(re.search(r"\b(spf|dkim|dmarc)=fail\b", mail.header("authentication-results"), re.IGNORECASE))
