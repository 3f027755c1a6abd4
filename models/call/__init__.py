from . import call_log
from . import department
from . import item
from . import item_meeting
