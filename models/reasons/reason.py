from odoo import fields

from ...tools import reasons
from ...tools.reasons import SENTENCE, Reason
from .words import WORDS


class ReasonChar(fields.Char):
    """Why something is as it is: written as a :class:`Reason`, several or a sentence; read in words, by each reader.

    What is searched is what is stored: codes and values, not the words.
    """

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, (Reason, list, tuple)):
            value = reasons.encode(value) or False
        return super().convert_to_cache(value, record, validate)  # also of what is searched for: '' stays ''

    def convert_to_record(self, value, record):
        return tell(record.env, reasons.decode(value)) or False

    def get_reasons(self, record):
        """Return what is stored on a record, as reasons."""
        record.ensure_one()
        record[self.name]  # fetches it, for whom it may be read
        return reasons.decode(self._get_cache(record.env).get(record.id))

    def get_details(self, record):
        """Return what servers and programs said, in their own words."""
        return reasons.details(self.get_reasons(record))

    def _description_sortable(self, env):
        return False

    def _description_groupable(self, env):
        return False


def tell(env, found):
    """Return reasons in words of the reader's language, one sentence after the other."""
    return " ".join(filter(None, (_tell_one(env, reason) for reason in found)))


def _tell_one(env, reason):
    if reason.code == SENTENCE:
        words = str(reason.values.get("text", ""))
    elif reason.code in WORDS:
        # Words that name no value stay as they are, also with a per cent sign in them.
        translate = env._  # by name, for the words are exported where they stand
        words = translate(WORDS[reason.code])
        words = (words % _Values(env, reason.values)).strip() if "%(" in words else words
    else:
        words = reason.code
    about = reason.values.get("about")
    return f"{about}: {words}" if about and words else words


class _Values(dict):
    """The values of a reason as its words tell them."""

    def __init__(self, env, values):
        super().__init__({name: _read(env, value) for name, value in values.items()})

    def __missing__(self, name):
        return ""


def _read(env, value):
    if isinstance(value, list):
        return ", ".join(_tell_one(env, Reason(str(one.get("code")), one.get("values") or {})) for one in value
                         if isinstance(one, dict))
    if not isinstance(value, dict):
        return value
    try:
        if "record" in value:
            model, ids = value["record"]
            found = env[model].browse(ids).exists()
            return ", ".join(found._filtered_access("read").mapped("display_name")) or "?"
        model, name, key = value["selection"]
        return dict(env[model]._fields[name]._description_selection(env)).get(key, key)
    except (KeyError, TypeError, ValueError, AttributeError):
        return "?"
