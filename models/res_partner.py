from odoo import api, fields, models
from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS
from odoo.fields import Domain

from ..tools import addresses


class ResPartner(models.Model):
    _inherit = "res.partner"

    servicedesk_domain = fields.Char(compute="_compute_servicedesk_domain", store=True, index="btree_not_null",
                                     export_string_translation=False,
                                     help="Mail domain by which strangers are known as this company's people.")
    servicedesk_sees_company = fields.Boolean(
        "Sees all requests of the company", groups="servicedesk.group_user",
        help="In the portal this person follows the requests of colleagues too.")
    servicedesk_ticket_ids = fields.One2many("servicedesk.ticket", "partner_id", "Tickets",
                                             groups="servicedesk.group_user")
    servicedesk_service_ids = fields.One2many("servicedesk.service", "partner_id", "Services",
                                              groups="servicedesk.group_user")
    servicedesk_ticket_count = fields.Integer("Ticket count", compute="_compute_servicedesk_counts",
                                              groups="servicedesk.group_user")
    servicedesk_open_count = fields.Integer("Open ticket count", compute="_compute_servicedesk_counts",
                                            groups="servicedesk.group_user")

    @api.depends("email_normalized", "is_company")
    def _compute_servicedesk_domain(self):
        for partner in self:
            domain = addresses.domain(partner.email_normalized) if partner.is_company else ""
            partner.servicedesk_domain = domain if domain and domain not in _MAIL_PROVIDERS else False

    def _compute_servicedesk_counts(self):
        """Count all and the not closed tickets of each client (of a person: those they asked for), in one query."""
        companies = self.filtered(lambda partner: partner.commercial_partner_id == partner)
        counts = {}
        for field, partners in (("partner_id", companies), ("contact_id", self - companies)):
            if partners:
                groups = self.env["servicedesk.ticket"]._read_group(
                    Domain(field, "in", partners.ids), [field, "state"], ["__count"])
                for partner, state, count in groups:
                    total, active = counts.get(partner.id, (0, 0))
                    counts[partner.id] = total + count, active + count * (state in ("open", "waiting"))
        for partner in self:
            partner.servicedesk_ticket_count, partner.servicedesk_open_count = counts.get(partner.id, (0, 0))

    def action_servicedesk_tickets(self):
        self.ensure_one()
        field = "partner_id" if self.commercial_partner_id == self else "contact_id"
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_ticket_action")
        return action | {"display_name": self.env._("Tickets of %s", self.display_name),
                         "domain": [(field, "=", self.id)], "context": {f"default_{field}": self.id}}

    @api.model
    def _find_servicedesk_client(self, sender):
        """Return the partner who writes: with this e-mail, else the company of its mail domain, else none."""
        if not sender:
            return self.browse()
        found = self.search([("email_normalized", "=", sender)], order="is_company, id", limit=1)
        if found:
            return found
        domain = addresses.domain(sender)
        return self.search([("servicedesk_domain", "=", domain)], order="id", limit=1) if domain else found
