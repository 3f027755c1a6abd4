from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain


class ServicedeskItem(models.Model):
    """Files of items: who may have them, all of a ticket at once, and their way to the client's card."""

    _inherit = "servicedesk.item"

    def _may_change_files(self):
        """Tell whether this item's files may still change: those of a draft, by its author or the system."""
        return self.state == "draft" and (self.author_user_id == self.env.user or self.env.uid == SUPERUSER_ID)

    def _get_files(self, *domain):
        """Return the files of these items (superuser mode), the newest first.

        :raise AccessError: when one of the items is out of the user's sight
        """
        self.check_access("read")
        # sudo: who sees the item sees its files; the items have been checked
        return self.env["ir.attachment"].sudo().search(self._get_files_domain(self.ids, *domain), order="id desc")

    @api.model
    def _get_files_domain(self, item_ids, *domain):
        """Return the domain of files of items, given as ids or as a query of ids."""
        return Domain.AND([
            [("res_model", "=", self._name), ("res_id", "in", item_ids), ("res_field", "=", False)], *domain])

    @api.model
    def _get_ticket_items_domain(self, ticket):
        """Return the domain of what has been said on a ticket; drafts are their author's business."""
        return Domain("ticket_id", "=", ticket.id) & Domain("state", "!=", "draft")

    @api.model
    def _find_files(self, attachment_ids):
        """Return ``[(attachment in superuser mode, item)]`` of files whose items the user sees; others do not exist."""
        Attachment = self.env["ir.attachment"].sudo()  # sudo: the items decide, they are searched as the user
        found = Attachment.search(Domain("id", "in", attachment_ids) & Domain("res_model", "=", self._name)
                                  & Domain("res_field", "=", False))
        items = {item.id: item for item in self.search([("id", "in", found.mapped("res_id"))])}
        by_id = {attachment.id: (attachment, items[attachment.res_id])
                 for attachment in found if attachment.res_id in items}
        return [by_id[number] for number in attachment_ids if number in by_id]

    @api.model
    def _put_on_client_card(self, wanted, move=False):
        """Copy files to the card of their ticket's client, or move them there.

        A moved file stays part of what was said: the item goes on to list it, as a reference to the card, and the
        customer who sent it keeps it in the portal.

        :param wanted: ``[(attachment, item, name, [kinds])]``
        :return: the files on the card
        """
        tickets = self.union(*(item for _attachment, item, *_rest in wanted)).ticket_id
        tickets.check_access("write")
        Files, kept = self.env["servicedesk.client.file"], []
        for client in tickets._get_client():
            part = [row for row in wanted if row[1].ticket_id._get_client() == client]
            for row, file in zip(part, Files._keep(client, part), strict=True):
                kept.append(file)
                if move:
                    row[0].servicedesk_client_file_id = file.id
        if move:
            self.env["servicedesk.event"]._log_moved_files(wanted)
        tickets._notify_changed()
        return Files.union(*kept)
