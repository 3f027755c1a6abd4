from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS

from ...tools.mail import addresses
from ..html.clean_html import CleanHtml


class ResPartner(models.Model):
    """What everybody who answers this client must know, on top of each of the client's tickets."""

    _inherit = "res.partner"

    servicedesk_domain = fields.Char(compute="_compute_servicedesk_domain", store=True, index="btree_not_null",
                                     export_string_translation=False,
                                     help="Mail domain by which strangers are known as this company's people.")
    servicedesk_address_ids = fields.One2many("servicedesk.address", "partner_id", "More e-mail addresses",
                                              groups="servicedesk.group_user")
    servicedesk_authorised = fields.Boolean(
        "May submit requests", groups="servicedesk.group_user",
        help="For departments that take requests of authorised contacts only.")
    servicedesk_sees_company = fields.Boolean(
        "Sees all requests of the company", groups="servicedesk.group_user",
        help="In the portal this person also sees the requests of colleagues.")
    servicedesk_ticket_ids = fields.One2many("servicedesk.ticket", "partner_id", "Tickets",
                                             groups="servicedesk.group_user")
    servicedesk_service_ids = fields.One2many("servicedesk.service", "partner_id", "Services",
                                              groups="servicedesk.group_user")
    servicedesk_ticket_count = fields.Integer("Ticket count", compute="_compute_servicedesk_counts",
                                              groups="servicedesk.group_user")
    servicedesk_open_count = fields.Integer("Open ticket count", compute="_compute_servicedesk_counts",
                                            groups="servicedesk.group_user")
    servicedesk_note = CleanHtml(
        "Customer note", groups="servicedesk.group_user", copy=False,
        compute="_compute_servicedesk_note", inverse="_inverse_servicedesk_note",
        help="Shown to agents on all tickets of this customer, never to the customer.")
    servicedesk_kept_note = CleanHtml(groups="base.group_system", copy=False, export_string_translation=False,
                                      help="The note of which those read who work for the customer.")

    _servicedesk_email_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    @api.depends("email_normalized", "is_company")
    def _compute_servicedesk_domain(self):
        for partner in self:
            domain = addresses.domain(partner.email_normalized) if partner.is_company else ""
            partner.servicedesk_domain = domain if domain and domain not in _MAIL_PROVIDERS else False

    @api.depends("servicedesk_kept_note", "commercial_partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_servicedesk_note(self):
        mine = self._filter_servicedesk_clients()
        (self - mine).servicedesk_note = False
        for partner in mine:
            # sudo: the field is for those alone for whom it is filtered here
            partner.servicedesk_note = partner.sudo().servicedesk_kept_note

    def _inverse_servicedesk_note(self):
        if foreign := self - self._filter_servicedesk_clients():
            raise AccessError(self.env._("The note on %s is for those who work for this customer.",
                                         foreign[0].display_name))
        for partner in self:
            partner.sudo().servicedesk_kept_note = partner.servicedesk_note  # sudo: as above; writing was checked
        self.invalidate_recordset(["servicedesk_note"], flush=False)  # read in other people's name before

    def _filter_servicedesk_clients(self):
        """Return those of these contacts for whose company the user works in some department; all for the system."""
        clients = None if self.env.su else self.env.user._get_servicedesk_clients()
        return self if clients is None else self.filtered(lambda partner: partner.commercial_partner_id.id in clients)

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
        self.env["servicedesk.ticket"].check_access("read")
        self.ensure_one()
        field = "partner_id" if self.commercial_partner_id == self else "contact_id"
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_ticket_action")
        return action | {"display_name": self.env._("Tickets of %s", self.display_name),
                         "domain": [(field, "=", self.id)], "context": {f"default_{field}": self.id}}

    @api.model
    def _find_servicedesk_client(self, sender, company):
        """Return who writes: the person with this address, else the company of its mail domain, else nobody.

        Where several people share an address it is their company if they have just one: an agent then chooses
        the person on the ticket.
        """
        if not sender:
            return self.browse()
        own = Domain("company_id", "in", [False, company.id])
        # sudo: addresses are looked up for the system; by ids, because an OR over a sub-select reads all partners
        others = self.env["servicedesk.address"].sudo().search([("value", "=", sender)]).partner_id
        found = self.search(
            own & (Domain("email_normalized", "=", sender) | Domain("id", "in", others.ids)),
            order="is_company, id", limit=20)
        if len(found) == 1:
            return found
        if found:
            companies = found.commercial_partner_id
            return companies if len(companies) == 1 else self.browse()
        domain = addresses.domain(sender)
        if not domain:
            return found
        companies = self.search(own & Domain("servicedesk_domain", "=", domain), order="id", limit=2)
        return companies.commercial_partner_id if len(companies.commercial_partner_id) == 1 else self.browse()

    def _has_servicedesk_address(self, address):
        """Tell whether an address is this very partner's, not just of the company's domain."""
        return bool(address) and address in self._get_servicedesk_addresses()

    def _get_servicedesk_addresses(self):
        """Return all normalised addresses of these partners as a set."""
        return set(self.mapped("email_normalized") + self.servicedesk_address_ids.mapped("value")) - {False}

    def _get_servicedesk_note(self):
        """Return the note as screens show it; the empty string where there is none."""
        return "" if is_html_empty(self.servicedesk_note) else str(self.servicedesk_note)
