from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Merge contacts: what was proven for one of them is no longer in doubt, what was only claimed stays so.

        Odoo writes the addresses of the others on the one that is left in the name of whoever merges, who has looked at
        the people, not at their addresses.
        """
        Claim = self.env["servicedesk.address.claim"].sudo()  # sudo: claims are the system's
        partners = self.env["res.partner"].browse(partner_ids).exists()
        proven, claimed = partners._split_servicedesk_addresses()
        proven, claimed = ({Claim._get_key(value) for value in values} for values in (proven, claimed))
        partners.sudo().servicedesk_claim_ids.filtered(  # sudo: as above
            lambda claim: claim.value in proven and claim.state not in ("confirmed", "former")).unlink()
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        for partner in partners.exists():
            for value in claimed.intersection(map(Claim._get_key, partner._get_servicedesk_written())):
                Claim._note_by_others(partner, "", value)
        return result
