from . import test_merge
from . import test_merge_undo
