from . import test_workers
