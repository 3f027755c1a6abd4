import contextlib
import os

from odoo import api, fields, models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    servicedesk_client_file_id = fields.Many2one(
        "servicedesk.client.file", "Moved to customer documents", ondelete="set null", index="btree_not_null",
        copy=False, groups="base.group_system")

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._check_items_open()
        return attachments

    def write(self, vals):
        self._check_items_open()
        result = super().write(vals)
        self._check_items_open()
        return result

    def unlink(self):
        self._check_items_open()
        return super().unlink()

    def _check_items_open(self):
        """Files are part of what was said: an agent changes those of own drafts only.

        :raise AccessError: for a file of an item that has arrived or left
        """
        if self.env.su:
            return
        items = self.env["servicedesk.item"].browse(
            attachment.res_id for attachment in self.sudo()  # sudo: only to see what the files belong to
            if attachment.res_model == "servicedesk.item" and attachment.res_id).exists()
        if items.sudo().filtered(  # sudo: as above
                lambda item: item.state != "draft" or item.author_user_id != self.env.user):
            raise AccessError(self.env._("Files of what has been said cannot be changed."))

    @api.model
    def _get_path(self, bin_data, sha):
        """Clear away the stump that a full disk or a crash left under this name.

        Odoo would take it for a collision of checksums and refuse the same content for ever: a mail that met a full
        disk once could never be stored again, and nothing behind it in the mailbox either.
        """
        path = self._full_path(f"{sha[:2]}/{sha}")
        with contextlib.suppress(OSError):
            if os.path.getsize(path) < len(bin_data):
                with open(path, "rb") as stump:
                    is_stump = bin_data.startswith(stump.read())
                if is_stump:
                    os.unlink(path)
        return super()._get_path(bin_data, sha)
