from . import ban_senders, file_attachments
