from . import archive
from . import download
from . import portal
