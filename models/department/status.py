from odoo import fields, models


class ServicedeskStatus(models.Model):
    """A finer state of tickets of some categories: *Waiting* for whom exactly, *Closed* with what result."""

    _name = "servicedesk.status"
    _description = "Detailed status of a ticket"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    state = fields.Selection(
        [("open", "Open"), ("waiting", "Waiting"), ("closed", "Closed")],
        help="The state that it refines. Leave empty to use it with every state.")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    category_ids = fields.Many2many("servicedesk.category", "servicedesk_category_status_rel", "status_id",
                                    "category_id", "Categories")

    def _fits(self, state):
        """Return those that go with a ticket's state; archived tickets keep what they were closed with."""
        return self.filtered(lambda status: status.state in (False, "closed" if state == "archived" else state))
