# fields first: the tables of words are theirs
from . import words
from . import reason
