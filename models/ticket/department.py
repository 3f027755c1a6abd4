from odoo import models


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    def _get_people(self):
        """Return who may own the tickets of this department."""
        department = self.sudo()  # sudo: colleagues of another department, by name
        return (department.member_ids | department.manager_id).sudo(False)
