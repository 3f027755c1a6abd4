from . import ir_attachment
from . import client_file
from . import item
