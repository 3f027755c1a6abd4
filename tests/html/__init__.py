from . import test_foreign_html
from . import test_html_cleaner
