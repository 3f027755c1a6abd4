from . import test_first_steps, test_own_views, test_servers, test_words_update
