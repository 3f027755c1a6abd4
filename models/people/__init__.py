from . import substitution
from . import marks
from . import assignment
from . import ticket_rights
from . import team
from . import res_users_signature
from . import res_users
from . import res_users_keys
