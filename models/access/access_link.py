import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS, Domain
from odoo.tools import SQL
from odoo.tools.misc import hmac

# How long the line of a link that opens nothing any more is kept, to look up who used it.
KEPT = timedelta(days=90)
# Wrong tokens of a person that are counted; with so many a short code is worth nothing (one in 200,000 at most).
MOST_FAILURES = 5
SCOPE = "servicedesk.access.link"


class ServicedeskAccessLink(models.Model):
    """A link by which one person does one thing without signing in: confirm an address, later rate or approve.

    The token is in the message to the person and nowhere else: stored is its digest under the secret of the
    database, so that neither a reader of the table nor a copy of it opens anything. To look at the page behind a
    link changes nothing; using it is a POST, counted here.
    """

    _name = "servicedesk.access.link"
    _description = "Link without sign-in"
    _order = "id desc"
    _rec_name = "purpose"

    purpose = fields.Selection(
        [("confirm", "Confirm an address"), ("code", "Confirm a phone number"),
         ("invitation", "Invitation to the portal")],
        required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", required=True, readonly=True, ondelete="cascade", index=True)
    address = fields.Char("Sent to", readonly=True, help="E-mail address or phone number that the link was sent to.")
    token_hash = fields.Char(required=True, readonly=True, copy=False, groups=NO_ACCESS,
                             export_string_translation=False)
    expires_at = fields.Datetime("Valid until", required=True, readonly=True)
    revoked_at = fields.Datetime("Revoked at", readonly=True)
    most_uses = fields.Integer("Uses allowed", default=1, required=True, readonly=True)
    use_count = fields.Integer("Uses", default=0, readonly=True)
    last_used_at = fields.Datetime("Last used", readonly=True)
    failure_count = fields.Integer("Wrong attempts", default=0, readonly=True)
    state = fields.Selection(
        [("open", "Valid"), ("used", "Used"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state")

    _token_uniq = models.UniqueIndex("(token_hash)", "Two links have the same token.")
    _address_idx = models.Index("(address, id)")

    @api.depends("expires_at", "revoked_at", "use_count", "most_uses")
    def _compute_state(self):
        now = fields.Datetime.now()
        for link in self:
            link.state = (
                "revoked" if link.revoked_at else "used" if link.use_count >= link.most_uses
                else "expired" if link.expires_at <= now else "open")

    @api.model
    def _issue(self, purpose, partner, address, valid, token=None):
        """Store a new link of a person.

        :param timedelta valid: how long it opens
        :param str token: where somebody else has made it, such as Odoo's own for an invitation
        :return: ``(link, token)``; the token cannot be had again
        """
        token = token or secrets.token_urlsafe(32)
        digest = self._digest(purpose, token)
        # sudo: links are the system's, whoever asks for one; Odoo makes the same token twice within a second
        link = self.sudo().search([("token_hash", "=", digest)]) or self.sudo().create({
            "purpose": purpose, "partner_id": partner.id, "address": address, "token_hash": digest,
            "expires_at": fields.Datetime.now() + valid})
        return link, token

    @api.model
    def _issue_code(self, partner, address, valid):
        """Store six digits that open as a link does, for this person and number only; return ``(link, digits)``.

        A few digits can be guessed, so wrong ones are counted: see ``MOST_FAILURES``.
        """
        code = f"{secrets.randbelow(1_000_000):06}"
        # sudo: as above; a former code of the person opens nothing beside a newer one
        self.sudo().search(self._get_code_domain(partner, address))._revoke()
        link, _token = self._issue("code", partner, address, valid)
        link.token_hash = self._digest("code", f"{link.id}:{code}")  # of its line: equal digits are two digests
        return link, code

    @api.model
    def _digest(self, purpose, token):
        # sudo: the secret of the database, from which nobody learns anything here
        return hmac(self.sudo().env, f"{SCOPE}.{purpose}", token)

    @api.model
    def _get_open_domain(self):
        return (Domain("revoked_at", "=", False) & Domain("expires_at", ">", fields.Datetime.now())
                & Domain("failure_count", "<", MOST_FAILURES))

    @api.model
    def _get_code_domain(self, partner, address):
        return self._get_open_domain() & Domain("purpose", "=", "code") & Domain(
            "partner_id", "=", partner.id) & Domain("address", "=", address) & Domain("use_count", "=", 0)

    @api.model
    def _find_open(self, purpose, token):
        """Return the link that a token opens now for a purpose, in superuser mode; it changes nothing."""
        if not isinstance(token, str) or not 0 < len(token) < 1000:
            return self.sudo().browse()  # sudo: nothing to see
        # sudo: who has the token is whom the link is for
        links = self.sudo().search(
            self._get_open_domain() & Domain("purpose", "=", purpose)
            & Domain("token_hash", "=", self._digest(purpose, token)), limit=1)
        return links.filtered(lambda link: link.state == "open")

    @api.model
    def _find_by_code(self, partner, address, code):
        """Return the open link of a person's number that these digits open; wrong ones are counted."""
        # sudo: codes of the person who asks
        link = self.sudo().search(self._get_code_domain(partner, address), limit=1)
        digits = "".join(filter(str.isdecimal, code or ""))
        if not link:
            return link
        if not secrets.compare_digest(link._digest("code", f"{link.id}:{digits}"), link.token_hash):
            link.failure_count += 1
            return link.browse()
        return link

    def _use(self):
        """Count a use; return whether it was one, for two clicks in the same moment use a link once.

        One statement decides: a second one waits for the first, and then finds no use left.
        """
        self.ensure_one()
        self.flush_recordset()
        now = fields.Datetime.now()
        used = self.env.execute_query(SQL(
            """UPDATE servicedesk_access_link SET use_count = use_count + 1, last_used_at = %(now)s
                WHERE id = %(link)s AND use_count < most_uses AND revoked_at IS NULL AND expires_at > %(now)s
            RETURNING id""", now=now, link=self.id))
        self.invalidate_recordset(["use_count", "last_used_at"])
        return bool(used)

    @api.model
    def _count_since(self, hours, domain):
        """Count the links made within the last hours."""
        since = fields.Datetime.now() - timedelta(hours=hours)
        # sudo: a number, for the limits of the system
        return self.sudo().search_count(Domain("create_date", ">", since) & Domain(domain))

    def _revoke(self):
        self.filtered(lambda link: not link.revoked_at).write({"revoked_at": fields.Datetime.now()})

    def action_revoke(self):
        """Let links open nothing from now on.

        :raise AccessError: for whoever is no administrator of the desk
        """
        if not self.env.user.has_group("servicedesk.group_admin"):
            raise AccessError(self.env._("Only administrators of the Service Desk revoke links."))
        self.check_access("read")
        self.sudo()._revoke()  # sudo: links are the system's to write; the right has been checked

    @api.autovacuum
    def _gc_links(self):
        """Forget links that have opened nothing for long."""
        old = self.search(Domain("expires_at", "<", fields.Datetime.now() - KEPT), limit=10_000)
        old.unlink()
        return len(old), len(old) == 10_000
