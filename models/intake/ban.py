from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools.mail import addresses


class ServicedeskBan(models.Model):
    """A sender whose mail waits in quarantine: an address, or a domain with all below it."""

    _name = "servicedesk.ban"
    _description = "Blocking of a sender"
    _rec_name = "value"
    _order = "value, id"

    kind = fields.Selection([("address", "Address"), ("domain", "Domain")], compute="_compute_kind", store=True,
                            precompute=True)
    value = fields.Char("Address or domain", required=True, help="spam@example.com, or example.com with subdomains.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    reason = fields.Char()
    expires_at = fields.Datetime("Until", help="Leave empty to block without end.")
    hits = fields.Integer("Messages blocked", readonly=True, copy=False)
    last_hit_at = fields.Datetime("Last blocked", readonly=True, copy=False)

    _value_uniq = models.Constraint("UNIQUE(company_id, value)", "This sender is blocked already.")

    @api.depends("value")
    def _compute_kind(self):
        for ban in self:
            ban.kind = "address" if "@" in (ban.value or "").lstrip("@") else "domain"

    @api.constrains("value")
    def _check_value(self):
        # sudo: departments of all companies, whose own mail must never be stopped
        departments = self.env["servicedesk.department"].sudo().search([("email_normalized", "!=", False)])
        own = departments.mapped("email_normalized")
        for ban in self:
            if ban.kind == "address" and not addresses.normalize(ban.value):
                raise ValidationError(self.env._("“%s” is neither an e-mail address nor a domain.", ban.value))
            if ban.kind == "domain" and "." not in ban.value:
                raise ValidationError(self.env._(
                    "“%s” is too broad: block a domain such as example.com.", ban.value))
            if any(ban.value in self._get_candidates(address) for address in own if address):
                raise ValidationError(self.env._("“%s” would stop mail of your own departments.", ban.value))

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company
            vals["value"] = self.with_company(company)._normalize(
                vals.get("value", self.env.context.get("default_value")))
        bans = super().create(vals_list)
        bans._check_may_ban()
        return bans

    def write(self, vals):
        self._check_may_ban()
        if "value" in vals:
            vals = dict(vals, value=self.with_company(self[:1].company_id)._normalize(vals["value"]))
        return super().write(vals)

    def unlink(self):
        self._check_may_ban()
        return super().unlink()

    def _check_may_ban(self):
        """Banning is a right of the membership; one department of the company is enough, the list is shared."""
        allowed = None if self.env.su else self.env.user._get_servicedesk_right("ban")
        if allowed is None:
            return
        # sudo: only whose they are
        if self.company_id - self.env["servicedesk.department"].sudo().browse(allowed).company_id:
            raise AccessError(self.env._("You do not have the right to block senders."))

    @api.model
    def _normalize(self, value):
        value = (value or "").strip().lower()
        return addresses.normalize(value) if "@" in value.lstrip("@") else value.lstrip("@").strip(".")

    @api.model
    def _get_candidates(self, address):
        """Return everything whose ban would hold for an address: itself, its domain and all domains above."""
        labels = addresses.domain(address).split(".")
        return [address, *(".".join(labels[start:]) for start in range(len(labels) - 1))]

    @api.model
    def _find(self, address, company):
        """Return the ban that holds for a sender in a company now, and count the hit."""
        if not address:
            return self.browse()
        ban = self.search(
            Domain("company_id", "=", company.id) & Domain("value", "in", self._get_candidates(address))
            & (Domain("expires_at", "=", False) | Domain("expires_at", ">", fields.Datetime.now())), limit=1)
        if ban:
            ban.write({"hits": ban.hits + 1, "last_hit_at": fields.Datetime.now()})
        return ban
