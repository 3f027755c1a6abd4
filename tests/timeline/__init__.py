from . import test_app_messages
from . import test_change
from . import test_history_update
from . import test_reading
from . import test_reading_tours
