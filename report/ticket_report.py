import base64

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..tools.mail import html_print, quoting

# What has been said for good; drafts and what is still on its way are on no paper.
PRINTED_STATES = ("received", "sent", "delivered", "bounced", "failed", "unknown", "done")
REACHED_STATES = ("received", "sent", "delivered", "bounced", "done")
# Of these the client's paper says that they were, not what was said.
RECORDS = ("call", "meeting")
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp")


class TicketReport(models.AbstractModel):
    """A ticket on paper: all of it or some items, with or without what is internal.

    Internal means notes and discussions, blind copies, what never arrived, the correspondence with third parties,
    and what was said on the phone or at a meeting. Nothing is fetched while it is printed: pictures of the ticket
    are put in, all others are left out.
    """

    _name = "report.servicedesk.report_ticket"
    _description = "Ticket on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Called by Odoo's report engine, whoever asks: only who sees a ticket prints it.

        :param dict data: ``item_ids`` (only these; others' items among them are passed over), ``internal``
        :raise AccessError: for tickets out of sight, and for customers
        """
        data = data or {}
        tickets = self.env["servicedesk.ticket"].browse(docids)
        tickets.check_access("read")
        internal = data.get("internal") is True
        return {
            "doc_ids": docids, "doc_model": tickets._name, "docs": tickets, "internal": internal,
            "partial": bool(data.get("item_ids")),
            "entries": {ticket.id: self._prepare_entries(ticket, data.get("item_ids"), internal) for ticket in tickets},
            "format_date": lambda date: format_datetime(self.env, date, dt_format="short"),
        }

    def _prepare_entries(self, ticket, item_ids, internal):
        Item = self.env["servicedesk.item"]
        items = Item.search(self._get_item_domain(ticket, item_ids, internal), order="date, id")
        pictures = self._get_pictures(ticket, items)
        files = self.env["servicedesk.timeline"]._format_attachments(items)
        discussions = {}
        for item in items:
            if item._is_discussion() and item.parent_item_id in items:
                discussions.setdefault(item.parent_item_id, []).append(item)
        folded = {note for notes in discussions.values() for note in notes}
        return [
            self._prepare_entry(item, internal, pictures, files) | {
                "notes": [self._prepare_entry(note, internal, pictures, files) for note in discussions.get(item, ())]}
            for item in items if item not in folded]

    def _get_item_domain(self, ticket, item_ids, internal):
        domain = Domain("ticket_id", "=", ticket.id) & Domain("state", "in", PRINTED_STATES)
        if item_ids:
            chosen = Domain("id", "in", item_ids)
            domain &= chosen | Domain("parent_item_id", "in", item_ids) & Domain("kind", "=", "note")
        if not internal:
            domain &= (Domain("direction", "in", ("in", "out")) & Domain("kind", "!=", "note")
                       & Domain("third_party", "=", False) & Domain("state", "in", REACHED_STATES))
        return domain

    def _prepare_entry(self, item, internal, pictures, files):
        kinds = dict(item._fields["kind"]._description_selection(self.env))
        states = dict(item._fields["state"]._description_selection(self.env))
        directions = dict(item._fields["direction"]._description_selection(self.env))
        silent = item.kind in RECORDS and not internal
        headers = [(self.env._("From"), item.email_from), (self.env._("To"), item.email_to),
                   (self.env._("Cc"), item.email_cc), (self.env._("Bcc"), internal and item.email_bcc)]
        return {
            "id": item.id, "internal": item.direction == "internal", "kind": kinds[item.kind],
            "direction": "" if item.direction == "internal" else directions[item.direction],
            "author": self.env["servicedesk.timeline"]._format_author(item)["name"], "date": item.date,
            "state": "" if item.state in REACHED_STATES else states[item.state],
            "third_party": item.third_party, "subject": item.subject or "",
            "headers": [(label, value) for label, value in headers if value],
            "body": "" if silent else html_print.fit(
                quoting.strip_remote(item.body, pictures.get, plain=True)),
            "left_out": item.left_out or "",
            "files": [] if silent else [file["name"] for file in files[item.id] if not file["inline"]],
        }

    def _get_pictures(self, ticket, items):
        """Return ``{attachment id: data URI}`` of the pictures of these items, for they are not fetched either."""
        # sudo: files of items that the user sees
        found = self.env["ir.attachment"].sudo().search([
            ("res_model", "=", "servicedesk.item"), ("res_id", "in", items.ids), ("res_field", "=", False),
            ("mimetype", "in", PICTURES)])
        return {picture.id: f"data:{picture.mimetype};base64,{base64.b64encode(picture.raw or b'').decode()}"
                for picture in found}
