from odoo import api, fields, models
from odoo.fields import Domain

from ..queue.queue import Queue

READING = Queue("texts of files", "_servicedesk_read_text", ("cron_read_files",), give_up="_servicedesk_leave_unread")
# Noted with the cursor while files are stored that are read afterwards: a key of the context could come from outside.
LATER = "servicedesk.files.later"
# What has no text that could be found.
WORDLESS = ("image/", "audio/", "video/")


class IrAttachment(models.Model):
    """Files that come from outside are stored first; a job reads the words in them that Odoo's search finds.

    Some of Odoo's add-ons open each file to read its text. A file that takes a minute, or the process with it, then
    costs nobody the mail that it came with: see the contract of :class:`ServicedeskQueue`.
    """

    _name = "ir.attachment"
    _inherit = ["ir.attachment", "servicedesk.queue"]

    servicedesk_unread = fields.Boolean("Text not read yet", readonly=True, copy=False, groups="base.group_system")

    _servicedesk_unread_idx = models.Index("(id) WHERE servicedesk_unread IS TRUE")

    @api.model
    def _servicedesk_store(self, vals_list):
        """Create files as they came, pictures too; their texts are read afterwards.

        :param vals_list: values of ``create``, with ``raw``
        """
        cache = self.env.cr.cache
        before, cache[LATER] = cache.get(LATER), True
        unread = [not self._compute_mimetype(vals).startswith(WORDLESS) for vals in vals_list]
        try:
            files = self.with_context(image_no_postprocess=True).create([
                vals | {"servicedesk_unread": wait} for vals, wait in zip(vals_list, unread, strict=True)])
        finally:
            cache[LATER] = before
        if any(unread):
            self._wake_jobs("cron_read_files")
        return files

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        if self.env.cr.cache.get(LATER):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

    @api.model
    def _servicedesk_cron_read(self):
        """Read the texts of the files that have come. Run by a job."""
        self._work_off(READING, lambda: Domain("servicedesk_unread", "=", True))

    def _servicedesk_read_text(self):
        for file in self:
            text = file._index(file.raw or b"", file.mimetype, checksum=file.checksum)
            file.write({"index_content": text, "servicedesk_unread": False})

    def _servicedesk_leave_unread(self, _failure):
        self.servicedesk_unread = False
