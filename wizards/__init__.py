from . import ban_senders, file_attachments, split_items
from . import change_tickets
from . import ban_senders, file_attachments, sms_test
