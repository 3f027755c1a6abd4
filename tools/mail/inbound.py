"""What kind of mail this is, by what it says about itself: an ordered table, the first rule that holds decides.

Sources: RFC 3464 (delivery reports), RFC 5965 (abuse reports), RFC 8098 (read receipts), RFC 3834 (automatic
answers), RFC 2919 (List-Id), Microsoft's [MS-OXCMAIL] for X-Auto-Response-Suppress; for what follows none of them,
the words that mail systems use. Words alone never decide, for people write about undeliverable mail and about absences
to a service desk: the sender must be a mail system, the failed mail must have come back, or the mail says by a header
that a machine wrote it. What an automatic mail answers tells, in whatever language, that it is an automatic answer.
"""

import re

from . import addresses, html_guard

AUTOMATIC = ("bounce", "complaint", "receipt", "auto_reply", "automatic", "list")

_ONES = re.IGNORECASE | re.MULTILINE

def _any(*phrases, flags=re.IGNORECASE):
    return re.compile("|".join(phrases), flags)


# Nobody writes by these names; behind the others a person may be.
_MACHINE = _any(
    r"mailer-?daemon", r"mail-daemon", r"\bmdaemon", r"mail(er)?[ ._-]?(delivery|deliver)",
    r"delivery[ ._-](sub)?system", r"microsoftexchange[0-9a-f]{6}", r"<>", r"^mailer$", r"double-bounce@", r"\bndr\b")
_DAEMON = _any(_MACHINE.pattern, r"poo?st-?master", r"mail(er)?[ ._-]?(system|admin)", r"system administrator")
_ROBOT = _any(
    r"^(no|not|do-?not|donot|ne|neodpovidat|nepisz)[._-]?(reply|respond|responder|odpovidejte)?\b", r"no-?reply",
    r"do-?not-?reply", r"neodpovidej", r"bounces?\b")
_ANSWER = _any(r"^\s*(re|fwd?|aw|wg|odp|př|fw|tr|rv|i|vs|sv)(\[\d+\])?\s*:")
_ANSWER_BEHIND_TAG = _any(r"^\s*(\[[^\]]{1,60}\]\s*)*(re|fwd?|aw|wg|odp|př|fw|tr|rv|i|vs|sv)(\[\d+\])?\s*:")
_BOUNCE_SUBJECT = _any(
    r"undeliver", r"non[- ]?deliver", r"not (be )?delivered", r"mail delivery", r"could not (be )?(deliver|send)",
    r"(failure|failed) delivery",
    r"delivery (status|failure|failed|problem|report|notification|has|error)",
    r"deliver(y|ing) .{0,80}(fail|delay|error)", r"(failure|delay(ed)?|bounce)[ -]noti", r"notif.{0,80}(fail|bounce)",
    r"returned (mail|to sender)", r"rejected mail", r"smtp server: errors", r"mail (system )?error",
    r"mail .{0,80}(fail|return|reject|block|delay)", r"error sending", r"message .{0,80}(fail|delay|block|reject)",
    r"considered unsolicited", r"warning: (could not send|message)",
    r"nedoru[čc]", r"nelze doru[čc]it", r"vr[áa]cen[áa] zpr", r"unzustellbar", r"nicht zugestellt",
    r"zustell(ung|fehler)", r"non remis", r"[ée]chec", r"non recapitat", r"mancata consegna", r"no (se )?entrega",
    r"no se pudo", r"niedostarcz", r"zwrot", r"kézbesít", r"onbestelbaar", r"не доставлен", r"возвращ",
    r"エラー", r"配信")
