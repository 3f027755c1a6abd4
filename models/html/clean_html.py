from odoo import fields

from ...tools.mail import html_cleaner


class CleanHtml(fields.Html):
    """HTML that somebody wrote, cleaned by our one cleaner wherever it is stored; see ``tools/mail/html_cleaner.py``.

    It is taken for written in our editor; what strangers wrote has been cleaned more strictly before it comes here.
    """

    def _convert(self, value, record, validate):
        if value is None or value is False:
            return None
        return html_cleaner.clean(value, own=True) if validate and self.sanitize else value
