from odoo import models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _build_email__(self, *args, **kwargs):
        """Put the pictures that an item's text shows into the mail itself (RFC 2392, ``cid:``).

        Odoo attaches files only; links into the database would be closed to the recipient.
        """
        message = super()._build_email__(*args, **kwargs)
        pictures = self.env.context.get("servicedesk_inline") or {}
        html = message.get_body(("html",)) if pictures else None
        for cid, (name, content, mimetype) in pictures.items() if html else ():
            maintype, _slash, subtype = (mimetype or "image/png").partition("/")
            html.add_related(content, maintype, subtype, cid=f"<{cid}>", filename=name, disposition="inline")
        return message
