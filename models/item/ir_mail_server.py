import smtplib
from dataclasses import dataclass, field

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class _Listening:
    """A connection to a mail server that writes down which recipients the server refused, and why."""

    def __init__(self, session, refused):
        self._session, self._refused = session, refused

    def __getattr__(self, name):
        return getattr(self._session, name)

    def send_message(self, *args, **kwargs):
        found = self._session.send_message(*args, **kwargs) or {}
        for address, (code, words) in found.items():
            words = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
            self._refused[address] = " ".join(f"{code} {words}".split())
        return found


@dataclass(eq=False)
class Sending:
    """What is known of an item while Odoo sends its mails: an object in the context, which no client can send.

    :param pictures: ``{cid: (name, content, mimetype)}`` of what its text shows
    """

    pictures: dict
    refused: dict = field(default_factory=dict)  # {address: the server's words}


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _get_sending(self):
        """Return the :class:`Sending` that goes on, or None."""
        sending = self.env.context.get("servicedesk_sending")
        return sending if isinstance(sending, Sending) else None

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Tell a server that fell silent in the middle from one that refused: of the first nobody knows what it took.

        Odoo calls both a failed delivery; here the first becomes what a server that breaks off is already. A server
        that takes a mail for some of its recipients only says so in what Odoo passes over: whom it refused is put into
        the :class:`Sending`.
        """
        sending = self._get_sending()
        if sending and kwargs.get("smtp_session"):
            kwargs["smtp_session"] = _Listening(kwargs["smtp_session"], sending.refused)
        try:
            return super().send_email(message, *args, **kwargs)
        except MailDeliveryException as error:
            fell_silent = isinstance(error.__context__, (TimeoutError, ConnectionError))
            if fell_silent and sending:
                raise smtplib.SMTPServerDisconnected(str(error.__context__)) from error
            raise

    def _build_email__(self, *args, **kwargs):
        """Put the pictures that an item's text shows into the mail itself (RFC 2392, ``cid:``).

        Odoo attaches files only; links into the database would be closed to the recipient.
        """
        message = super()._build_email__(*args, **kwargs)
        sending = self._get_sending()
        pictures = sending.pictures if sending else {}
        html = message.get_body(("html",)) if pictures else None
        for cid, (name, content, mimetype) in pictures.items() if html else ():
            maintype, _slash, subtype = (mimetype or "image/png").partition("/")
            html.add_related(content, maintype, subtype, cid=f"<{cid}>", filename=name, disposition="inline")
        return message
