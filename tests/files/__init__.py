from . import test_files
from . import test_kept
