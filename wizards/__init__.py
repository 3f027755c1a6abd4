from . import ban_senders, change_tickets, file_attachments, hand_over, sms_test, split_items
from . import ban_senders, file_attachments, hand_over, split_items
from . import change_tickets
from . import sms_test
from . import ban_senders, file_attachments, hand_over, split_items, change_tickets, sms_test
from . import merge_tickets
from . import ban_senders, file_attachments, hand_over, split_items, change_tickets, merge_tickets, sms_test
from . import ban_senders, file_attachments, hand_over, run_macro, split_items
from . import change_tickets
from . import sms_test
