from . import substitution
from . import team
from . import res_users
from . import department
from . import membership
from . import ticket
from . import item
