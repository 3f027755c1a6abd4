from . import ban_senders, change_tickets, file_attachments, hand_over, sms_test, split_items
from . import merge_tickets
from . import run_macro
from . import ban_senders, file_attachments, hand_over, split_items
from . import change_tickets
from . import sms_test
