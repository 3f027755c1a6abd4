from random import randint

from odoo import fields, models


class ServicedeskTag(models.Model):
    _name = "servicedesk.tag"
    _description = "Ticket tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))
    active = fields.Boolean(default=True)

    _name_uniq = models.UniqueIndex("(name)", "A tag of this name already exists.")
