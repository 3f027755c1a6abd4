"""Parsing and arithmetic without the ORM: importable and table-tested on their own."""

from . import addresses, bounce, inbound, mail_text, mailbox, mime, phone, sla_clock, threading, variables
from . import mail_providers, mailbox_check, sms_gateway, sms_text
