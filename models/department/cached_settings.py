from odoo import api, models


class ServicedeskCachedSettings(models.AbstractModel):
    """Settings that hot paths read out of Odoo's cache: whatever changes them empties it, on every worker.

    Models that inherit it answer from a method with ``@tools.ormcache()``.
    """

    _name = "servicedesk.cached.settings"
    _description = "Settings kept in the cache"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
