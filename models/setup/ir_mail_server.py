from odoo import api, fields, models


class IrMailServer(models.Model):
    """Outgoing servers of the setup assistant: each is for its department only."""

    _inherit = "ir.mail_server"

    servicedesk_department_id = fields.Many2one(
        "servicedesk.department", "Set up for the department", ondelete="set null", index="btree_not_null", copy=False,
        help="Created by the setup assistant of this department. Only its mail leaves through this server; empty the "
             "field to let Odoo use it for all mail.")

    @api.model
    def _find_mail_server(self, email_from, mail_servers=None):
        """Choose among the servers that belong to no department: a department names its own by itself."""
        if mail_servers is None:
            # sudo: as Odoo's own choice
            mail_servers = self.sudo().search(self._find_mail_server_allowed_domain(), order="sequence")
        return super()._find_mail_server(
            email_from, mail_servers.filtered(lambda server: not server.servicedesk_department_id))

    @api.model
    def _filter_mail_servers_fallback(self, servers):
        """Never let a department's server stand in for others."""
        return super()._filter_mail_servers_fallback(
            servers.filtered(lambda server: not server.servicedesk_department_id))

    def _remove_servers_of(self, departments):
        """Delete the servers that were set up for departments which go, but for those that somebody else names."""
        servers = self.with_context(active_test=False).search([("servicedesk_department_id", "in", departments.ids)])
        (servers - servers.browse(servers._active_usages_compute())).unlink()
