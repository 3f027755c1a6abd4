from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import choices


class ServicedeskCategory(models.Model):
    """What a ticket is about, in two levels: ``Network / VPN``; and what that choice brings to the ticket."""

    _name = "servicedesk.category"
    _description = "Ticket category"
    _parent_store = True
    _rec_names_search = ("complete_name",)
    _order = "complete_name, id"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char("Full name", compute="_compute_complete_name", recursive=True, store=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "servicedesk.category", "Parent category", index=True, ondelete="restrict", domain=[("parent_id", "=", False)]
    )
    child_ids = fields.One2many("servicedesk.category", "parent_id", "Subcategories")
    parent_path = fields.Char("Parent path", index=True)
    company_id = fields.Many2one("res.company")
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null",
                                    help="Tickets that get this category move there.")
    priority = fields.Selection(
        choices.PRIORITIES,
        help="Given to tickets whose priority nobody has changed.")
    owner_rule = fields.Selection(
        [("none", "Manual (no automatic assignment)"), ("member", "A certain person"), *choices.TURNS],
        "Owner", default="none", required=True, help="Given to tickets that have no owner yet.")
    owner_id = fields.Many2one("res.users", "Person", domain=[("share", "=", False)], index="btree_not_null")
    status_ids = fields.Many2many("servicedesk.status", "servicedesk_category_status_rel", "category_id", "status_id",
                                  "Detailed statuses", help="Leave empty to use those of the parent category.")
    status_required = fields.Boolean("Status required to close")

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

    @api.constrains("owner_rule", "owner_id")
    def _check_owner(self):
        for category in self:
            if category.owner_rule == "member" and not category.owner_id:
                raise ValidationError(self.env._("Choose who gets the tickets of “%s”.", category.complete_name))

    @api.constrains("status_required", "status_ids")
    def _check_closing_status(self):
        for category in self:
            if category.status_required and not category._get_statuses()._fits("closed"):
                raise ValidationError(self.env._(
                    "“%s” requires a detailed status before closing, but has none that a closed ticket can have.",
                    category.complete_name))

    def _get_statuses(self):
        """Return the statuses that tickets of this category may have; without own ones, those of the parent."""
        (self | self.parent_id).mapped("status_ids")  # both levels in one query
        return self.status_ids or self.parent_id.status_ids

    def _get_owner(self, department):
        """Return who owns a new ticket of this category, or nobody.

        :param department: of the ticket; only its people come into question
        """
        self.ensure_one()
        if self.owner_rule == "member" and self.owner_id in department.member_ids | department.manager_id:
            return self.owner_id
        return self.env["res.users"]
