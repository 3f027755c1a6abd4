from . import test_failure
from . import test_reasons
