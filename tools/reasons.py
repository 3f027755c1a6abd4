"""Why something happened, as it is stored: codes with values, which each reader is told in the own language.

Stored is JSON, ``[{"code": "banned", "values": {…}}, …]``; what was stored before there were codes is a sentence and
stays one. Values are texts and numbers, and what has a name of its own:

- records, ``{"record": ["res.users", [7]]}``: their names are looked up with the rights of who reads
- a value of a selection, ``{"selection": ["servicedesk.department", "sender_policy", "known"]}``
- other reasons, a list of them

Three names mean the same in every reason: ``about`` (an address or a number, said before the words), ``detail`` (what a
server or a program said, for whoever has to look into it) and ``text`` (of a sentence that has no code).
"""

import json
from dataclasses import dataclass, field

from .storable import LONGEST_REASON, storable

_MARK = '[{"code": '
SENTENCE = "sentence"


@dataclass(frozen=True)
class Selected:
    """One value of a selection field."""

    model: str
    field: str
    value: str


@dataclass(frozen=True)
class Reason:
    """One reason: its code, and what its words tell besides."""

    code: str
    values: dict = field(default_factory=dict)

    @classmethod
    def of(cls, code, /, **values):
        """Return a reason with those of ``values`` that say something; records and selections as they are stored."""
        return cls(code, {name: _store(value) for name, value in values.items() if value or value == 0})

    @property
    def detail(self):
        """What a server or a program said, in its own words; ``""`` where there is nothing."""
        return self.values.get("detail", "")

    def having(self, **values):
        """Return the same reason with more values."""
        return Reason.of(self.code, **self.values | values)


def encode(reasons):
    """Return what is stored of a reason or several; ``""`` of none. A text is a sentence and stays what it is."""
    if isinstance(reasons, str):
        return storable(reasons)
    reasons = [reasons] if isinstance(reasons, Reason) else list(reasons or ())
    return json.dumps([_dump(reason) for reason in reasons], ensure_ascii=False) if reasons else ""


def decode(stored):
    """Return the reasons that were stored; a sentence of old comes back as one reason with its ``text``."""
    if not stored:
        return []
    sentence = [Reason(SENTENCE, {"text": stored})]
    if not stored.startswith(_MARK):
        return sentence
    try:
        return [Reason(str(one["code"]), dict(one.get("values") or {})) for one in json.loads(stored)]
    except (ValueError, KeyError, TypeError):
        return sentence


def details(reasons):
    """Return what servers and programs said, one line each."""
    lines = [": ".join(filter(None, (str(reason.values.get("about", "")), str(reason.detail))))
             for reason in reasons if reason.detail]
    return "\n".join(dict.fromkeys(lines))


def _dump(reason):
    return {"code": reason.code, "values": reason.values}


def _store(value):
    if isinstance(value, str):
        return storable(value, LONGEST_REASON)
    if isinstance(value, Selected):
        return {"selection": [value.model, value.field, value.value]}
    if isinstance(value, (list, tuple)):
        return [_dump(one) if isinstance(one, Reason) else one for one in value]
    return {"record": [value._name, value.ids]} if hasattr(value, "_name") else value