_BOUNCE_TEXT = _any(
    r"(could ?n[o']t|unable to|was not able to|can ?not|failed to|trouble|error|problem)\s.{0,30}\s?(be )?deliver",
    r"not (yet )?been delivered", "bounced", r"undeliver",
    r"deliver\w{0,10} (to .{0,60} )?(has )?(fail|delay|error)",
    r"permanent(ly)? (fatal |delivery )?(error|fail)", r"rejected your message", r"returned? (to sender|message)",
    r"transcript of session", r"(had|has) (permanent|transient|delivery)", r"user unknown", r"no such (user|recipient)",
    r"unknown (user|recipient)", r"mailbox (is )?(full|unavailable)", r"(was|were|been) (rejected|blocked|bounced)",
    r"following (address|recipient)", r"delayed", r"[45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}\b", r"^[ \t]*5[0-5]\d[ -]\S",
    r"nedoru[čc]", r"nelze doru[čc]it", r"nicht zugestellt", r"unzustellbar", r"n'a pas pu", r"non recapit",
    r"impossibile", r"no se pudo", r"niedostarcz", r"nie (można|udało)", r"не доставлен", r"エラー", r"送信できません",
    flags=_ONES)
_RETURNED = re.compile(
    r"^[> \t]*(received|return-path|message-id): .*\n(.*\n){0,40}?[> \t]*(from|to|subject|date): ", _ONES)
_OUT_OF_OFFICE = _any(*(r"^\s*(\[[^\]]{1,60}\]\s*)?" + phrase for phrase in (
    r"\[?auto(mat\w*)?\]?[ :-]+(reply|response|antwort|odpov\w+|answer)\b", r"autoreply", r"autoresponse",
    r"out of (the )?office", r"(i am|i'm) (out|away)", r"vacation\b", r"away from", r"on leave\b",
    r"automatick[áa] odpov[ěe][ďd]", r"mimo kancel[áa][řr]", r"nep[řr][íi]tomnost", r"abwesen", r"absence du",
    r"automatische antwort", r"r[ée]ponse automatique", r"risposta automatica", r"respuesta autom", r"autosvar",
    r"automatyczna odpowied", r"automatikus v[áa]lasz", r"автоответ", r"自動応答", r"自動返信")))
# "Automatic reply: what it answers", or nothing but the words: not a sentence that begins with them.
_BEHIND_WORDS = re.compile(r"\w*\W*$|[^:：]{0,40}[:：]")
# How reports name whom they are about; people do not.
_NAMED = re.compile(r"^[^\n@]{0,60}(recipient|failed|address)[^\n@:]{0,20}:\s*<?[\w.+-]+@", _ONES)
_TICKET_SYSTEM = ("rt-originator", "rt-ticket", "managed-by", "x-otrs-loop", "x-znuny-loop", "x-zammad-ticket-id",
                  "x-jira-fingerprint", "x-freshdesk-ticket-id", "x-glpi", "x-loop", "x-mantis")
_WAS_READ = _any(
    r"\b(was|has been) (read|displayed|deleted without)", r"\bbyla? (přečten|odstraněn|smazán)",
    r"\bbol[ao]? (prečítan|odstránen|vymazan|zmazan)", r"\bwurde .{0,80}(gelesen|gelöscht)", r"\ba été (lu|supprimé)",
    r"\bse ha (leído|eliminado)", r"\bè stat[oa] (lett|eliminat)", r"\bis (gelezen|verwijderd)",
    r"\bzostała (przeczytana|usunięta)", r"\b(elolvas|törölt)", r"\bfoi (lida|excluída)", flags=_ONES)
_READ = _any(
    r"^\s*(read|not read|přečteno|nepřečteno|prečítané|neprečítané|gelesen|ungelesen|lu|non lu|leído|no leído|letto|"
    r"non letto|gelezen|ongelezen|przeczytano|nieprzeczytane|elolvasva|lida|não lida|"
    r"read receipt|return receipt \(displayed\)|potvrzení o přečtení|lesebestätigung)\s*(:|\()")


def _files(mail, *kinds):
    return [file for file in mail.files if file.mimetype in kinds]


def _text(mail):
    return (mail.text if mail.text.strip() else html_guard.to_text(mail.html, 20_000))[:50_000]


def _is_report(mail, kind):
    content_type = mail.header("content-type").lower()
    return "multipart/report" in content_type and kind in content_type


def _from_mail_system(mail):
    return bool(_DAEMON.search(mail.sender)) or not mail.sender.strip()


def _is_machine(mail):
    return bool(_MACHINE.search(mail.sender)) or not mail.sender.strip()


def _from_robot(mail):
    return (_from_mail_system(mail) or mail.header("return-path").strip() == "<>"
            or bool(_ROBOT.search(addresses.normalize(mail.sender))))


