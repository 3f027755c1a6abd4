from . import ticket
from . import lifecycle
