from . import test_confirm_number
from . import test_hostile_sms
from . import test_secrets
from . import test_sms
from . import test_sms_meter
from . import test_sms_tools
