"""Why a mail did not get through, as one of a few classes that people know.

Sources: RFC 3463 and the IANA registry of enhanced status codes, RFC 5321 §4.2 and RFC 4954 (replies); the words of
mail systems in English, German and Czech where codes say too little. What smtplib and Python say is among the texts.
"""

import re

CLASSES = ("recipient_unknown", "mailbox_full", "refused", "not_reached", "sign_in", "tls", "temporary", "too_large",
           "address_invalid")  # refused: as spam, by a policy

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[\s\-,:)#]|$)")
# By subject and detail of the code (x.1.1); what is not here says too little by itself.
_CODES = {
    "1.0": "recipient_unknown", "1.1": "recipient_unknown", "1.2": "recipient_unknown", "1.6": "recipient_unknown",
    "1.10": "recipient_unknown", "1.3": "address_invalid", "1.4": "address_invalid", "1.7": "refused",
    "1.8": "refused", "2.1": "recipient_unknown", "2.2": "mailbox_full", "2.3": "too_large", "3.4": "too_large",
    "4.1": "not_reached", "4.2": "not_reached", "4.3": "not_reached", "4.4": "not_reached", "4.7": "not_reached",
    "7.1": "refused", "7.8": "sign_in", "7.9": "sign_in", "7.10": "tls", "7.11": "tls", "7.13": "recipient_unknown",
    "7.14": "sign_in", "7.20": "refused", "7.21": "refused", "7.22": "refused", "7.23": "refused", "7.24": "refused",
    "7.25": "refused", "7.26": "refused", "7.27": "refused", "7.28": "temporary",
}
_REPLIES = {"421": "temporary", "450": "temporary", "451": "temporary", "452": "temporary", "454": "temporary",
            "523": "too_large", "530": "sign_in", "534": "sign_in", "535": "sign_in", "538": "tls", "551":
            "recipient_unknown", "552": "mailbox_full", "553": "address_invalid", "554": "refused"}
_WORDS = [(code, re.compile(words, re.IGNORECASE)) for code, words in (
    ("tls", (r"certificate|CERTIFICATE_VERIFY|SSLError|\bSSL\b|starttls|encryption (is )?required|"
             r"zertifikat|verschlüsselung|certifikát")),
    ("sign_in", (r"authentication (failed|required|unsuccessful|error)|SMTPAuthenticationError|invalid (login|"
                 r"credentials)|username and password not accepted|bad username|(login|auth)\w* (failed|denied)|"
                 r"anmeldung fehlgeschlagen|authentifizierung|přihlášení|ověření selhalo")),
    ("mailbox_full", (r"(mailbox|inbox|postfach|schránka)\W+(\w+\W+){0,3}(full|voll|pln)|over ?quota|quota exceeded|"
                      r"exceeded \w+ (storage|quota)|out of storage|insufficient storage|quota überschritten|"
                      r"plná schránka|přeplněn|kvót")),
    ("too_large", (r"(message|size|mail)\W+(\w+\W+){0,4}(too (large|big)|exceeds)|size limit|maximum (message )?size|"
                   r"zu groß|příliš velk")),
    ("temporary", (r"gr[ea]y ?list|try (again )?later|too many (connections|messages|recipients|mails)|rate limit|"
                   r"throttl|temporar|deferred|zu viele|später erneut|dočasn|příliš mnoho|zkuste")),
    ("recipient_unknown", (r"(user|recipient|address|mailbox|account)\W+(\w+\W+){0,3}(unknown|not found|not exist|"
                           r"disabled|inactive|unavailable)|no such (user|recipient|mailbox|person|address)|"
                           r"unknown (user|recipient|address|local)|does(n't| not) (exist|like recipient)|"
                           r"no mailbox here|invalid (recipient|mailbox)|recipient (address )?rejected: (user|undeliv|"
                           r"access)|(host|domain)( name)? not found|no longer (works|active|valid|in use)|"
                           r"empfänger\w*\W+(\w+\W+){0,2}(unbekannt|nicht)|unbekannt\w* (empfänger|adresse)|"
                           r"existiert nicht|neexist|"
                           r"neznám\w+ (uživatel|příjemce|adres)")),
    ("refused", (r"\bspam\b|spamhaus|blacklist|block ?list|\bblocked\b|\bDMARC\b|\bSPF\b|\bDKIM\b|policy|reputation|"
                 r"content rejected|access denied|relay(ing)? (access )?(denied|not)|not allowed|prohibited|virus|"
                 r"abgelehnt|gesperrt|richtlinie|odmítnut|zablokov")),
    ("address_invalid", (r"invalid (e-?mail|address)|(bad|malformed)\W+(\w+\W+){0,2}(address|syntax)|bad recipient "
                         r"address|SMTPUTF8|ungültige|neplatn\w+ adres")),
    ("not_reached", (r"connection (refused|timed out|reset)|ConnectionRefused|ConnectionReset|could not connect|"
                     r"gaierror|getaddrinfo|name or service not known|no address associated|name resolution|no route|"
                     r"network is unreachable|timed out|TimeoutError|retry timeout|delivery time expired|"
                     r"(connect|verbind)\w* (to .* )?(failed|fehlgeschlagen)|nicht erreichbar|nedostupn")),
)]


def classify(text, status=""):
    """Return the class of a failure, or ``""`` where neither code nor words tell.

    :param str text: what the server, or the program that spoke to it, said
    :param str status: an enhanced status code that is known apart, such as ``5.1.1``
    :return: one of ``CLASSES`` or ``""``
    """
    text = (text or "")[:4_000]
    found = _ENHANCED.search(status or "") or _ENHANCED.search(text)
    by_code = _CODES.get(f"{found[2]}.{found[3]}", "") if found else ""
    if found and found[1] == "4" and by_code in ("", "refused", "recipient_unknown"):
        return "temporary"  # RFC 3463 §2: nothing is settled yet; greylisting says 4.7.1 or 4.1.1 as it likes
    return by_code or _by_words(text) or _by_reply(text, found)


def _by_words(text):
    return next((code for code, words in _WORDS if words.search(text)), "")


def _by_reply(text, found):
    reply = next((_REPLIES[code] for code in _REPLY.findall(text) if code in _REPLIES), "")
    return reply or ("refused" if found and found[2] == "7" else "")
