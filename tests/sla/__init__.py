from . import test_escalation
from . import test_sla
from . import test_sla_clock
from . import test_sla_recount
from . import test_sla_tour
