from . import ban_senders
