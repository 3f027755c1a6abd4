import math
from ipaddress import ip_address, ip_network

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import limits


class ServicedeskPortalUse(models.Model):
    """That something was sent from the portal, by whom and from where: counted for a while, then forgotten.

    Requests that come in the very same moment do not see each other, so a limit may be passed by as many as there are
    web processes, once.
    """

    _name = "servicedesk.portal.use"
    _description = "Use of the portal"
    _order = "id"

    opens = fields.Boolean("New request", readonly=True)
    partner_id = fields.Many2one("res.partner", "Person", required=True, readonly=True, ondelete="cascade")
    client_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True, ondelete="cascade")
    address = fields.Char("From address", readonly=True)

    _person_idx = models.Index("(partner_id, create_date)")
    _client_idx = models.Index("(client_id, create_date)")
    _address_idx = models.Index("(address, create_date)")

    @api.model
    def _take(self, partner, address, opens=False):
        """Count that a person sends something; a new request counts as a message, too.

        :param str address: where from, ``""`` where that is not known
        :raise UserError: where the person, all people of the customer, or the address sent too much of late
        """
        client, network = partner.commercial_partner_id, self._get_network(address)
        whose = {"person": Domain("partner_id", "=", partner.id), "client": Domain("client_id", "=", client.id)}
        if network:
            whose["address"] = Domain("address", "=", network)
        uses = self.sudo()  # sudo: nobody reads or writes these but this method
        for kind in (True, False)[not opens:]:
            most = limits.PORTAL_REQUESTS if kind else limits.PORTAL_MESSAGES
            what = Domain("opens", "=", True) if kind else Domain.TRUE
            waits = [wait for who, domain in whose.items() if (wait := uses._get_wait(domain & what, most[who]))]
            if waits:
                raise UserError(self._get_words(kind, max(waits)))
        uses.create({"opens": opens, "partner_id": partner.id, "client_id": client.id, "address": network})

    def _get_wait(self, domain, most):
        """Return in how many minutes one more is allowed; 0: now."""
        now = fields.Datetime.now()
        since = Domain("create_date", ">", now - limits.PORTAL_PERIOD)
        recent = self.search(domain & since, order="id desc", limit=most)
        if len(recent) < most:
            return 0
        return max(1, math.ceil(int((recent[-1].create_date + limits.PORTAL_PERIOD - now).total_seconds()) / 60))

    @api.model
    def _get_words(self, opens, minutes):
        if opens:
            return self.env._(
                "Too many new requests have been sent within an hour. You can send this one in %(minutes)s minutes, or "
                "write to one of your open requests. What you wrote is still here.", minutes=minutes)
        return self.env._(
            "Too many messages have been sent within an hour. You can send this one in %(minutes)s minutes. "
            "What you wrote is still here.", minutes=minutes)

    @api.model
    def _get_network(self, address):
        """Return an address as it is counted: of IPv6 the network, all of which one customer has (RFC 6177)."""
        try:
            found = ip_address(address or "")
        except ValueError:
            return ""
        return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)

    @api.autovacuum
    def _gc_uses(self):
        self.search([("create_date", "<", fields.Datetime.now() - limits.PORTAL_KEPT)], limit=10_000).unlink()
