from odoo import api, models
from odoo.fields import Domain

MESSAGE_FIELDS = ("date", "author_id", "author_guest_id", "email_from", "subject", "body", "message_type",
                  "mail_activity_type_id", "subtype_id")


class MailMessage(models.Model):
    """What other apps post on a ticket: core's messages, shown among our items as theirs and never changed by us.

    They are for agents: the portal shows items only. A contact whom a message names gets it by mail, as everywhere in
    Odoo.
    """

    _inherit = "mail.message"

    @api.model
    def _get_servicedesk_domain(self, ticket):
        """Return the domain of what apps have posted on a ticket; what only tells one user something is left out."""
        return (Domain("model", "=", ticket._name) & Domain("res_id", "=", ticket.id)
                & Domain("message_type", "!=", "user_notification"))

    def _describe_servicedesk_author(self):
        """Return ``{name, user_id, partner_id}`` as the time line has it (superuser mode)."""
        self.ensure_one()
        author = self.author_id
        return {"name": author.name or self.author_guest_id.name or self.email_from or "",
                "user_id": author.user_ids[:1].id, "partner_id": author.id}

    def _describe_servicedesk_changes(self):
        """Return ``[{label, old, new}]``: fields of which an app has the changes told (superuser mode)."""
        reader = self.env(su=False)  # a field that is closed to the reader is left out
        told = self.tracking_value_ids._filter_has_field_access(reader)._tracking_value_format()
        return [{"label": one["fieldInfo"]["changedField"], "old": str(one["oldValue"] or ""),
                 "new": str(one["newValue"] or "")} for one in told]


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    def _find_app_messages(self, ticket, position, limit):
        """Return the newest messages of other apps on a ticket that the caller has checked, in superuser mode."""
        # sudo: who sees the ticket sees what was posted on it; Odoo's rule would ask once more, message by message
        Message = self.env["mail.message"].sudo()
        domain = Message._get_servicedesk_domain(ticket) & self._get_older_domain(position)
        return Message.search_fetch(domain, MESSAGE_FIELDS, order="date desc, id desc", limit=limit)

    def _format_app_messages(self, messages):
        return [{
            "key": f"{message._name}-{message.id}", "type": "message", "id": message.id, "date": str(message.date),
            "author": message._describe_servicedesk_author(), "subject": message.subject or "",
            "body": message.body or message.subtype_id.description or "",
            "activity": message.mail_activity_type_id.name or "",
            "recipients": ", ".join(message.partner_ids.mapped("display_name")),
            "changes": message._describe_servicedesk_changes(),
            "attachments": [self._format_attachment(attachment) for attachment in message.attachment_ids],
        } for message in messages]
