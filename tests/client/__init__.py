from . import test_addresses
from . import test_client_note
from . import test_service
