from . import ticket
from . import customer
from . import lifecycle
from . import family
from . import categorise
from . import properties
from . import reminders
from . import merge
