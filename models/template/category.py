from odoo import fields, models
from odoo.fields import Domain

from ..access.relations import RuledMany2many


class ServicedeskCategory(models.Model):
    """Which texts a category brings along: they come first while one writes, or are all that is offered."""

    _inherit = "servicedesk.category"

    template_ids = RuledMany2many("servicedesk.template", "servicedesk_template_category_rel", "category_id",
                                    "template_id", "Templates", domain=[("use", "!=", "notice")],
                                    help="Offered first in tickets of this category and those below it.")
    templates_only = fields.Boolean("Offer only these templates",
                                    help="General templates are not offered in tickets of this category then.")


class ServicedeskTemplate(models.Model):
    _inherit = "servicedesk.template"

    category_ids = fields.Many2many("servicedesk.category", "servicedesk_template_category_rel", "template_id",
                                    "category_id", "Categories", help=(
                                        "Offered in tickets of these categories and their subcategories, before "
                                        "the general ones. Leave empty to offer it in all tickets."))

    def _get_category_domain(self, category):
        """Return ``(fitting, offered)``: domains of what fits a ticket's category and what a search may find."""
        family = category | category.parent_id
        bound = Domain("category_ids", "in", family.ids)
        if any(family.mapped("templates_only")):
            return bound, bound
        return bound | Domain("category_ids", "=", False), Domain.TRUE

    def _get_category_rank(self, category):
        """Return how near a template is to a ticket's category: its own 0, its parent's 1, a general one 2."""
        if category & self.category_ids:
            return 0
        return 1 if category.parent_id & self.category_ids else 2
