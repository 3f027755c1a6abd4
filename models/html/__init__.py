from . import clean_html
