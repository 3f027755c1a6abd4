from . import scope
from . import exporting
from . import membership
from . import res_users
from . import res_company
from . import mail_activity
from . import access_link
