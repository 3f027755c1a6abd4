from . import test_beside, test_install
from . import test_first_steps, test_own_views, test_servers, test_words_update, test_words_walk
