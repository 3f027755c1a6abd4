from . import address
from . import res_partner
from . import note
from . import service
from . import project_task
