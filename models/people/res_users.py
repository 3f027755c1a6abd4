from odoo import api, fields, models
from odoo.fields import Domain

from ..html.clean_html import CleanHtml


class ResUsers(models.Model):
    """Who works where, to choose people by: a list of owners is then one search, made when somebody opens it.

    What each agent signs with, set in one's own preferences.
    """

    _inherit = "res.users"

    servicedesk_department_ids = fields.Many2many(
        "servicedesk.department", compute="_compute_servicedesk_department_ids",
        search="_search_servicedesk_department_ids", string="Departments of the desk",
        groups="servicedesk.group_user", export_string_translation=False)
    servicedesk_keys_off = fields.Boolean(
        "Turn off keyboard shortcuts", compute="_compute_servicedesk_keys_off",
        inverse="_inverse_servicedesk_keys_off",
        help="R to reply, J and K to move and the others work only outside of fields; Ctrl+K has them all.")
    servicedesk_signature = CleanHtml("Service Desk signature", translate=True,
                                      help="Added below your replies, in the language of the contact.")

    @api.depends_context("uid")
    def _compute_servicedesk_department_ids(self):
        """Departments whose member or manager one is, as far as the reader sees them."""
        departments = self.env["servicedesk.department"].search([
            "|", ("membership_ids.user_id", "in", self.ids), ("manager_id", "in", self.ids)])
        for user in self:
            user.servicedesk_department_ids = departments.filtered(
                lambda department, user=user: user in department.member_ids | department.manager_id)

    @api.model
    def _search_servicedesk_department_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        departments = [number for number in value if number]
        return Domain("id", "in", self.env["servicedesk.membership"]._search(
            [("department_id", "in", departments)]).subselect("user_id")) | Domain(
            "id", "in", self.env["servicedesk.department"]._search(
                [("id", "in", departments), ("manager_id", "!=", False)]).subselect("manager_id"))

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "servicedesk_keys_off", "servicedesk_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "servicedesk_keys_off", "servicedesk_signature"]

    def _compute_servicedesk_keys_off(self):
        for user in self:
            # sudo: settings are open to their own user only; administrators may look at a user's form
            user.servicedesk_keys_off = user.sudo().res_users_settings_id.servicedesk_keys_off

    def _inverse_servicedesk_keys_off(self):
        for user in self:
            settings = self.env["res.users.settings"].sudo()._find_or_create_for_user(user)  # sudo: as above
            settings.servicedesk_keys_off = user.servicedesk_keys_off

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Let agents translate their own signature; who may change the user at all may do so anyway."""
        if field_name == "servicedesk_signature" and self == self.env.user:
            self = self.sudo()  # sudo: one's own preference, as SELF_WRITEABLE_FIELDS says
        return super().update_field_translations(field_name, translations, source_lang=source_lang)


class ResUsersSettings(models.Model):
    _inherit = "res.users.settings"

    servicedesk_keys_off = fields.Boolean("No letter keys on tickets", export_string_translation=False)
