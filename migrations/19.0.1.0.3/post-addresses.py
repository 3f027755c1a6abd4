"""List once the accounts of the portal whose e-mail address nobody but they themselves has given."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    api.Environment(cr, SUPERUSER_ID, {})["servicedesk.address.claim"]._list_doubtful()
