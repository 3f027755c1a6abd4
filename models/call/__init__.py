from . import call_log
from . import department
from . import item
from . import conversation
from . import call
from . import meeting
from . import timeline
