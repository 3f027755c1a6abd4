from . import notice
from . import inbox
from . import mail
from . import sms
from . import triggers
from . import watching
