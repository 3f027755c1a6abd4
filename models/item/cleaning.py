from odoo import api, models
from odoo.fields import Domain

from ...tools.mail import html_cleaner
from ..queue.queue import Queue

CLEANING = Queue("cleaning of HTML", "_clean_stored_body", ("cron_clean_html",), batch=200)


class ServicedeskItem(models.Model):
    """What was stored before the cleaner of today is cleaned in the background; it ends by itself.

    Until its turn has come an item is shown as isolated as any other, and left out of nothing.
    """

    _inherit = "servicedesk.item"

    _uncleaned_idx = models.Index("(id) WHERE body_clean IS NOT TRUE")

    @api.model
    def _cron_clean_html(self):
        """Clean what is left, as long as the job's time lasts."""
        self._work_off(CLEANING, lambda: Domain("body_clean", "!=", True))

    def _clean_stored_body(self):
        """Clean the bodies of claimed items, and nothing else of them: no history, no notices, no new date."""
        for item in self:
            body = item.body and html_cleaner.clean(
                item.body, own=item.direction != "in" and item.thread_reason != "claimed", stored=True)
            self.env.cr.execute("UPDATE servicedesk_item SET body = %s, body_clean = TRUE WHERE id = %s", [
                body or None, item.id])
        self.invalidate_recordset(["body", "body_clean"])
