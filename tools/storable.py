"""Text that PostgreSQL takes, whatever it was made of."""

import traceback

LONGEST_REASON = 500
LONGEST_TRACEBACK = 10_000


def storable(text, limit=None):
    """Return ``text`` as a database can keep it: without NUL and lone surrogates, at most ``limit`` characters."""
    text = str(text).replace("\0", "�").encode("utf-8", "replace").decode("utf-8")
    return text if limit is None else text[:limit]


def reason_of(error):
    """Return what an exception says in one storable line; its class where it says nothing or cannot say it."""
    try:
        words = storable(error, LONGEST_REASON).strip()
    except Exception:  # an exception whose text is broken itself
        words = ""
    return words or type(error).__name__


def traceback_of(error):
    """Return the end of an exception's traceback, storable."""
    try:
        lines = "".join(traceback.format_exception(error))
    except Exception:  # as above
        lines = type(error).__name__
    return storable(lines)[-LONGEST_TRACEBACK:]
