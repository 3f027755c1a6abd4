from odoo import models
from odoo.exceptions import ValidationError


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
