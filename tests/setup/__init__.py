from . import test_first_steps
