from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Who works where, to choose people by: a list of owners is then one search, made when somebody opens it."""

    _inherit = "res.users"

    servicedesk_department_ids = fields.Many2many(
        "servicedesk.department", compute="_compute_servicedesk_department_ids",
        search="_search_servicedesk_department_ids", string="Departments of the desk",
        groups="servicedesk.group_user", export_string_translation=False)

    @api.depends_context("uid")
    def _compute_servicedesk_department_ids(self):
        """Departments whose member or manager one is, as far as the reader sees them."""
        departments = self.env["servicedesk.department"].search([
            "|", ("membership_ids.user_id", "in", self.ids), ("manager_id", "in", self.ids)])
        for user in self:
            user.servicedesk_department_ids = departments.filtered(
                lambda department, user=user: user in department.member_ids | department.manager_id)

    @api.model
    def _search_servicedesk_department_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        departments = [number for number in value if number]
        return Domain("id", "in", self.env["servicedesk.membership"]._search(
            [("department_id", "in", departments)]).subselect("user_id")) | Domain(
            "id", "in", self.env["servicedesk.department"]._search(
                [("id", "in", departments), ("manager_id", "!=", False)]).subselect("manager_id"))
