from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


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
