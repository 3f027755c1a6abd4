from odoo import models


class ServicedeskTicket(models.Model):
    """What a move to another department takes along, and what has no place there."""

    _inherit = "servicedesk.ticket"

    def _get_moving_vals(self, department):
        """Return ``{field: id or False}`` of a move: people who have no part in the department are taken off."""
        self.ensure_one()
        people = department._get_people()
        vals = {"department_id": department.id}
        for name in ("owner_id", "remind_user_id"):
            if self[name] - people:
                vals[name] = False
        return vals

    def _get_lost_category(self, department):
        """Return the category that the ticket would lose there: another department's, whose form is empty.

        What somebody has filled in is kept, and the category with it.
        """
        self.ensure_one()
        category = self.category_id
        if category.department_id in (category.department_id.browse(), department) or any(
                dict(self.properties or {}).values()):
            return category.browse()
        return category
