"""Parsing and arithmetic without the ORM: importable and table-tested on their own."""

from . import mail, sms
from . import choices, filing, limits, mentions, rules, sla_clock, storable, variables
