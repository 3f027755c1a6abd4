from odoo import api, models
from odoo.fields import Domain

FIRST = 6  # as many as the side panel shows


class ServicedeskItem(models.Model):
    """Files of items: who may have them, all of a ticket at once, and their way to the client's card."""

    _inherit = "servicedesk.item"

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


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _get_client(self):
        """Return the companies (or single persons) these tickets are for; nobody where a stranger asks."""
        return self.env["res.partner"].union(
            *((ticket.partner_id or ticket.contact_id).commercial_partner_id for ticket in self))


class ServicedeskEvent(models.Model):
    _inherit = "servicedesk.event"

    @api.model
    def _log_moved_files(self, moved):
        """Write into the history which files went to the client's card, one line per ticket."""
        names = {}
        for attachment, item, *_rest in moved:
            names.setdefault(item.ticket_id.id, []).append(attachment.name)
        # sudo: history is written by the system, agents only read it
        self.sudo().create([{
            "ticket_id": ticket_id, "kind": "client_file", "user_id": self._get_author_id(),
            "old_value": ", ".join(some),
        } for ticket_id, some in names.items()])


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def get_files(self, ticket_id):
        """Return all files of what has been said on a ticket, the newest item first.

        :return: file dicts of `_format_attachments` plus ``item``: ``{id, kind, direction, date, author}``
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        Item = self.env["servicedesk.item"]
        attachments = self._search_files(ticket)
        items = Item.search_fetch(
            Domain("id", "in", attachments.mapped("res_id")),
            ["kind", "direction", "date", "author_user_id", "author_partner_id", "author_name", "email_from"])
        files = {item.id: [] for item in items}
        for attachment in attachments:
            files[attachment.res_id].append(self._format_attachment(attachment))
        return [file | {"item": source} for item in items for source in [{
            "id": item.id, "kind": item.kind, "direction": item.direction, "date": str(item.date),
            "author": self._format_author(item)["name"],
        }] for file in files[item.id]]

    def _summarise_files(self, ticket):
        """Return ``{files: [the newest file dicts], file_count}``; pictures inside of texts are left out."""
        own = Domain("description", "!=", "inline") & Domain("servicedesk_client_file_id", "=", False)
        files = self._search_files(ticket, own, limit=FIRST + 1)
        # sudo: as in `_search_files`, of the same ticket
        count = len(files) if len(files) <= FIRST else files.search_count(self._get_files_domain(ticket) & own)
        return {"files": [self._format_attachment(file) for file in files[:FIRST]], "file_count": count}

    def _get_files_domain(self, ticket):
        Item = self.env["servicedesk.item"]
        return Item._get_files_domain(Item._search(Item._get_ticket_items_domain(ticket)))

    def _search_files(self, ticket, domain=Domain.TRUE, limit=None):
        """Return the files of a ticket that the caller has checked, in superuser mode."""
        # sudo: who sees the item sees its files; the items are searched as the user
        return self.env["ir.attachment"].sudo().search_fetch(
            self._get_files_domain(ticket) & domain,
            ["name", "mimetype", "file_size", "res_id", "description", "checksum", "servicedesk_client_file_id"],
            order="id desc", limit=limit)

    def _format_attachment(self, attachment):
        """Return what the screens know about a file; ``client_file_id`` is set where it moved to the client's card."""
        return {
            "id": attachment.id, "name": attachment.name, "mimetype": attachment.mimetype or "",
            "size": attachment.file_size, "inline": attachment.description == "inline",
            "checksum": attachment.checksum or "", "client_file_id": attachment.servicedesk_client_file_id.id,
        }

    def _format_events(self, ticket, events):
        result = super()._format_events(ticket, events)
        for event in result:
            if event["kind"] == "client_file":
                event.update(label=self.env._("Files moved"), new=self.env._("client's card"))
        return result
