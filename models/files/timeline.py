from odoo import api, models
from odoo.fields import Domain

FIRST = 6  # as many as the side panel shows


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
                event.update(label=self.env._("Files moved"), new=self.env._("customer documents"))
        return result
