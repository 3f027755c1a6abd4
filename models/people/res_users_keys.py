from odoo import fields, models


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    servicedesk_keys_off = fields.Boolean("No letter keys on tickets", export_string_translation=False)


class ResUsers(models.Model):
    _inherit = "res.users"

    servicedesk_keys_off = fields.Boolean(
        "Switch off letter keys on tickets", compute="_compute_servicedesk_keys_off",
        inverse="_inverse_servicedesk_keys_off",
        help="R to reply, J and K to move and the others work only outside of fields; Ctrl+K has them all.")

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "servicedesk_keys_off"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "servicedesk_keys_off"]

    def _compute_servicedesk_keys_off(self):
        for user in self:
            # sudo: settings are open to their own user only; administrators may look at a user's form
            user.servicedesk_keys_off = user.sudo().res_users_settings_id.servicedesk_keys_off

    def _inverse_servicedesk_keys_off(self):
        for user in self:
            settings = self.env["res.users.settings"].sudo()._find_or_create_for_user(user)  # sudo: as above
            settings.servicedesk_keys_off = user.servicedesk_keys_off
