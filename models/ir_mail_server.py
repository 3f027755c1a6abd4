import smtplib

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Tell a server that fell silent in the middle from one that refused: of the first nobody knows what it took.

        Odoo calls both a failed delivery; here the first becomes what a server that breaks off is already.
        """
        try:
            return super().send_email(message, *args, **kwargs)
        except MailDeliveryException as error:
            fell_silent = isinstance(error.__context__, (TimeoutError, ConnectionError))
            if fell_silent and "servicedesk_inline" in self.env.context:
                raise smtplib.SMTPServerDisconnected(str(error.__context__)) from error
            raise

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
