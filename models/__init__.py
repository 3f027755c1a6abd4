# what one sees
from . import scope

# around the ticket
from . import category, department, membership, tag

# the ticket, its items and its history
from . import ticket
from . import event, item, item_draft, item_delivery, live, timeline

# the way in
from . import intake, intake_filing

# extended models of Odoo
from . import fetchmail_server, mail_thread, res_partner
