from . import first_steps
from . import mail
from . import words
from . import round_trip
from . import res_config_settings
from . import demo
