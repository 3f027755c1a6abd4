from . import test_composer_tours
from . import test_delivery
from . import test_draft_windows
from . import test_hostile_answer
from . import test_schedule
