from os import SEEK_END

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.access.ir_http import TOO_LARGE
from ..tools import limits
from ..tools.storable import storable

# What a form of ours may send: fields are always read, files only of a request that is not too large.
SIZES = {"servicedesk_most_bytes": limits.PORTAL_REQUEST_BYTES, "max_content_length": limits.PORTAL_DRAIN_BYTES}
# Shown in the browser; anything else is only ever downloaded, so that a customer's file cannot run as a page of ours.
SAFE_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
LAST_PAGE = 100_000


def clean(value):
    """Return what a field of a form or an address says as text that can be stored; a file in its place says nothing."""
    return storable(value) if isinstance(value, str) else ""


class ServicedeskPortal(CustomerPortal):
    """A customer's own requests. Records come from ``_customer_tickets()`` only, pages from the serializer."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "servicedesk_count" in counters:
            Ticket = request.env["servicedesk.ticket"]
            values["servicedesk_count"] = len(Ticket._customer_tickets(limit=1000))
        return values

    @route(["/my/requests", "/my/requests/page/<int:page>"], type="http", auth="user", website=True, readonly=True)
    def portal_my_requests(self, page=1, filterby="active", search="", **kw):
        filters = {
            "active": {"label": request.env._("Not closed"), "domain": Domain("state", "in", ("open", "waiting"))},
            "closed": {
                "label": request.env._("Closed requests"), "domain": Domain("state", "in", ("closed", "archived"))},
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
        }
        if not str(page).isdecimal() or int(page) > LAST_PAGE:
            return request.not_found()
        filterby, search = filterby if filterby in filters else "active", clean(search)
        domain = filters[filterby]["domain"]
        if search:
            domain &= Domain("subject", "ilike", search) | Domain("number", "ilike", search)
        Ticket = request.env["servicedesk.ticket"]
        step, page = self._items_per_page, max(int(page), 1)
        # One more than the page shows tells whether there is a next one; counting all would cost more than the page.
        tickets = Ticket._customer_tickets(domain, limit=step + 1, offset=(page - 1) * step)
        values = self._prepare_portal_layout_values()
        values.update({
            "page_name": "servicedesk", "default_url": "/my/requests", "search": search,
            "tickets": tickets[:step]._serialize_list_for_customer(),
            "searchbar_filters": filters, "filterby": filterby,
            "pager": portal_pager(url="/my/requests", url_args={"filterby": filterby, "search": search},
                                  total=(page - 1) * step + len(tickets), page=page, step=step),
        })
        return request.render("servicedesk.portal_my_requests", values)

    @route("/my/requests/<int:ticket_id>", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def portal_my_request(self, ticket_id, error="", **kw):
        ticket = self._get_own_ticket(ticket_id)
        if not ticket:
            return request.not_found()
        return self._render_request(ticket, sent=kw.get("sent"))

    @route("/my/requests/<int:ticket_id>/answer", type="http", auth="user", website=True, methods=["POST"], **SIZES)
    def portal_answer(self, ticket_id, text="", **kw):
        ticket = self._get_own_ticket(ticket_id)
        if not ticket:
            return request.not_found()
        text = clean(text)
        try:
            ticket._customer_answer(text, self._get_files(), request.httprequest.remote_addr)
        except UserError as problem:
            return self._render_request(ticket, error=str(problem), text=text)
        return self._show_sent(ticket, "#answer")

    @route("/my/requests/new", type="http", auth="user", website=True, methods=["GET", "POST"], **SIZES)
    def portal_new_request(self, department_id="0", subject="", text="", **kw):
        Ticket = request.env["servicedesk.ticket"]
        departments = Ticket._get_customer_departments()
        chosen = departments.filtered(lambda department: str(department.id) == str(department_id))
        error, subject, text = "", clean(subject), clean(text)
        if request.httprequest.method == "POST":
            try:
                ticket = Ticket._customer_request(
                    chosen, subject, text, self._get_files(), request.httprequest.remote_addr)
                return self._show_sent(ticket)
            except (AccessError, UserError) as problem:
                error = str(problem)
        values = self._prepare_portal_layout_values()
        values.update({
            "page_name": "servicedesk_new", "error": error, "subject": subject, "text": text,
            "departments": [{"id": department.id, "name": department.name} for department in departments],
            "department_id": (chosen or departments)[:1].id,
        })
        return request.render("servicedesk.portal_new_request", values)

    @route("/my/requests/<int:ticket_id>/file/<int:attachment_id>", type="http", auth="user", methods=["GET"],
           readonly=True)
    def portal_file(self, ticket_id, attachment_id, **kw):
        """Return a file of an item that the customer sees; any other does not exist."""
        ticket = self._get_own_ticket(ticket_id)
        visible = ticket._get_customer_file_items() if ticket else ()
        # sudo: the item has been found among those that this customer sees
        attachment = request.env["ir.attachment"].sudo().search([
            ("id", "=", attachment_id), ("res_model", "=", "servicedesk.item"), ("res_field", "=", False),
            ("res_id", "in", visible.ids if visible else [])], limit=1)
        if not attachment:
            return request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment)
        inline = attachment.mimetype in SAFE_INLINE
        response = stream.get_response(as_attachment=not inline)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def _get_own_ticket(self, ticket_id):
        Ticket = request.env["servicedesk.ticket"]
        return Ticket._customer_tickets([("id", "=", Ticket._get_survivor_id(ticket_id))], limit=1)

    def _show_sent(self, ticket, anchor=""):
        """Show the request with what was written; the list, where rules moved it to a department out of the portal."""
        shown = self._get_own_ticket(ticket.id)
        return request.redirect(f"/my/requests/{shown.id}?sent=1{anchor}" if shown else "/my/requests")

    def _render_request(self, ticket, **extra):
        values = self._prepare_portal_layout_values()
        values.update({"page_name": "servicedesk_request", "error": "", "text": "", "sent": False,
                       "ticket": ticket._serialize_for_customer(details=True), **extra})
        return request.render("servicedesk.portal_my_request", values)

    def _get_files(self):
        """Return the uploaded files as ``[(name, bytes, mimetype)]``, empty inputs left out.

        :raise UserError: where they are too many or too large, before any of them is read
        """
        uploads = [upload for upload in request.httprequest.files.getlist("files") if upload.filename]
        if len(uploads) > limits.PORTAL_FILES:
            raise UserError(request.env._("At most %s files at once, please.", limits.PORTAL_FILES))
        if request.httprequest.environ.get(TOO_LARGE):
            raise UserError(request.env._(
                "The files are larger than %(most)s MB together. Please send fewer at once. What you wrote is still "
                "here; attach the files again.", most=limits.PORTAL_REQUEST_BYTES // 2**20))
        for upload in uploads:
            upload.seek(0, SEEK_END)
            if upload.tell() > limits.PORTAL_FILE_BYTES:
                raise UserError(request.env._(
                    "The file “%(name)s” is larger than %(most)s MB. What you wrote is still here; attach the other "
                    "files again.", name=clean(upload.filename), most=limits.PORTAL_FILE_BYTES // 2**20))
            upload.seek(0)
        return [(clean(upload.filename), upload.read(), clean(upload.mimetype)) for upload in uploads]
