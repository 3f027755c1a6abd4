from odoo import api, fields, models


class ServicedeskCategory(models.Model):
    """Own form fields of a category's tickets; a subcategory has those of its parent unless it says otherwise."""

    _inherit = "servicedesk.category"

    own_form = fields.Boolean("Own form fields", help="Otherwise the form fields of the parent category count.")
    form_category_id = fields.Many2one("servicedesk.category", compute="_compute_form_category_id", store=True,
                                       recursive=True, export_string_translation=False)
    form_definition = fields.PropertiesDefinition("Form fields")

    @api.depends("own_form", "parent_id")
    def _compute_form_category_id(self):
        for category in self:
            category.form_category_id = category if category.own_form or not category.parent_id else category.parent_id
