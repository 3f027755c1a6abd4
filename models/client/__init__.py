from . import address
from . import res_partner
from . import service
from . import project_task
from . import timeline
from . import ticket
