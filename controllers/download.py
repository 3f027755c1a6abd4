from odoo.exceptions import AccessError, MissingError
from odoo.http import Controller, content_disposition, request, route


class ServicedeskDownload(Controller):
    @route("/servicedesk/original/<int:intake_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def original(self, intake_id):
        """Return a received mail as it arrived (.eml), or the call that brought an SMS (.json).

        For agents who see its item or its ledger row.
        """
        row = request.env["servicedesk.intake"].browse(intake_id)
        try:
            # Who sees the item may have its original, also without a look into the ledger.
            item = row.sudo().item_id.sudo(False)  # sudo: only the id, access is checked on the item itself
            if item:
                item.check_access("read")
            else:
                row.check_access("read")
            raw = row.sudo()._get_raw()  # sudo: access has been checked above
        except (AccessError, MissingError):
            return request.not_found()
        if raw is None:
            return request.not_found()
        mail = row.sudo().channel == "email"  # sudo: as above
        subject = row.sudo().subject or "original"  # sudo: as above
        name = f"{subject[:80]}.{'eml' if mail else 'json'}"
        return request.make_response(raw, [
            ("Content-Type", "message/rfc822" if mail else "application/json"),
            ("Content-Disposition", content_disposition(name)),
            ("X-Content-Type-Options", "nosniff"), ("Content-Length", str(len(raw)))])
