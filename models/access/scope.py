from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.models import MAGIC_COLUMNS


class ServicedeskScope(models.AbstractModel):
    """What an agent sees, worked out at the moment of the query.

    Record rules of agents are ``[('user_scope', '=', True)]``. Their domain is cached by Odoo, its *meaning*
    is not: ``search=`` runs for every query and answers with literal ids, so that a membership that has just
    ended, or a substitution that has just begun, counts at once (``ir.rule`` caches domains per user).
    """

    _name = "servicedesk.scope"
    _description = "Visibility by membership"

    _ticket_path = ""  # field by which a record hangs on its ticket; empty where it has department and owner itself

    user_scope = fields.Boolean(
        compute="_compute_user_scope", search="_search_user_scope", export_string_translation=False
    )

    @api.depends(lambda self: [name for name in ("department_id", "owner_id", "partner_id") if name in self._fields])
    @api.depends_context("uid")
    def _compute_user_scope(self):
        visible = self.filtered_domain(self._get_user_scope_domain())
        for record in self:
            record.user_scope = record in visible

    def _search_user_scope(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_user_scope_domain()
        return domain if True in value else ~domain

    @api.model
    def _get_user_scope_domain(self):
        """Return the :class:`Domain` of what the current user sees of this model."""
        domain = self._get_ticket_scope_domain()
        path = self._ticket_path
        return Domain(path, "any!", domain) if path and not domain.is_true() else domain

    @api.model
    def _get_ticket_scope_domain(self):
        """Return the domain over tickets; models that hang on a ticket wrap it."""
        domain, companies = self._get_membership_domain(), self._get_scope_companies()
        # Said only where it leaves something out: most databases have one company, and this is in every query.
        return domain if companies is None else domain & Domain("company_id", "in", companies)

    @api.model
    def _get_scope_companies(self):
        """Return the ids of the companies that the user has chosen among the own ones, None where that is all."""
        own = self.env.user._get_company_ids()
        chosen = [company for company in self.env.context.get("allowed_company_ids") or own if company in own]
        return None if self.env["res.company"]._get_servicedesk_all_ids() <= set(chosen) else chosen

    @api.model
    def _get_membership_domain(self):
        """Return the domain over tickets by membership, management and substitution alone."""
        # No shortcut for superuser mode: Odoo resolves the rules of an ordinary user under sudo.
        user = self.env.user
        if user.has_group("servicedesk.group_admin"):
            return Domain.TRUE
        rows = user.sudo().servicedesk_departments or []  # sudo: read to decide what this user may see
        whole = [department for department, full, clients, absent in rows if full and clients is None and not absent]
        own = [department for department, full, clients, absent in rows
               if not full and clients is None and not absent]
        domain = Domain("department_id", "in", whole)
        if own:
            domain |= Domain("department_id", "in", own) & Domain("owner_id", "in", [user.id, False])
        for department, full, clients, absent in rows:
            if absent:
                # What the absent colleague owns, as far as the colleague sees it.
                part = Domain("owner_id", "=", absent)
            elif clients is not None:
                part = Domain.TRUE if full else Domain("owner_id", "in", [user.id, False])
            else:
                continue
            if clients is not None:
                part &= Domain("partner_id", "any!", [("commercial_partner_id", "in", clients)])
            domain |= Domain("department_id", "=", department) & part
        return domain

    def _without_defaults(self, names):
        """Return these without the context's defaults for ``names``: a client sends them like values.

        The system's own (superuser mode) stay.
        """
        barred = set() if self.env.su else {f"default_{name}" for name in names} & self.env.context.keys()
        if not barred:
            return self
        kept = {key: value for key, value in self.env.context.items() if key not in barred}
        return self.with_env(self.env(context=kept))

    @api.model
    def _check_not_ignored(self, names):
        """Check that Odoo would take all these fields; some it leaves out without a word, and an import looks done.

        These are its own dates and authors, and what is only worked out.

        :raise UserError: which fields they are
        """
        def is_ignored(name):
            field = self._fields.get(name)
            worked_out = field and not field.store and (field.compute or field.related) and not field.inverse
            return name in MAGIC_COLUMNS or worked_out

        if not self.env.su and (ignored := sorted(filter(is_ignored, names))):
            raise UserError(self.env._("These fields cannot be set, nothing was saved: %s", ", ".join(ignored)))

    def _get_out_of_sight(self):
        """Return those of these records that are named in superuser mode to an employee who may not see them.

        Odoo reads the name behind a many2one without asking for rights; whoever could set such a field to any number
        would read all names one by one.
        """
        user = self.env.user
        if not self.env.su or user.id == SUPERUSER_ID or user.share:
            return self.browse()
        # sudo(False): the user's own rules are wanted here
        return (self - self.sudo(False)._filtered_access("read").sudo()).filtered("id")
