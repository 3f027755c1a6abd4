from . import intake
from . import filing
from . import policy
from . import own_answer
from . import ban
from . import fetchmail_server
from . import mail_thread
from . import reply_address
