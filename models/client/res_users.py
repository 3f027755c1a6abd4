from odoo import api, fields, models


class ResUsers(models.Model):
    """What becomes of an address that one enters oneself: at sign-up, in the portal's account, in the preferences."""

    _inherit = "res.users"

    servicedesk_address_note = fields.Text(compute="_compute_servicedesk_address_note", export_string_translation=False)

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "servicedesk_address_note"]

    @api.depends("partner_id.email", "partner_id.phone")
    def _compute_servicedesk_address_note(self):
        for user in self:
            user.servicedesk_address_note = "\n".join(
                claim._get_waiting_notice()
                for claim in user.partner_id._get_servicedesk_waiting()) or False

    @api.model
    def signup(self, values, token=None):
        """Take an address as proven where the token that came to it is used; send a link where there is none.

        The token counts for the address alone that it was made for: another one may have been written since, or just
        now in the form.
        """
        link = self.env["servicedesk.access.link"]._find_open("invitation", token)
        result = super().signup(values, token)
        if link and link._use():
            link.partner_id.servicedesk_claim_ids.filtered(lambda claim: claim.value == link.address)._confirm_each()
        elif not token:
            # sudo: the account that has just been made
            made = self.sudo().search(self._get_login_domain(result[0]), order=self._get_login_order(), limit=1)
            made.partner_id._get_servicedesk_waiting()._send_links()
        return result
