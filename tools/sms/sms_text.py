"""How many SMS a text takes (3GPP TS 23.038 §6.2: the GSM alphabet; TS 23.040 §9.2.3.24.1: concatenated messages)."""
import re
import unicodedata
from dataclasses import dataclass

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "\f^{}\\[~]|€"  # each takes two places
_COST = dict.fromkeys(BASIC, 1) | dict.fromkeys(EXTENDED, 2)
# Units that one message holds: alone, and as a part of several (the rest is the header that joins them).
GSM = (160, 153)
UCS2 = (70, 67)
# What a plain text says instead of typography that the GSM alphabet lacks.
_PLAIN = str.maketrans({
    "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "’": "'", "`": "'", "–": "-", "—": "-",
    "−": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "×": "x", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "\t": " ", "\u200b": "", "\ufeff": "", "\u00ad": "",
})
_STOP = {"stop", "stopall", "stop all", "stop sms", "unsubscribe", "odhlasit", "odhlas", "odhlasit se", "odhlasit sa",
         "odhlasit sms", "neposilat", "neposielat", "neposilejte", "neposielajte", "nechci sms", "nechcem sms"}
_START = {"start", "unstop", "subscribe", "prihlasit", "prihlas", "prihlasit se", "prihlasit sa", "prihlasit sms"}


@dataclass(frozen=True)
class Measure:
    """What a text takes: its alphabet (``gsm`` or ``ucs2``), units used, messages, and units left in the last one."""

    encoding: str
    units: int
    segments: int
    left: int


def is_gsm(text):
    """Tell whether every letter is in the GSM alphabet, so that one message holds 160 and not 70."""
    return all(letter in _COST for letter in text)


def measure(text):
    """Return the :class:`Measure` of a text; a letter that takes two places never falls between two messages."""
    text = text or ""
    gsm = is_gsm(text)
    costs = [_COST[letter] for letter in text] if gsm else [len(letter.encode("utf-16-be")) // 2 for letter in text]
    alone, part = GSM if gsm else UCS2
    units = sum(costs)
    if units <= alone:
        return Measure("gsm" if gsm else "ucs2", units, 1 if text else 0, alone - units)
    segments, used = 1, 0
    for cost in costs:
        if used + cost > part:
            segments, used = segments + 1, 0
        used += cost
    return Measure("gsm" if gsm else "ucs2", units, segments, part - used)


def without_diacritics(text):
    """Return a text in the GSM alphabet wherever a letter has a plain form: ``Příliš žlutý`` → ``Prilis zluty``.

    Letters that the alphabet has (``é``, ``ä``, ``ü``) stay; what has no plain form (emoji, other scripts) stays too.
    """
    return "".join(
        letter if letter in _COST else _plain_letter(letter)
        for letter in unicodedata.normalize("NFC", (text or "").translate(_PLAIN)))


def _plain_letter(letter):
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if plain and is_gsm(plain) else letter


def command(text):
    """Return ``"stop"`` or ``"start"`` where a message says only that its sender wants no SMS, or again; else ``""``.

    In English, Czech and Slovak, with or without diacritics and punctuation. A longer text is no command.
    """
    folded = "".join(
        letter for letter in unicodedata.normalize("NFKD", (text or "").lower()) if not unicodedata.combining(letter))
    words = " ".join(re.findall(r"\w+", folded))
    return "stop" if words in _STOP else "start" if words in _START else ""
