from . import draft_windows
from . import discussion
from . import follow_up
from . import forward
from . import split
from . import ticket
from . import intake
