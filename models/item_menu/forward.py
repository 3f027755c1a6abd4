from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools.mail import addresses, quoting, threading


class ServicedeskChannelForward(models.AbstractModel):
    """A mail to somebody who has no part in the ticket; its draft lies beside the answer to the customer."""

    _name = "servicedesk.channel.forward"
    _inherit = "servicedesk.channel.email"
    _description = "Channel: forward"

    _sequence = 0

    @api.model
    def _get_domain(self):
        return Domain("kind", "=", "email") & Domain("third_party", "=", True)

    @api.model
    def _prepare_answer(self, ticket, parent, reply_all):
        return {}

    @api.model
    def _get_first_words(self, ticket):
        return ""

    @api.model
    def _create_draft(self, ticket, vals):
        own = self.env["servicedesk.item"]._prepare_own_draft_vals({"ticket_id": ticket.id, "kind": "email", **vals})
        # sudo: the mark is the system's; all else is what the user may write, and the ticket's access is checked
        return self.env["servicedesk.item"].sudo().create(own | {"third_party": True}).sudo(False)


class ServicedeskItem(models.Model):
    """Asking somebody outside: an item is forwarded, and the answer comes back beside the client's conversation.

    ``third_party`` on an outgoing mail says that it was written to somebody who has no part in the ticket: the client
    sees neither it nor the answer, its recipients do not become participants, and it is no answer to the client.
    """

    _inherit = "servicedesk.item"

    def prepare_forward(self, attachment_ids=()):
        """Make the current user's draft that forwards this item; return its id. The composer opens it.

        :param attachment_ids: the chosen files of this item; they are copied to the draft
        :raise UserError: for what is internal, and where the user is forwarding something else on the ticket
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.ticket_id
        ticket.check_access("write")
        if not self._can_be_forwarded():
            raise UserError(self.env._("Only what was said with the customer can be forwarded, never what is "
                                       "internal."))
        if self._find_own_draft(ticket, "forward"):
            raise UserError(self.env._("You are forwarding already in this ticket. Send or discard that draft first."))
        draft = self.env["servicedesk.channel.forward"]._create_draft(ticket, {
            "parent_item_id": self.id, "subject": self._get_forward_subject(),
            "body": self._get_signature(ticket) or "<p><br/></p>",
        })
        # sudo: files of the item, whose access is checked, are copied with what they show
        sudo_files = self.sudo().attachment_ids
        shown = sudo_files.filtered(lambda file: file.description == "inline")
        chosen = sudo_files.filtered(lambda file: file.id in set(attachment_ids)) - shown
        copies = {file.id: file.copy({"res_id": draft.id, "access_token": False}) for file in shown | chosen}
        body = quoting.strip_remote(self.body, lambda file_id: (
            f"/web/image/{copies[file_id].id}" if file_id in copies else None))
        draft.body += quoting.quote(self.env._("Forwarded message"), self._get_quoted_headers(), body)
        return draft.id

    def _can_be_forwarded(self):
        self.ensure_one()
        return self.direction in ("in", "out") and self.state != "draft"

    def _get_forward_subject(self):
        subject = threading.strip_number(self.subject or self.ticket_id.subject, self.ticket_id.number)
        return f"Fwd: {subject}"

    def _get_quoted_headers(self):
        """Return the head of a quoted item in the user's language; blind copies stay blind."""
        return [
            (self.env._("From"), self.email_from or self.author_name),
            (self.env._("Date"), format_datetime(self.env, self.date, dt_format="long")),
            (self.env._("To"), self.email_to),
            (self.env._("Cc"), self.email_cc),
            (self.env._("Subject"), self.subject),
        ]

    def _get_third_party_addresses(self):
        """Return the normalised addresses to which these mails went."""
        return {email for item in self for _name, email in addresses.split(
            item.email_to, item.email_cc, item.email_bcc)}
