from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServicedeskCategory(models.Model):
    """What a ticket is about, in two levels: ``Network / VPN``."""

    _name = "servicedesk.category"
    _description = "Ticket category"
    _parent_store = True
    _rec_names_search = ("complete_name",)
    _order = "complete_name, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(compute="_compute_complete_name", recursive=True, store=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "servicedesk.category", "Parent category", index=True, ondelete="restrict", domain=[("parent_id", "=", False)]
    )
    child_ids = fields.One2many("servicedesk.category", "parent_id", "Subcategories")
    parent_path = fields.Char(index=True)
    company_id = fields.Many2one("res.company")
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            names = filter(None, (category.parent_id.name, category.name))
            category.complete_name = " / ".join(names)

    @api.depends("complete_name")
    def _compute_display_name(self):
        for category in self:
            category.display_name = category.complete_name

    @api.constrains("parent_id")
    def _check_two_levels(self):
        if self._has_cycle() or any(category.parent_id.parent_id for category in self):
            raise ValidationError(self.env._("Categories have two levels: a category and its subcategories."))
        if any(category.parent_id and category.child_ids for category in self):
            raise ValidationError(
                self.env._("A category that has subcategories cannot be a subcategory itself.")
            )
