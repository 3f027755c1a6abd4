import base64
import contextlib
import os
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError

# Records whose files are part of what they are.
KEEPERS = ("servicedesk.item", "servicedesk.client.file", "servicedesk.intake")
# What makes a file this file; all else is kept beside it.
DERIVED = {"file_size", "checksum", "store_fname"}  # Odoo takes these out of what is written
CONTENT = {"name", "raw", "datas", "db_datas", "mimetype", "type", "url", "res_model", "res_id", "res_field"} | DERIVED
# Where it is noted which files may go: see `_let_go`.
FREED = "servicedesk.files"


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    servicedesk_client_file_id = fields.Many2one(
        "servicedesk.client.file", "Moved to customer documents", ondelete="set null", index="btree_not_null",
        copy=False, groups="base.group_system")

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        if not self.env.su:
            attachments._check_not_kept()
        return attachments

    def write(self, vals):
        if not self.env.su or CONTENT & vals.keys():
            self.filtered(lambda file: file._differs_from(vals))._check_not_kept()
        result = super().write(vals)
        if not self.env.su and {"res_model", "res_id"} & vals.keys():
            self._check_not_kept()
        return result

    def unlink(self):
        self._check_not_kept()
        return super().unlink()

    def _differs_from(self, vals):
        """Tell whether ``vals`` would make another file of this one; moving to another storage writes what is there."""
        if vals.keys() - CONTENT:
            return True
        file = self.sudo()  # sudo: compared only
        for name, value in vals.items():
            if name in ("raw", "datas"):
                raw = value if name == "raw" else base64.b64decode(value or b"")
                raw = raw.encode() if isinstance(raw, str) else bytes(raw or b"")
                if self._compute_checksum(raw) != file.checksum:
                    return True
            elif name not in DERIVED and (file[name] or False) != (value or False):
                return True
        return False

    def _check_not_kept(self):
        """Keep what was said as it was said, whoever asks by whatever route: Odoo itself deletes files as superuser.

        An agent changes files of own drafts only. What goes with its record, or is :meth:`_let_go`, may go.

        :raise AccessError: for a file of an item that has arrived or left, of a client's card, or an original
        """
        files = self.sudo()  # sudo: only to see what the files belong to
        freed = self.env.cr.cache.get(FREED, frozenset())
        ids = {model: [file.res_id for file in files if file.res_model == model and file.res_id
                       and file.id not in freed] for model in KEEPERS}
        kept = [self.env[model].sudo().browse(found).exists()  # sudo: as above
                for model, found in ids.items() if found]
        if any(record for records in kept for record in records if not record._may_change_files()):
            raise AccessError(self.env._("Files of what has been said cannot be changed."))

    @contextmanager
    def _let_go(self):
        """Let these files change or go in the block, by code of ours that has looked at the right to it.

        It is noted with the cursor, as a key of the context could come from outside.
        """
        cache = self.env.cr.cache
        before = cache.get(FREED, frozenset())
        cache[FREED] = before | set(self.ids)
        try:
            yield self
        finally:
            cache[FREED] = before

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
