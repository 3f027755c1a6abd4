from . import acknowledgement
from . import closing_notice
from . import requester_message
from . import macro
from . import rule
from . import intake
