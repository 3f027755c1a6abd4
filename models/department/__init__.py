from . import cached_settings
from . import status
from . import tag
from . import category
from . import department
from . import lifecycle
