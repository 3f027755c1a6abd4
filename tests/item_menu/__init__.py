from . import test_discussion
from . import test_forward
from . import test_item_tours
from . import test_split
