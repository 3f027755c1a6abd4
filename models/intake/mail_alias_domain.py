from odoo import api, models
from odoo.exceptions import ValidationError


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.constrains("name", "bounce_alias", "catchall_alias")
    def _check_no_department_has_it(self):
        """Refuse a catch-all or bounce address, or a name that moves aliases, to where a department gets its mail.

        :raise ValidationError: with the department's name
        """
        own = {address for domain in self for address in domain._get_own_addresses()}
        # sudo: addresses of all departments, whoever sets up the domain
        department = self.env["servicedesk.department"].sudo().search(
            [("email_normalized", "in", list(own))], limit=1) if own else None
        if department:
            raise ValidationError(self.env._(
                "%(address)s is already the address of the department %(department)s. Choose another catch-all or "
                "bounce address.", address=department.email_normalized, department=department.name))
        # sudo: aliases of all apps, as above
        self.env["mail.alias"].sudo().search([("alias_domain_id", "in", self.ids)])._check_no_department_has_it()

    def _get_own_addresses(self):
        """Return the bare addresses that Odoo's gateway keeps for itself: catch-all and bounces."""
        return {address.lower() for address in (self.bounce_email, self.catchall_email) if address}
