from . import test_files
