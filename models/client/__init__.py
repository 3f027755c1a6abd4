from . import address
from . import address_claim
from . import res_partner
from . import res_users
from . import service
from . import project_task
from . import timeline
from . import ticket
