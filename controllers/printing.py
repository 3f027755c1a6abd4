from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route


class ServicedeskPrint(Controller):
    @route("/servicedesk/print/<int:ticket_id>", type="http", auth="user", methods=["GET"])
    def print_ticket(self, ticket_id, items="", internal="", **kw):
        """Return a ticket as PDF to agents who see it.

        :param items: ids of items, separated by commas; empty for the whole ticket
        :param internal: ``1`` with what is internal
        """
        ticket = request.env["servicedesk.ticket"].browse(ticket_id)
        try:
            ticket.check_access("read")
            number = ticket.number
        except (AccessError, MissingError):
            return request.not_found()
        data = {"item_ids": [int(part) for part in items.split(",") if part.isdecimal()], "internal": internal == "1"}
        content, kind = request.env["ir.actions.report"]._render_qweb_pdf(
            "servicedesk.report_ticket_action", [ticket.id], data=data)
        return request.make_response(content, [
            ("Content-Type", "application/pdf" if kind == "pdf" else "text/html; charset=utf-8"),
            ("Content-Disposition", content_disposition(f"{number}.{kind}", disposition_type="inline")),
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")])
