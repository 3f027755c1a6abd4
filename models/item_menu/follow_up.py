from odoo import models
from odoo.tools import format_datetime

from ...tools.mail import quoting


class ServicedeskItem(models.Model):
    """What grows out of an item: a comment on it, a child ticket, a task."""

    _inherit = "servicedesk.item"

    def prepare_comment(self):
        """Put a summary of this item into the current user's note draft, below what is there; return the draft's id."""
        self.ensure_one()
        self.check_access("read")
        draft = self._find_own_draft(self.ticket_id, "note")
        if draft:
            draft.body = (draft.body or "") + self._get_summary()
            return draft.id
        return self.create({"ticket_id": self.ticket_id.id, "kind": "note", "body": self._get_summary()}).id

    def action_new_child(self):
        """Open the form of a child ticket that starts from this item's words."""
        self.ensure_one()
        self.check_access("read")
        action = self.ticket_id.action_new_child(self._get_summary(4000))
        return action | {"context": action["context"] | {"default_subject": self._get_topic()}}

    def action_new_task(self):
        """Open the form of a task for this item: project, person and day are chosen there."""
        self.ensure_one()
        self.check_access("read")
        action = self.ticket_id.action_new_task()
        return action | {"context": action["context"] | {
            "default_name": self._get_topic(), "default_description": self._get_summary(4000)}}

    def _get_topic(self):
        return self.subject if self.subject and self.kind == "email" else self.ticket_id.subject

    def _get_summary(self, length=500):
        """Return who said what and when, as HTML; addresses and files are left out."""
        self.ensure_one()
        author = self.env["servicedesk.timeline"]._format_author(self)["name"]
        when = format_datetime(self.env, self.date, dt_format="short")
        return quoting.summary([author, when, self.subject], self.body or self.preview, length)
