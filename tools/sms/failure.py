"""Why an SMS did not get through, as one of a few classes that people know.

Sources: SMPP 3.4 §5.1.3 (error codes) and appendix B (states of receipts), Twilio's error dictionary
(https://www.twilio.com/docs/api/errors), the states of Odoo's own SMS service; words where there is no code.
"""

import re

# down and sign_in: the gateway's; not_reached: the telephone
CLASSES = ("number_invalid", "no_credit", "down", "sign_in", "expired", "not_reached", "blacklisted", "refused")

_TWILIO = {
    "number_invalid": ("21211", "21214", "21217", "21401", "21421", "21614", "30005", "30006"),
    "blacklisted": ("21610", "21408", "30004"),
    "refused": ("21602", "21606", "21612", "21617", "30007", "30034"),
    "sign_in": ("20003", "20005", "20008"),
    "no_credit": ("30002", "30010", "90010"),
    "not_reached": ("30003",),
    "down": ("20429", "30001", "30008"),
}
_BY_CODE = {code: name for name, codes in _TWILIO.items() for code in codes}
_CODE = re.compile(r"(?<!\d)([239]\d{4})(?!\d)")
_HTTP = re.compile(r"^(?:HTTP )?(\d{3})(?= |$)|\((\d{3})\)$")
_REPLIES = {"401": "sign_in", "403": "sign_in", "402": "no_credit", "404": "down", "429": "down", "502": "down",
            "503": "down", "504": "down"}
_WORDS = [(code, re.compile(words, re.IGNORECASE)) for code, words in (
    ("no_credit", r"credit|insufficient (funds|balance)|balance|prepaid|guthaben|kredit"),
    ("blacklisted", (r"blacklist|black list|barred|unsubscribed|opted?[ -]out|\bSTOP\b|do not disturb|gesperrt|"
                     r"blokov")),
    ("number_invalid", (r"(invalid|wrong|bad|missing|unknown)\W+(\w+\W+){0,2}(to|receiver|recipient|destination|"
                        r"number|msisdn|address|subscriber)\b|(number|recipient|destination|subscriber)\W+(\w+\W+){0,2}"
                        r"(invalid|unknown|missing|not (valid|exist|mobile))|no such number|landline|wrong_number|"
                        r"0x0*0b\b|ungültige|neplatn|country_not_supported")),
    ("sign_in", (r"auth\w* (fail|denied|error)|unauthori[sz]ed|wrong (password|secret|user)|invalid (credentials|"
                 r"login|password|token)|authori[sz]ation|unregistered|registration_needed")),
    ("expired", r"expire|validity|vyprš|abgelaufen"),
    ("not_reached", r"absent|unreachable|not reachable|switched off|no answer|undelivered|UNDELIV|nedostupn"),
    ("down", (r"ConnectionError|ConnectTimeout|Timeout|SSLError|ProxyError|InvalidURL|MissingSchema|InvalidSchema|"
              r"temporar|throttl|rate limit|too many|server_error|unavailable|not routable|no smsc")),
    ("refused", (r"reject|REJECTD|refus|forbidden|denied|not allowed|spam|filter|content|sender|deleted|policy|"
                 r"odmítn|abgelehnt")),
)]


def classify(text):
    """Return the class of a failure, or ``""`` where neither code nor words tell.

    :param str text: what the gateway said, or the call to it
    :return: one of ``CLASSES`` or ``""``
    """
    text = (text or "")[:1_000]
    coded = next((_BY_CODE[code] for code in _CODE.findall(text) if code in _BY_CODE), "")
    return coded or _by_words(text) or _by_reply(text)


def _by_words(text):
    return next((code for code, words in _WORDS if words.search(text)), "")


def _by_reply(text):
    found = _HTTP.search(text)
    return _REPLIES.get(found[1] or found[2], "") if found else ""
