from . import test_access
from . import test_delivery
from . import test_intake
from . import test_performance
from . import test_ticket
from . import test_tools
