from . import test_access
from . import test_access_exports
from . import test_access_matrix
from . import test_access_routes
from . import test_context_keys
from . import test_doors
from . import test_gateway
from . import test_rights
