"""`make sms FROM=… TEXT=… [TO=…]`: one SMS through the message centre and Kannel of the running demo."""
import json
import os

from .serve import STATE
from .shell import SetupError, say
from .smsservers import SmsServers


def sms(_options):
    """Let it come in. Values come in the environment, so that any text is possible."""
    values = {name: os.environ.get(f"SMS_{name}", "") for name in ("FROM", "TO", "TEXT")}
    missing = [name for name in ("FROM", "TEXT") if not values[name]]
    if missing:
        raise SetupError(f"missing: {', '.join(f'{name}=…' for name in missing)}")
    if not STATE.exists():
        raise SetupError("the demo is not running: make run")
    demo = json.loads(STATE.read_text())
    if not demo.get("sms"):
        raise SetupError("the demo runs without Kannel: install it and start the demo again")
    number = values["TO"] or demo["numbers"][0]
    # A message centre knows neither spaces nor a plus, as Kannel's own test of a number does not.
    sender, recipient = (_digits(value) for value in (values["FROM"], number))
    SmsServers("run", demo["sms"]).bring_in(sender, recipient, values["TEXT"])
    say(f"sent to {number}; Odoo files it at once: {demo['url']}")


def _digits(number):
    """A number as the network writes it; nine digits are a Czech one."""
    digits = number.replace(" ", "").removeprefix("+").removeprefix("00")
    return f"420{digits}" if len(digits) == 9 and digits.isdigit() else digits
