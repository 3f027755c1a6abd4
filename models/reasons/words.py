"""The words of reasons, by their codes: one table a subject. How reasons are stored: ``tools/reasons.py``.

A code stays for good, as rows of years ago hold it; its words may change. ``%(name)s`` is a value of the reason.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# Why a received message became what it became.
INTAKE = {
    "no_department": _lt("No department has one of the addressed mailboxes."),
    "no_department_sms": _lt("No department takes SMS on the number %(number)s."),
    "reply_addresses_tested": _lt("The test e-mail came back: reply addresses are turned on."),
    "first_steps_tested": _lt("The test e-mail of the setup assistant came back."),
    "known": _lt("The same message is already filed."),
    "own": _lt("Sent by the department itself."),
    "banned": _lt("%(value)s is blocked: %(reason)s"),
    "banned_by_rule": _lt("Rule “%(rule)s”"),
    "flood": _lt("More than %(limit)s messages of the same kind from this sender within an hour."),
    "quiet": _lt("An automatic answer that belongs to no ticket; release it if it is a request."),
    "sender_policy": _lt("Allowed senders: %(policy)s"),
    "report_of_others": _lt("About a mail that did not leave from here."),
    "automatic_to_notice": _lt("An automatic answer to a notification."),
    "refused_by": _lt("Rejected by %(user)s"),
    "lost": _lt("The message itself is not kept here (any more)."),
    "not_retrieved": _lt("The mailbox did not hand this message over."),
    "limits": _lt("The message could not be read within the limits (%(detail)s). Its original is kept."),
    "stopped_twice": _lt("The server stopped twice while it worked on this alone."),
    "rule_failed": _lt("Rule failed: %(rules)s. %(detail)s"),
    "rules_failed": _lt("Rules failed: %(detail)s"),
    "repaired": _lt("Repaired: %(problems)s"),
    "left_out": _lt("Left out here: %(problems)s"),
    "parts_awaited": _lt("Waits for the other parts."),
    "parts_missing": _lt("Only %(found)s of %(total)s parts arrived."),
    "sms_stopped": _lt("The number gets no more SMS."),
    "sms_started": _lt("The number gets SMS again."),
}

# What of a mail had to be repaired or left out; the codes are those of tools/mail/mime.
PROBLEMS = {
    "boundary-repaired": _lt("the line between its parts was broken"),
    "boundary-missing": _lt("the line between its parts was missing"),
    "empty-html": _lt("its HTML was empty, the plain text is shown"),
    "encrypted": _lt("it is encrypted, only a mail program with the key can read it"),
    "html-too-heavy": _lt("its HTML was too heavy, it is a file now"),
    "no-from": _lt("it named no sender"),
    "smime-signed": _lt("it was signed as a whole, the signature was not checked"),
    "text-of-attached-mail": _lt("its text is that of the attached mail"),
    "text-too-long": _lt("its text was too long, the whole is a file"),
    "time-limit": _lt("reading it took too long, the whole mail is a file"),
    "too-deep": _lt("its parts were nested too deep, the whole mail is a file"),
    "too-many-parts": _lt("it had too many parts, the whole mail is a file"),
    "unreadable": _lt("it could not be read, the whole mail is a file"),
    "words-left-out": _lt("some of its words, which are in the original only"),
    "winmail-unpacked": _lt("its winmail.dat was unpacked"),
    "winmail-unreadable": _lt("its winmail.dat could not be unpacked, it is a file"),
}

# Why an agent is asked to confirm that a mail is the agent's own.
CLAIMED = {
    "claimed_no_answer": _lt("It came from your address, but not as an answer to a notification."),
    "claimed_other_sender": _lt("It answers a notification to %(user)s, but does not come from there."),
    "claimed_not_vouched": _lt("The mail server did not vouch for the sender; confirm that it is yours."),
    "claimed_no_words": _lt("Your words could not be separated from the quoted notification."),
    "claimed_archived": _lt("The ticket has been archived meanwhile."),
}

# Why a mail did not get through; the classes are those of tools/mail/failure.py.
MAIL = {
    "mail_recipient_unknown": _lt("The recipient's server does not know this address."),
    "mail_mailbox_full": _lt("The recipient's mailbox is full."),
    "mail_refused": _lt("The mail server refused the message as spam or by its policy."),
    "mail_not_reached": _lt("The mail server could not be reached."),
    "mail_sign_in": _lt("The mail server refused the sign-in."),
    "mail_tls": _lt("There is no secure connection to the mail server (TLS or certificate)."),
    "mail_temporary": _lt("The mail server does not accept messages at the moment (greylisting or too many messages)."),
    "mail_too_large": _lt("The message is too large for the mail server."),
    "mail_address_invalid": _lt("The e-mail address is not valid."),
    "mail_not_sent": _lt("The message could not be sent."),
    "mail_not_delivered": _lt("The message could not be delivered."),
    "mail_delayed": _lt("The message is delayed, its delivery will be tried again."),
    "mail_broke_off": _lt("The mail server broke off; the mail may have left."),
    "mail_stopped": _lt("The server stopped while sending; the mail may have left."),
    "mail_not_noted": _lt("The outcome could not be noted; the mail may have left."),
}

# Why an SMS did not get through; the classes are those of tools/sms/failure.py.
SMS = {
    "sms_number_invalid": _lt("The number is not valid."),
    "sms_no_credit": _lt("The SMS gateway has no credit left."),
    "sms_down": _lt("The SMS gateway is not available."),
    "sms_sign_in": _lt("The SMS gateway refused the sign-in."),
    "sms_expired": _lt("The message expired before it could be delivered."),
    "sms_not_reached": _lt("The telephone could not be reached."),
    "sms_refused": _lt("The SMS gateway or the operator refused the message."),
    "sms_blacklisted": _lt("The number is blocked for SMS."),
    "sms_stop": _lt("The recipient has asked for no more SMS (STOP)."),
    "sms_not_sent": _lt("The SMS could not be sent."),
    "sms_not_delivered": _lt("The SMS could not be delivered."),
    "sms_broke_off": _lt("The SMS gateway broke off; the message may have left."),
    "sms_interrupted": _lt("The server stopped while sending; the SMS may have left."),
    "sms_not_noted": _lt("The outcome could not be noted; the SMS may have left."),
}

# Why a call of an SMS gateway was rejected, or a delivery report came to nothing.
WEBHOOK = {
    "webhook_not_signed": _lt("The call is not signed."),
    "webhook_signature_wrong": _lt("The signature is wrong."),
    "webhook_secret_wrong": _lt("The secret is wrong."),
    "webhook_no_secret": _lt("No secret is set, so nothing can be proven."),
    "webhook_late": _lt("The call is older than five minutes."),
    "webhook_empty": _lt("The call names no sender or no text."),
    "webhook_replayed": _lt("The same call has already come before."),
    "report_not_noted": _lt("The delivery report could not be processed."),
}

WORDS = INTAKE | PROBLEMS | CLAIMED | MAIL | SMS | WEBHOOK
