from . import item
from . import draft
from . import delivery
from . import schedule
from . import share
from . import recipient
from . import ir_mail_server
