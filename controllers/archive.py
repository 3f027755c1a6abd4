import io
import re
from functools import partial

from odoo import fields
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import Controller, Response, content_disposition, request, route

from ..tools import archive

IDS = re.compile(r"\d+(,\d+)*$")


class ServicedeskArchive(Controller):
    """Files of a ticket or an item as one ZIP, written while it is sent; for agents who see the item."""

    @route("/servicedesk/ticket/<int:ticket_id>/files.zip", type="http", auth="user", methods=["GET"], readonly=True)
    def ticket_files(self, ticket_id, ids="", **kw):
        """Return all files of a ticket, or those whose numbers are given (``ids=3,7``)."""
        ticket = request.env["servicedesk.ticket"].browse(ticket_id)
        Item = request.env["servicedesk.item"]
        try:
            ticket.check_access("read")
            items = Item.search(Item._get_ticket_items_domain(ticket))
            return self._send(items, ids, ticket.number)
        except (AccessError, MissingError):
            return request.not_found()

    @route("/servicedesk/item/<int:item_id>/files.zip", type="http", auth="user", methods=["GET"], readonly=True)
    def item_files(self, item_id, ids="", **kw):
        """Return all files of one item."""
        item = request.env["servicedesk.item"].browse(item_id)
        try:
            item.check_access("read")
            day = fields.Datetime.context_timestamp(item, item.date)
            return self._send(item, ids, f"{item.ticket_id.number} {day:%Y-%m-%d %H.%M}")
        except (AccessError, MissingError):
            return request.not_found()

    def _send(self, items, ids, title):
        if ids and not IDS.match(ids):
            return request.not_found()
        chosen = [Domain("id", "in", [int(number) for number in ids.split(",")])] if ids else []
        files = items._get_files(*chosen).sorted("id")
        if not ids:
            files = self._without_repetition(files)
        if not files:
            return request.not_found()
        # Everything is looked up now: the cursor is closed before the first byte leaves.
        dates = {item.id: fields.Datetime.context_timestamp(item, item.date) for item in items}
        names = archive.unique_names(files.mapped("name"))
        entries = [(name, dates[file.res_id], file.mimetype, file.file_size, self._get_opener(file))
                   for name, file in zip(names, files, strict=True)]
        missing = request.env._("missing files.txt")
        return Response(archive.stream(entries, missing), direct_passthrough=True, headers=[
            ("Content-Type", "application/zip"),
            ("Content-Disposition", content_disposition(f"{archive.clean_name(title)}.zip")),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "private, no-store")])

    def _without_repetition(self, files):
        """Leave out what only repeats: the same logo in the text of every mail."""
        seen, result = set(), files.browse()
        for file in files:
            if file.description != "inline" or file.checksum not in seen:
                result |= file
            seen.add(file.checksum)
        return result

    def _get_opener(self, file):
        """Return a function that opens the content of an attachment without a database cursor."""
        if file.store_fname:
            return partial(open, file._full_path(file.store_fname), "rb")
        if file.type == "binary":
            # Databases that keep files in the table: such contents are small by necessity, and read one by one.
            return partial(_read_from_database, request.env.registry, file.id)
        return partial(_refuse, file.name)


def _read_from_database(registry, attachment_id):
    with registry.cursor(readonly=True) as cr:
        cr.execute("SELECT db_datas FROM ir_attachment WHERE id = %s", [attachment_id])
        row = cr.fetchone()
    return io.BytesIO(row[0] or b"" if row else b"")


def _refuse(name):
    raise OSError(name)
