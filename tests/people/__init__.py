from . import test_assignment
from . import test_people_tours
from . import test_people_who_left
from . import test_substitution
