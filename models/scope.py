from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ServicedeskScope(models.AbstractModel):
    """What an agent sees, worked out at the moment of the query.

    Record rules of agents are ``[('user_scope', '=', True)]``. Their domain is cached by Odoo, its *meaning*
    is not: ``search=`` runs for every query and answers with literal ids, so that a membership that has just
    ended, or a substitution that has just begun, counts at once (``ir.rule`` caches domains per user).
    """

    _name = "servicedesk.scope"
    _description = "Visibility by membership"

    user_scope = fields.Boolean(
        compute="_compute_user_scope", search="_search_user_scope", export_string_translation=False
    )

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
        return self._get_ticket_scope_domain()

    @api.model
    def _get_ticket_scope_domain(self):
        """Return the domain over tickets; models that hang on a ticket wrap it."""
        # No shortcut for superuser mode: Odoo resolves the rules of an ordinary user under sudo.
        user = self.env.user
        if user.has_group("servicedesk.group_admin"):
            return Domain.TRUE
        departments = user._get_servicedesk_departments()
        whole = [department_id for department_id, full in departments.items() if full]
        domain = Domain("department_id", "in", whole)
        partly = [department_id for department_id, full in departments.items() if not full]
        if partly:
            domain |= Domain("department_id", "in", partly) & Domain("owner_id", "in", [user.id, False])
        return domain


class ResUsers(models.Model):
    _inherit = "res.users"

    servicedesk_membership_ids = fields.One2many("servicedesk.membership", "user_id", "Service Desk departments")
    servicedesk_departments = fields.Json(compute="_compute_servicedesk_departments", compute_sudo=True,
                                          groups="base.group_system", export_string_translation=False)

    @api.depends("servicedesk_membership_ids.department_id", "servicedesk_membership_ids.level")
    def _compute_servicedesk_departments(self):
        """Lists of ``[department id, sees all of it]`` per user, as of now.

        Members see their department as their level says; a manager sees the department and all below it.
        A field, so that one transaction asks once and forgets when something changes or is rolled back.
        """
        self.env["servicedesk.membership"].flush_model()
        self.env["servicedesk.department"].flush_model()
        rows = self.env.execute_query(SQL(
            """SELECT person.id, department.id, bool_or(membership.level <> 'own' OR boss.id IS NOT NULL)
                 FROM res_users person
           CROSS JOIN servicedesk_department department
            LEFT JOIN servicedesk_membership membership
                   ON membership.department_id = department.id AND membership.user_id = person.id
            LEFT JOIN servicedesk_department boss
                   ON boss.manager_id = person.id AND department.parent_path LIKE boss.parent_path || '%%'
                WHERE person.id IN %s AND (membership.id IS NOT NULL OR boss.id IS NOT NULL)
             GROUP BY person.id, department.id""", tuple(self.ids) or (0,)))
        for user in self:
            user.servicedesk_departments = [[dep, bool(full)] for user_id, dep, full in rows if user_id == user.id]

    def _get_servicedesk_departments(self):
        """Return ``{department id: sees all of it}`` of this user."""
        self.ensure_one()
        return dict(self.sudo().servicedesk_departments or [])  # sudo: read to decide what this user may see
