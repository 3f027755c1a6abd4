from . import merge
from . import move
from . import clocks
from . import undo
from . import ticket
