from . import template
from . import variables
from . import category
from . import picker
from . import item
