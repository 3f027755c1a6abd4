from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from .portal import clean

NOTES = ("link", "link_limit", "code", "limit", "country", "off", "wrong", "confirmed")


class ServicedeskConfirm(CustomerPortal):
    """How people prove that an e-mail address or a phone number is theirs. Every answer is the same whoever has it."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        return values | {"servicedesk_waiting": [
            {"id": claim.id, "shown": claim._describe_value(), "email": "@" in claim.value,
             "notice": claim._get_waiting_notice()}
            for claim in request.env.user.partner_id._get_servicedesk_waiting()]}

    @route("/my/confirm", type="http", auth="user", website=True, methods=["GET"], readonly=True)
    def portal_confirm(self, note="", **kw):
        values = self._prepare_portal_layout_values()
        values.update({"page_name": "servicedesk_confirm", "note": note if note in NOTES else ""})
        return request.render("servicedesk.portal_confirm", values)

    @route("/my/confirm/send", type="http", auth="user", website=True, methods=["POST"])
    def portal_confirm_send(self, claim="", **kw):
        """Send a link to one's own new address, or a code to one's own new number."""
        found = self._get_own_claim(claim)
        if not found:
            return request.redirect("/my/confirm")
        if "@" in found.value:
            return request.redirect(f"/my/confirm?note={'link' if found._send_link() else 'link_limit'}")
        return request.redirect(f"/my/confirm?note={found._send_code() or 'code'}")

    @route("/my/confirm/code", type="http", auth="user", website=True, methods=["POST"])
    def portal_confirm_code(self, claim="", code="", **kw):
        found = self._get_own_claim(claim)
        right = bool(found) and "@" not in found.value and found._take_code(clean(code)[:20])
        return request.redirect(f"/my/confirm?note={'confirmed' if right else 'wrong'}")

    def _get_own_claim(self, claim_id):
        waiting = request.env.user.partner_id._get_servicedesk_waiting()
        return waiting.filtered(lambda claim: str(claim.id) == clean(claim_id))

    @route("/servicedesk/link/<string:token>", type="http", auth="public", website=True, sitemap=False,
           methods=["GET", "POST"])
    def open_link(self, token, **kw):
        """Show what a link is for, which changes nothing; do it by POST. What opens nothing looks the same for all."""
        link = request.env["servicedesk.access.link"]._find_open("confirm", token)
        if not self._is_for_visitor(link):
            return self._show_link("gone")
        if request.httprequest.method != "POST":
            return self._show_link("ask", request.env._(
                "The e-mail address %(address)s was entered in the account: %(name)s. If that is you, confirm it; mail "
                "from it is then taken as yours.", address=link.address, name=link.partner_id.name or ""))
        if not link._use():
            return self._show_link("gone")
        link.partner_id.servicedesk_claim_ids.filtered(lambda claim: claim.value == link.address)._confirm_each()
        return self._show_link("done", request.env._("Thank you. %(address)s is confirmed.", address=link.address))

    def _is_for_visitor(self, link):
        """Tell whether a link is for whoever opens it: for anybody who has it, or for whom has signed in."""
        user = request.env.user
        return bool(link) and (user._is_public() or user.partner_id == link.partner_id)

    def _show_link(self, step, text=""):
        response = request.render("servicedesk.link_page", {
            "step": step, "text": text, "no_breadcrumbs": True, "page_name": "servicedesk_link",
        }, status=404 if step == "gone" else 200)
        # The address of the page is the key: it is neither kept, nor told to other servers, nor found or framed.
        response.headers.update({
            "Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex",
            "X-Frame-Options": "DENY", "Content-Security-Policy": "frame-ancestors 'none'"})
        return response
