from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.mail import html_pictures, own_answer


class ServicedeskItem(models.Model):
    """A mail that came in an agent's name and is not proven to be the agent's: a note until its author confirms it."""

    _inherit = "servicedesk.item"

    claimed_user_id = fields.Many2one("res.users", "On behalf of", readonly=True, ondelete="set null",
                                      index="btree_not_null")

    def action_keep_own(self):
        """Settle a mail that came in one's own name: it was written by oneself and stays internal."""
        self._check_own()
        # sudo: authorship is the system's; the author has just confirmed it
        self.sudo().write({"claimed_user_id": False, "thread_reason": False, "failure_reason": False,
                           "author_user_id": self.env.uid, "author_partner_id": self.env.user.partner_id.id})

    def action_answer_with_own(self):
        """Make a mail that came in one's own name one's draft to the customer, to be looked at and sent.

        :return: the draft's id
        :raise UserError: where one has a draft on the ticket already
        """
        self._check_own()
        draft_id = self._make_answer_of_note()
        self.action_keep_own()
        return draft_id

    def _check_own(self):
        self.ensure_one()
        self.check_access("write")
        if self.claimed_user_id != self.env.user:
            raise AccessError(self.env._("Only the one in whose name it came can say so."))

    def _make_answer_of_note(self):
        """Copy words and files of a note into the current user's draft on the ticket."""
        start = self.prepare_draft(self.ticket_id.id, "email")
        if start["id"]:
            raise UserError(self.env._("Send or discard your draft in this ticket first."))
        words = own_answer.own_words(self.body) or self.body
        draft = self.browse(self.save_draft(self.ticket_id.id, "email", start | {"body": f"{words}{start['body']}"}))
        files = self.sudo().attachment_ids  # sudo: the files of an item that the user has written
        copies = {file.id: file.copy({"res_model": self._name, "res_id": draft.id}).id for file in files}
        if copies:
            draft.body = html_pictures.rewrite(draft.body, lambda file_id: (
                f"/web/image/{copies[file_id]}" if file_id in copies else None), keep_remote=True)
        return draft.id
