"""No secret of a gateway in a log: neither of what it calls, nor of what is called.

Older settings of gateways have the secret in the address that they call, which whoever serves HTTP writes down; our own
calls carry the account in their address where the service wants it so, which the HTTP client writes down for debugging.
"""
import contextlib
import contextvars
import logging
import re

# Who writes down addresses of requests: Odoo's HTTP server, its evented one.
SERVERS = ("werkzeug", "longpolling")
CLIENT = "urllib3.connectionpool"
_SECRET = re.compile(r"([?&](?:secret|sig|password|token)=)[^&\s\"']+", re.IGNORECASE)
_DOOR = "/servicedesk/sms/"
_calling = contextvars.ContextVar("servicedesk_sms_calling", default=False)


def hide(line):
    """Return a line of a log without the values that prove who called the door of SMS gateways."""
    return _SECRET.sub(r"\1***", line) if _DOOR in line else line


class _HideSecrets(logging.Filter):
    def filter(self, record):
        line = record.getMessage()
        hidden = hide(line)
        if hidden != line:
            record.msg, record.args = hidden, ()
        return True


class _NotWhileCalling(logging.Filter):
    def filter(self, record):
        return not _calling.get()


@contextlib.contextmanager
def quiet():
    """While it lasts, the HTTP client writes nothing down of what this thread calls."""
    token = _calling.set(True)
    try:
        yield
    finally:
        _calling.reset(token)


def install():
    """Put the filters where lines are written; again does nothing."""
    wanted = [(name, _HideSecrets) for name in SERVERS] + [(CLIENT, _NotWhileCalling)]
    for name, kind in wanted:
        logger = logging.getLogger(name)
        if not any(isinstance(one, kind) for one in logger.filters):
            logger.addFilter(kind())
