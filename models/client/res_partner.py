from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from odoo.addons.iap.tools.iap_tools import _MAIL_PROVIDERS

from ...tools.mail import addresses
from ..access.relations import RuledOne2many
from ..html.clean_html import CleanHtml
from .address_claim import PROVEN

# As long as Odoo's invitations are valid by default; what it says itself comes on top.
INVITATION_VALID = timedelta(hours=144)


class ResPartner(models.Model):
    """What everybody who answers this client must know, on top of each of the client's tickets."""

    _inherit = "res.partner"

    servicedesk_domain = fields.Char(compute="_compute_servicedesk_domain", store=True, index="btree_not_null",
                                     export_string_translation=False,
                                     help="Mail domain by which strangers are known as this company's people.")
    servicedesk_address_ids = fields.One2many("servicedesk.address", "partner_id", "More e-mail addresses",
                                              groups="servicedesk.group_user")
    servicedesk_claim_ids = fields.One2many("servicedesk.address.claim", "partner_id", "Addresses to be confirmed",
                                            groups="servicedesk.group_user")
    servicedesk_unproven = fields.Boolean(compute="_compute_servicedesk_unproven", groups="servicedesk.group_user",
                                          export_string_translation=False)
    servicedesk_authorised = fields.Boolean(
        "May submit requests", groups="servicedesk.group_user",
        help="For departments that take requests of authorised contacts only.")
    servicedesk_sees_company = fields.Boolean(
        "Sees all requests of the company", groups="servicedesk.group_user",
        help="In the portal this person also sees the requests of colleagues.")
    servicedesk_ticket_ids = RuledOne2many("servicedesk.ticket", "partner_id", "Service Desk tickets",
                                             groups="servicedesk.group_user")
    servicedesk_service_ids = fields.One2many("servicedesk.service", "partner_id", "Service Desk services",
                                              groups="servicedesk.group_user")
    servicedesk_ticket_count = fields.Integer("Service Desk ticket count", compute="_compute_servicedesk_counts",
                                              groups="servicedesk.group_user")
    servicedesk_open_count = fields.Integer("Service Desk open ticket count", compute="_compute_servicedesk_counts",
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

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners._note_servicedesk_written({})
        return partners

    def write(self, vals):
        if vals.keys().isdisjoint({"email", *self._phone_get_sanitize_triggers()}):
            return super().write(vals)
        before = {partner.id: partner._get_servicedesk_first() for partner in self.sudo()}  # sudo: to compare with
        result = super().write(vals)
        self._note_servicedesk_written(before)
        return result

    def _note_servicedesk_written(self, before):
        """Note which addresses and numbers are others than before.

        A number is another one, too, where only the country has changed by which it is read.
        """
        changes = []
        for partner in self.sudo():  # sudo: as before; who writes is told by the user, not by rights
            former = before.get(partner.id, ("", ""))
            changes += [(partner, old, new) for old, new in zip(former, partner._get_servicedesk_first(), strict=True)
                        if old != new]
        if changes:
            self.env["servicedesk.address.claim"]._note_written(changes)

    def _get_servicedesk_first(self):
        """Return the e-mail address and the telephone number of the contact itself, ``""`` where there is none."""
        return self.email_normalized or "", self.phone_sanitized or ""

    def _get_servicedesk_written(self):
        """Return all addresses and numbers that stand on this contact, proven or not."""
        self.ensure_one()
        return [*filter(None, self._get_servicedesk_first()), *self.servicedesk_address_ids.mapped("value")]

    def _is_servicedesk_written_by_staff(self):
        """Tell whether what is written here now is written by an internal user for somebody else.

        It is the user of the environment who counts, also where code of some route or wizard has switched to
        superuser mode. Odoo's own user 1 is nobody: mail gateways, jobs and scripts write under it.
        """
        user = self.env.user
        return user.id != SUPERUSER_ID and user._is_internal() and user.partner_id != self

    @api.depends("servicedesk_claim_ids.state")
    def _compute_servicedesk_unproven(self):
        for partner in self:
            partner.servicedesk_unproven = any(
                claim.state in ("waiting", "doubtful") or claim.owner_id for claim in partner.servicedesk_claim_ids)

    @api.model
    def _find_servicedesk_client(self, sender, company):
        """Return who writes: the person whose proven address this is, else the company of its mail domain, else nobody.

        What staff has entered comes first; an address of the domain of a customer never belongs to another one's
        people by their own word, be it confirmed. Where several people share an address it is their company if they
        have just one: an agent then chooses the person on the ticket.
        """
        if not sender:
            return self.browse()
        claims = self.env["servicedesk.address.claim"]._find(sender)
        if known := self._find_servicedesk_known(sender, company, claims):
            return known._get_servicedesk_one()
        companies = self._find_servicedesk_of_domain(sender, company)
        proven = self._filter_servicedesk_company(claims.filtered(lambda claim: claim._holds()).partner_id, company)
        if companies:
            proven = proven.filtered(lambda partner: partner.commercial_partner_id in companies)
        return proven._get_servicedesk_one() if proven else companies if len(companies) == 1 else self.browse()

    @api.model
    def _find_servicedesk_owner(self, value, company):
        """Return the customer to whom an address or number belongs before all who claim it; perhaps nobody."""
        claims = self.env["servicedesk.address.claim"]._find(value)
        if "@" not in value:
            return self._find_servicedesk_known(value, company, claims)[:1]
        return self._find_servicedesk_known(value, company, claims)[:1] or self._find_servicedesk_of_domain(
            value, company)[:1]

    @api.model
    def _find_servicedesk_known(self, value, company, claims):
        """Return the contacts for whom staff has entered an address or a number (E.164), at most 20.

        :param claims: those on it: for their contacts nobody but they themselves has said so
        """
        field, values = ("email_normalized", addresses.variants(value)) if "@" in value else (
            "phone_sanitized", [value])
        # sudo: addresses are looked up for the system; by ids, because an OR over a sub-select reads all partners
        others = self.env["servicedesk.address"].sudo().search([("value", "in", values)]).partner_id
        by_staff = claims.filtered(lambda claim: claim.state == "former" and claim.by_staff).partner_id
        found = Domain(field, "in", values) | Domain("id", "in", others.ids)
        if claims:
            claiming = claims.partner_id - by_staff
            found = found & Domain("id", "not in", claiming.ids) | Domain("id", "in", by_staff.ids)
        return self.search(Domain("company_id", "in", [False, company.id]) & found, order="is_company, id", limit=20)

    @api.model
    def _find_servicedesk_of_domain(self, address, company):
        """Return the customers whose mail domain this is: by the address of a company that staff has entered."""
        domain = addresses.domain(addresses.canonical(address))
        if not domain:
            return self.browse()
        found = self.search(Domain("company_id", "in", [False, company.id])
                            & Domain("servicedesk_domain", "in", [domain, addresses.domain(address)]), order="id",
                            limit=20)
        # sudo: whether anybody has claimed the address of the company, for the system
        claimed = {(claim.partner_id.id, claim.value) for claim in self.env["servicedesk.address.claim"].sudo().search(
            [("partner_id", "in", found.ids)])} if found else ()
        return found.filtered(lambda partner: (
            partner.id, addresses.canonical(partner.email_normalized)) not in claimed).commercial_partner_id

    @api.model
    def _filter_servicedesk_company(self, partners, company):
        """Return those of these contacts that exist for a company and are not archived, in the reader's name."""
        return self.search(Domain("id", "in", partners.ids) & Domain(
            "company_id", "in", [False, company.id])) if partners else self.browse()

    def _get_servicedesk_one(self):
        """Return the one of these contacts, else the one company of several."""
        if len(self) == 1:
            return self
        companies = self.commercial_partner_id
        return companies if len(companies) == 1 else self.browse()

    def _has_servicedesk_address(self, address):
        """Tell whether an address is this very partner's and proven, not just of the company's domain."""
        return bool(address) and not self._get_servicedesk_addresses().isdisjoint(addresses.variants(address))

    def _get_servicedesk_addresses(self):
        """Return the proven addresses of these partners as a set: normalised e-mails, and numbers as E.164."""
        return self._split_servicedesk_addresses()[0]

    def _split_servicedesk_addresses(self):
        """Return two sets: the proven addresses and numbers of these partners, and those that they only claim."""
        proven, claimed = set(), set()
        key = self.env["servicedesk.address.claim"]._get_key
        for partner in self.sudo():  # sudo: what is proven, for the system; the claims of all are read at once
            claims = {claim.value: claim.state for claim in partner.servicedesk_claim_ids}
            for value in partner._get_servicedesk_written():
                (proven if claims.get(key(value), "former") in PROVEN else claimed).add(value)
            proven.update(value for value, state in claims.items() if state == "former")
        return proven, claimed - proven

    def _get_servicedesk_mail_address(self):
        """Return where answers to this person go: the proven address, else the one before it, else what there is."""
        proven, claimed = self._split_servicedesk_addresses()
        own = self.email_normalized
        if own not in claimed:
            return own
        return next(filter(lambda value: "@" in value, sorted(proven)), own)

    def _get_servicedesk_waiting(self):
        """Return the addresses and numbers of this contact that only the person can confirm now, in superuser mode."""
        # sudo: for the person, about what the person has entered
        return self.sudo().servicedesk_claim_ids.filtered(
            lambda claim: claim.state in ("waiting", "doubtful") and claim._is_current())

    def _generate_signup_token(self, expiration=None):
        """Remember to which address an invitation goes, where its use is to prove that it reached the person.

        Only for a field that holds one address and nothing else: a mail to two would reach a second person.
        """
        token = super()._generate_signup_token(expiration=expiration)
        waiting = self._get_servicedesk_waiting().filtered(
            lambda claim: addresses.is_bare(self.email) and claim.value == addresses.canonical(self.email))
        if waiting:
            self.env["servicedesk.access.link"]._issue("invitation", self, waiting.value, INVITATION_VALID, token)
        return token

    def _get_servicedesk_note(self):
        """Return the note as screens show it; the empty string where there is none."""
        return "" if is_html_empty(self.servicedesk_note) else str(self.servicedesk_note)
