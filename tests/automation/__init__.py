from . import test_acknowledgement
from . import test_macro
from . import test_requester_message
from . import test_requester_time
from . import test_rule
from . import test_rule_closing
from . import test_rule_channels
