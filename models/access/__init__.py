from . import scope
from . import exporting
from . import membership
from . import res_users
from . import res_company
from . import access_link
