from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, format_datetime


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


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    form_category_id = fields.Many2one("servicedesk.category", compute="_compute_form_category_id", store=True,
                                       precompute=True, compute_sudo=True, export_string_translation=False)
    properties = fields.Properties("Form", definition="form_category_id.form_definition", copy=True)

    @api.depends("category_id.form_category_id")
    def _compute_form_category_id(self):
        for ticket in self:
            ticket.form_category_id = ticket.category_id.form_category_id

    def _get_missing_properties(self):
        """Return the names of required form fields that are still empty."""
        self.ensure_one()
        definition = self.form_category_id.sudo().form_definition  # sudo: the form of a category in another company
        if not any(field.get("required") for field in definition or []):
            return []
        values = dict(self.properties or {})
        return [field.get("string") or field["name"] for field in definition or []
                if field.get("required") and values.get(field["name"]) in (None, False, "", [])]


    def _get_customer_form(self):
        """Return ``[{label, value}]`` of the filled form fields that the category shows to the customer.

        Records behind a field are left out: their names are not the customer's to see.
        """
        self.ensure_one()
        shown, values = [], dict(self.properties or {})
        for field in self.form_category_id.sudo().form_definition or []:  # sudo: as above
            value = values.get(field["name"])
            if not field.get("customer") or value in (None, "", []) or (value is False and field["type"] != "boolean"):
                continue
            if field["type"] in ("char", "text", "integer", "float", "monetary", "selection", "tags"):
                text = str(value)  # of selections and tags Odoo gives the words already
            elif field["type"] == "boolean":
                text = "✓" if value else "–"
            elif field["type"] in ("date", "datetime"):
                text = (format_date if field["type"] == "date" else format_datetime)(self.env, value)
            else:
                continue
            if text:
                shown.append({"label": field.get("string") or field["name"], "value": text})
        return shown


class Base(models.AbstractModel):
    _inherit = "base"

    def _additional_allowed_keys_properties_definition(self):
        """Let form fields be required, and visible to the customer."""
        return (*super()._additional_allowed_keys_properties_definition(), "required", "customer")

    def _validate_properties_definition(self, properties_definition, field):
        for definition in properties_definition:
            for key in ("required", "customer"):
                if not isinstance(definition.get(key, False), bool):
                    raise ValidationError(self.env._("“%s” of a form field is yes or no.", key))
        return super()._validate_properties_definition(properties_definition, field)
