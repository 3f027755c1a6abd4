from . import ir_attachment
from . import client_file
from . import item
from . import res_partner
from . import ticket
from . import event
from . import timeline
