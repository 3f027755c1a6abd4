from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ServicedeskItem(models.Model):
    """Drafts that colleagues may see and take over; only their author writes on them."""

    _inherit = "servicedesk.item"

    shared = fields.Boolean(readonly=True, copy=False,
                            help="Colleagues who see the ticket see this draft and may take it over.")

    def _check_own_drafts(self):
        """:raise AccessError: for a draft of somebody else, seen because it is shared"""
        if not self.env.su and any(
                item.state == "draft" and item.author_user_id != self.env.user for item in self):
            raise AccessError(self.env._("This draft belongs to somebody else. Take it over first."))

    def share_draft(self, shared):
        """Show one's drafts to all who see their tickets, or hide them again."""
        if any(item.state != "draft" or item.author_user_id != self.env.user for item in self):
            raise AccessError(self.env._("Only your own draft can be shared."))
        # sudo: the mark is no part of what is said; the author has been checked
        self.sudo().write({"shared": bool(shared)})
        self.ticket_id._notify_changed()

    def action_take_over(self):
        """Make a colleague's shared draft the current user's own.

        :raise UserError: where it is shared no more, or the user has another draft on the ticket
        """
        self.ensure_one()
        self.check_access("read")
        self.ticket_id.check_access("write")
        if self.state != "draft" or not self.shared:
            raise UserError(self.env._("This draft is no longer shared."))
        if self.author_user_id == self.env.user:
            return
        if self._find_own_draft(self.ticket_id, self._get_composer()):
            raise UserError(self.env._("Send or discard your draft in this ticket first."))
        # sudo: the author is the system's to write; the draft was offered and the ticket's access has been checked
        self.sudo().write({"author_user_id": self.env.uid, "author_partner_id": self.env.user.partner_id.id,
                           "shared": False})
        self.ticket_id._notify_changed()

    def action_open_on_ticket(self):
        """Open the ticket with this item in sight, or with the draft in the composer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window", "res_model": "servicedesk.ticket", "res_id": self.ticket_id.id,
            "views": [(False, "form")],
            "context": {"servicedesk_compose": self._get_composer()} if self.state == "draft"
            and self.author_user_id == self.env.user else {},
        }

    @api.model
    def find_answers_since(self, ticket_id, since, known_ids):
        """Return what colleagues have sent to the customer since a composer was opened, newest first.

        :param since: time of the newest entry on the screen at that moment, UTC
        :param known_ids: items that were on the screen then
        :return: ``[{id, name, date}]``
        :raise AccessError: where the ticket is out of sight
        """
        self.env["servicedesk.ticket"].browse(ticket_id).check_access("read")
        found = self.search_fetch(
            Domain("ticket_id", "=", ticket_id) & Domain("direction", "=", "out") & Domain("date", ">=", since)
            & Domain("state", "not in", ("draft", "scheduled", "failed")) & Domain("author_user_id", "!=", self.env.uid)
            & Domain("automatic", "=", False) & Domain("third_party", "=", False) & Domain("id", "not in", known_ids),
            ["date", "author_user_id", "author_name"], limit=5)
        # sudo: names of authors are part of the item
        return [{"id": item.id, "name": item.sudo().author_user_id.name or item.author_name or "",
                 "date": str(item.date)} for item in found]
