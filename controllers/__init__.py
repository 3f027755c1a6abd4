from . import archive
from . import confirm
from . import download
from . import export
from . import portal
from . import sms
from . import printing
