from . import scope
from . import exporting
from . import membership
from . import res_users
from . import res_company
from . import ir_http
from . import portal_use
