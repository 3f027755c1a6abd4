from . import ban_senders, file_attachments
from . import ban_senders
from . import split_items
