import contextlib
import os

from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

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
