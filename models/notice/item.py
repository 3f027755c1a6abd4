from odoo import models

UNDELIVERED = ("failed", "bounced", "unknown")


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def _notify_said(self, first):
        """Tell owners and followers what others wrote in their tickets, and those who asked for it of new tickets.

        :param first: the items among these with which a ticket began
        """
        Notice = self.env["servicedesk.notice"]
        for item in self:
            owner = item.ticket_id.owner_id
            if item.direction == "in" and not item.automatic and owner:
                Notice._notify(owner.filtered("active") or item.ticket_id._get_instead_of_owner(), "answer",
                               item.ticket_id, item=item)
            elif item.kind == "note" and owner and owner != item.author_user_id:
                Notice._notify(owner, "note", item.ticket_id, item=item)
            if item in first and not owner:
                department = item.ticket_id.department_id
                if wanting := self.env["servicedesk.notice.setting"]._get_wanting("new", department):
                    Notice._notify(wanting, "new", item.ticket_id, item=item)
            if item.ticket_id.watched and not item.automatic:
                item.ticket_id._notify_watchers(item)

    def _notify_undelivered(self):
        """Tell who wrote it, or who has the ticket, that a message did not arrive."""
        for item in self.filtered(lambda item: item.direction == "out" and item.state in UNDELIVERED):
            person = item.author_user_id.filtered("active") or item.ticket_id.owner_id
            if person:
                self.env["servicedesk.notice"]._notify(person, "undelivered", item.ticket_id, item=item)