def _mail_came_back(mail):
    """Tell whether the failed mail, or its headers, is attached or quoted below the letter."""
    return bool(_files(mail, "message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
                or _RETURNED.search(_text(mail)))


def is_feedback_report(mail):
    """RFC 5965, also where the mail does not call itself a report."""
    return (_is_report(mail, "feedback-report") or bool(_files(mail, "message/feedback-report"))
            or bool(re.search(r"^feedback-type:\s*\S", _text(mail), _ONES)))


def is_complaint_without_report(mail):
    """What large providers send instead: one line as subject, the mail complained about attached."""
    about = re.search(r"^\s*(complaint|abuse|spam) (about|report|notification)", mail.subject, re.IGNORECASE)
    return bool(about) and bool(_files(mail, "message/rfc822", "text/rfc822-headers"))


def is_cloud_notification(mail, kind="bounce"):
    """The JSON that mail services send about one of their deliveries (Amazon SES and alike)."""
    text = _text(mail).lstrip()
    found = text.startswith("{") and re.search(
        r'"(?:notificationType|eventType|event)\\?"\s*:\s*\\?"(\w+)', text)
    return bool(found) and found.group(1).lower().startswith(kind)


def is_read_receipt(mail):
    """RFC 8098, and what mail programs send by their own rules: "Read: …" that a machine wrote."""
    return (_is_report(mail, "disposition-notification") or bool(_files(mail, "message/disposition-notification"))
            or (bool(_READ.match(mail.subject))
                and bool(_WAS_READ.search(_text(mail)))))


def is_delivery_report_of_success(mail):
    """RFC 3464 with nothing but good news: delivered, relayed, expanded."""
    reports = b"\n".join(file.content for file in _files(mail, "message/delivery-status"))
    actions = re.findall(rb"^action:\s*(\w+)", reports, _ONES)
    return bool(actions) and {action.lower() for action in actions} <= {b"delivered", b"relayed", b"expanded"}


def is_delivery_report(mail):
    """RFC 3464; attached to a person's answer or to a forwarded mail it is somebody's question about one."""
    return _is_report(mail, "delivery-status") or (
        bool(_files(mail, "message/delivery-status", "message/global-delivery-status"))
        and not _ANSWER.match(mail.subject))


def has_failed_recipients(mail):
    """Exim and those who follow it name the recipients in a header."""
    return bool(mail.header("x-failed-recipients")) and not _ANSWER.match(mail.subject)


def is_from_mail_system_about_failure(mail):
    """A mail system writes in its own words: sender and either subject and words, or words and the mail itself.

    A postmaster may be a person who writes about failures: there the failed mail must have come back, or nobody can
    answer the letter (an empty Return-Path).
    """
    if not _from_mail_system(mail) or _ANSWER.match(mail.subject):
        return False
    came_back = _mail_came_back(mail)
    evidence = (bool(_BOUNCE_SUBJECT.search(mail.subject)), bool(_BOUNCE_TEXT.search(_text(mail))), came_back)
    certain = (_is_machine(mail) or came_back or bool(_NAMED.search(_text(mail)))
               or bool(re.search(r"^<>$|mailer-?daemon", mail.header("return-path"), re.IGNORECASE)))
    return (sum(evidence) >= 2 and certain) or "multipart/report" in mail.header("content-type").lower()


def is_from_robot_with_failed_mail(mail):
    """Senders that are no mail system by their name: both the words and the failed mail must be there."""
    return (_from_robot(mail) and not _ANSWER.match(mail.subject) and _mail_came_back(mail)
            and bool(_BOUNCE_TEXT.search(_text(mail))))


def is_automatic_answer(mail):
    """RFC 3834 and the headers that came before it; else words or what it answers, where it says that it is automatic.

    A ticket system that passes on what a person answered there says that, too: its subject is "Re: …".
    """
    if (mail.header("auto-submitted").lower().startswith("auto-replied")
            or any(mail.header(name) for name in (
                "x-autoreply", "x-autorespond", "x-autoresponder", "x-autoreply-from", "x-mail-autoreply",
                "x-ms-exchange-inbox-rules-loop"))
            or mail.header("precedence").lower() in ("auto_reply", "auto-reply")):
        return True
    if not _says_automatic(mail) and not any(mail.header(name) for name in _TICKET_SYSTEM):
        return has_words_of_absence(mail) and bool(mail.in_reply_to)
    return bool(_OUT_OF_OFFICE.match(mail.subject)) or (
        bool(mail.in_reply_to) and _says_automatic(mail) and not _ANSWER_BEHIND_TAG.match(mail.subject))


def has_words_of_absence(mail):
    """Tell whether the subject is that of an automatic answer, not only a sentence that begins as one does."""
    words = _OUT_OF_OFFICE.match(mail.subject)
    return bool(words and _BEHIND_WORDS.match(mail.subject, words.end()))


def is_invitation_answer(mail):
    """RFC 5546 §3.2.3: an answer to an invitation, whatever a calendar program writes beside it."""
    return any(re.search(rb"^METHOD:\s*(REPLY|REFRESH)\b", file.content[:2000], re.IGNORECASE | re.MULTILINE)
               for file in _files(mail, "text/calendar"))


def is_flagged_as_spam(mail):
    """Tell whether the mail server took it for spam (SpamAssassin, Rspamd, Exchange); it is filed, never answered."""
    verdict = [mail.header(name) for name in ("x-spam-flag", "x-spam-status", "x-spam", "x-spamd-bar")]
    level = re.match(r"\s*(\d+)", mail.header("x-ms-exchange-organization-scl"))
    return (any(value.strip().lower().startswith(("yes", "true", "++++")) for value in verdict)
            or bool(level and int(level.group(1)) >= 5)
            or mail.header("x-rspamd-action").strip().lower() in ("reject", "add header", "rewrite subject"))


def _says_automatic(mail):
    """Tell whether a machine says of itself that it wrote this, or an empty Return-Path that nobody can answer."""
    submitted = mail.header("auto-submitted").lower()
    return ((bool(submitted) and not submitted.startswith("no"))
            or mail.header("return-path").strip() == "<>"
            or bool(re.search(r"\b(all|oof|autoreply)\b", mail.header("x-auto-response-suppress"), re.IGNORECASE)))


def is_automatic(mail):
    """Sent by a machine to whom no machine may answer: it says so, its words do, or nobody would read it."""
    return (_says_automatic(mail) or has_words_of_absence(mail)
            or (_from_robot(mail) and not addresses.normalize(mail.reply_to)))


def is_list(mail):
    """RFC 2919, RFC 2369, and the Precedence of old."""
    return (bool(mail.header("list-id") or mail.header("list-unsubscribe") or mail.header("mailing-list"))
            or mail.header("precedence").lower() in ("list", "bulk", "junk"))


RULES = (
    ("complaint", is_feedback_report),
    ("complaint", is_complaint_without_report),
    ("complaint", lambda mail: is_cloud_notification(mail, "complaint")),
    ("receipt", is_read_receipt),
    ("receipt", is_delivery_report_of_success),
    ("receipt", lambda mail: is_cloud_notification(mail, "deliver")),
    ("bounce", is_delivery_report),
    ("bounce", has_failed_recipients),
    ("bounce", is_cloud_notification),
    ("bounce", is_from_mail_system_about_failure),
    ("bounce", is_from_robot_with_failed_mail),
    ("auto_reply", is_automatic_answer),
    ("auto_reply", is_invitation_answer),
    ("automatic", is_automatic),
    ("list", is_list),
)


def is_robot_address(address):
    """Tell whether nobody reads an address, by its name: ``no-reply@…``, ``mailer-daemon@…``."""
    local = address.partition("@")[0]
    return bool(_ROBOT.search(local) or _DAEMON.search(local))


def classify(mail):
    """Return the kind of a parsed mail: a name of RULES, or ``ordinary``."""
    return next((kind for kind, holds in RULES if holds(mail)), "ordinary")


def failed_authentication(mail):
    """Tell whether the receiving server found the sender forged (RFC 8601): no machine answers such mail."""
    return bool(re.search(r"\b(spf|dkim|dmarc)=fail\b", mail.header("authentication-results"), re.IGNORECASE))
