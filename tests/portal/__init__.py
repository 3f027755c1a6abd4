from . import test_confirm
from . import test_portal
from . import test_portal_channels
from . import test_portal_hostile
from . import test_portal_limits
