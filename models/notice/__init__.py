from . import notice
from . import inbox
from . import mail
from . import sms
from . import res_users
from . import department
from . import ticket
from . import item
