from . import addresses, bounce, inbound, mail_providers, mail_text, mailbox, mailbox_check, mime, own_answer, quoting
from . import threading
