from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge contacts; what was proven for one of them is not in doubt because another one had only claimed it."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        proven = set(map(self.env["servicedesk.address.claim"]._get_key, partners._get_servicedesk_addresses()))
        # sudo: claims are the system's; staff has just said that these are one person
        partners.sudo().servicedesk_claim_ids.filtered(
            lambda claim: claim.value in proven and claim.state not in ("confirmed", "former")).unlink()
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
