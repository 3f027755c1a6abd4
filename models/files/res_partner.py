from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    servicedesk_gallery_count = fields.Integer("Service Desk pictures", compute="_compute_servicedesk_file_counts",
                                               groups="servicedesk.group_user")
    servicedesk_document_count = fields.Integer("Service Desk documents", compute="_compute_servicedesk_file_counts",
                                                groups="servicedesk.group_user")

    def _compute_servicedesk_file_counts(self):
        counts = {(partner.id, kind): count for partner, kind, count in self.env["servicedesk.client.file"]._read_group(
            Domain("partner_id", "in", self.commercial_partner_id.ids), ["partner_id", "kind"], ["__count"])}
        for partner in self:
            client = partner.commercial_partner_id.id
            partner.servicedesk_gallery_count = counts.get((client, "gallery"), 0)
            partner.servicedesk_document_count = counts.get((client, "document"), 0)

    def action_servicedesk_gallery(self):
        return self._open_servicedesk_files("servicedesk_client_file_action_gallery", "gallery",
                                            self.env._("Gallery: %s", self.commercial_partner_id.display_name))

    def action_servicedesk_documents(self):
        return self._open_servicedesk_files("servicedesk_client_file_action_documents", "document",
                                            self.env._("Documents: %s", self.commercial_partner_id.display_name))

    def _open_servicedesk_files(self, action, kind, title):
        self.ensure_one()
        self.env["servicedesk.client.file"].check_access("read")
        client = self.commercial_partner_id
        return self.env["ir.actions.act_window"]._for_xml_id(f"servicedesk.{action}") | {
            "display_name": title, "domain": [("partner_id", "=", client.id), ("kind", "=", kind)],
            "context": {"default_partner_id": client.id, "default_kind": kind}}

    def unlink(self):
        # sudo: a client's files go with the client, whoever put them there
        self.env["servicedesk.client.file"].sudo().search([("partner_id", "in", self.ids)]).unlink()
        return super().unlink()
