from . import scope
from . import exporting
from . import membership
