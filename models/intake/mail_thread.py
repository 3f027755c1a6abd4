import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.mail import addresses, mime, threading


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Take what belongs to a department off Odoo's gateway (aliases, mail gate) and into the ledger.

        Only headers are looked at: a department among the recipients, or an answer to one of our Message-Ids.
        Everything else goes on untouched.
        """
        raw = message.data if isinstance(message, xmlrpc.client.Binary) else message
        raw = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else bytes(raw)
        departments = self._find_servicedesk_departments(mime.parse_headers(raw))
        if departments:
            if not self.env.su and not self.env.user.has_group("base.group_system"):
                # Whoever may hand in mails may write them in anybody's name, the checks of the mail server included.
                raise AccessError(self.env._("Only the mail gateway hands in messages for the Service Desk."))
            self.env["servicedesk.intake"].sudo()._store(raw, departments)  # sudo: the gateway acts for the system
            return False
        return super().message_process(
            model, message, custom_values=custom_values, save_original=save_original,
            strip_attachments=strip_attachments, thread_id=thread_id)

    @api.model
    def _find_servicedesk_departments(self, mail):
        """Return the departments that a mail is for, by its recipients, else by the message that it answers."""
        recipients = [address for _name, address in addresses.split(*mail.recipients)]
        # sudo: routing looks at all departments, whoever's mail it is
        departments = self.env["servicedesk.department"].sudo()._find_by_addresses(recipients)
        if departments:
            return departments
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        answered = self.env["servicedesk.item"].sudo().search(  # sudo: routing, as above
            [("message_id", "in", ids), ("direction", "=", "out")], limit=1) if ids else None
        return answered.ticket_id.department_id if answered else departments
