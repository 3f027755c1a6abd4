from . import addresses, bounce, inbound, long_text, mail_providers, mail_text, mailbox, mailbox_check, mime, own_answer
from . import quoting, threading
