from . import test_assets
from . import test_frozen_names
from . import test_hoot
from . import test_performance

# one folder a subject, as in models/; each says which cases it has
from .access import *
from .automation import *
from .call import *
from .client import *
from .department import *
from .files import *
from .html import *
from .intake import *
from .item import *
from .item_menu import *
from .merge import *
from .notice import *
from .people import *
from .portal import *
from .queue import *
from .reasons import *
from .setup import *
from .sla import *
from .sms import *
from .template import *
from .ticket import *
from .timeline import *
