import ast

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .ours import is_ours


class MailAlias(models.Model):
    """Aliases beside departments: an address has one owner, and those for our records lead into the ledger."""

    _inherit = "mail.alias"

    @api.constrains("alias_name", "alias_domain_id", "alias_incoming_local")
    def _check_no_department_has_it(self):
        """Refuse an address under which a department gets its mail.

        :raise ValidationError: with the department's name
        """
        named = self.filtered("alias_name")
        if not named:
            return
        # sudo: addresses of all departments, whoever names an alias
        departments = self.env["servicedesk.department"].sudo().search(
            Domain("email_normalized", "in", named.mapped("alias_full_name")) | Domain.OR(
                Domain("email_normalized", "=like", f"{alias.alias_name}@%")
                for alias in named.filtered("alias_incoming_local")))
        for department in departments:
            for alias in named:
                if alias._takes(department.email_normalized) and alias._get_servicedesk_department() != department:
                    raise ValidationError(self.env._(
                        "%(address)s is already the address of the department %(department)s. Choose another alias, or "
                        "give the department another address first.",
                        address=department.email_normalized, department=department.name))

    @api.model
    def _find_for_addresses(self, found):
        """Return the aliases that take mail for one of these bare addresses, as Odoo's gateway looks for them."""
        locals_ = list({address.partition("@")[0] for address in found})
        return self.search(Domain("alias_full_name", "in", list(found)) | (
            Domain("alias_incoming_local", "=", True) & Domain("alias_name", "in", locals_)
        )).filtered(lambda alias: any(alias._takes(address) for address in found))

    def _takes(self, address):
        """Tell whether this alias takes mail for a bare address: by all of it, or by what stands before the @."""
        self.ensure_one()
        local, _at, domain = address.partition("@")
        if self.alias_full_name == address:
            return True
        return self.alias_incoming_local and self.alias_name == local and self._takes_domain(domain)

    @api.model
    def _takes_domain(self, domain):
        # sudo: Odoo's own settings, read by the gateway for everybody
        allowed = self.env["ir.config_parameter"].sudo().get_param("mail.catchall.domain.allowed")
        return not allowed or domain in allowed.split(",") or bool(
            self.env["mail.alias.domain"].sudo().search_count([("name", "=", domain)], limit=1))  # sudo: as above

    def _get_servicedesk_department(self):
        """Return the department that this alias leads to: its own, or the one that its record or its values name."""
        self.ensure_one()
        alias = self.sudo()  # sudo: where an alias leads to is asked for the gateway, and to refuse a second owner
        Department = self.env["servicedesk.department"].sudo().with_context(active_test=False)  # sudo: as above
        if not is_ours(alias.alias_model_id.model):
            return Department
        return Department.search([("alias_id", "=", alias.id)], limit=1) or self.env[
            "mail.thread"]._get_routed_department(
                alias.alias_model_id.model, alias.alias_force_thread_id, ast.literal_eval(alias.alias_defaults))

    def _get_owner_name(self):
        """Return the name of the record that has this alias, else of what it creates; for messages."""
        alias = self.sudo()  # sudo: one name, for who is refused its address
        model, owner_id = alias.alias_parent_model_id.model, alias.alias_parent_thread_id
        known = model in self.env and owner_id
        if known and (owner := self.env[model].sudo().browse(owner_id).exists()):  # sudo: as above
            return owner.display_name
        return alias.alias_model_id.name
