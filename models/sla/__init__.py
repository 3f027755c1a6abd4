from . import resource_calendar
from . import policy
from . import clock
from . import ticket
from . import timeline
from . import escalation
from . import alarm
from . import recount
