from . import archive
from . import download
from . import export
from . import portal
from . import sms
from . import printing
