from odoo import fields, models


class ResUsers(models.Model):
    """What each agent signs with, set in one's own preferences."""

    _inherit = "res.users"

    servicedesk_signature = fields.Html("Service Desk signature", translate=True, sanitize_style=True,
                                        help="Stands under one's answers, in the language of who asks.")

    @property
    def SELF_READABLE_FIELDS(self):
        return super().SELF_READABLE_FIELDS + ["servicedesk_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return super().SELF_WRITEABLE_FIELDS + ["servicedesk_signature"]

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Let agents translate their own signature; who may change the user at all may do so anyway."""
        if field_name == "servicedesk_signature" and self == self.env.user:
            self = self.sudo()  # sudo: one's own preference, as SELF_WRITEABLE_FIELDS says
        return super().update_field_translations(field_name, translations, source_lang=source_lang)
