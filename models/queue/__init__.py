from . import mark
from . import queue
