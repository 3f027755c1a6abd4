from . import ticket
from . import customer
from . import lifecycle
from . import family
