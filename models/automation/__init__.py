from . import requester_message
from . import macro
from . import rule
from . import intake
from . import department
from . import item
