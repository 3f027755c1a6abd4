from odoo import api, fields, models
from odoo.tools import SQL

from .membership import RIGHTS


class ResUsers(models.Model):
    _inherit = "res.users"

    servicedesk_membership_ids = fields.One2many("servicedesk.membership", "user_id", "Service Desk departments")
    servicedesk_departments = fields.Json(compute="_compute_servicedesk_departments", compute_sudo=True,
                                          groups="base.group_system", export_string_translation=False)
    servicedesk_rights = fields.Json(compute="_compute_servicedesk_departments", compute_sudo=True,
                                     groups="base.group_system", export_string_translation=False)

    @api.depends("servicedesk_membership_ids.department_id", "servicedesk_membership_ids.level",
                 "servicedesk_membership_ids.client_ids",
                 *(f"servicedesk_membership_ids.{switch}" for switch, _level in RIGHTS.values()))
    def _compute_servicedesk_departments(self):
        """Lists of ``[department id, sees all of it, ids of clients or None, absent colleague or None]``, as of now.

        Members see their department as their level says, perhaps only what concerns some clients; a manager sees the
        department and all below it; a substitute sees what the absent colleague owns, as far as
        whoever arranged it may give it. A field, so that one
        transaction asks once and forgets when something changes or is rolled back. ``servicedesk_rights`` comes with
        it: ``{right: [department ids]}``; managers have all rights in theirs and those below, substitutes none.
        """
        for name in ("membership", "department", "substitution"):
            self.env[f"servicedesk.{name}"].flush_model()
        people = tuple(self.ids) or (0,)
        rows = self.env.execute_query(SQL(
            """WITH member AS (
                   SELECT membership.department_id, membership.user_id, membership.level <> 'own' AS whole,
                          %(rights)s AS rights,
                          array_agg(client.partner_id) FILTER (WHERE client.partner_id IS NOT NULL) AS clients
                     FROM servicedesk_membership membership
                LEFT JOIN servicedesk_membership_client_rel client ON client.membership_id = membership.id
                 GROUP BY membership.id)
               SELECT user_id, department_id, whole, clients, NULL::integer AS absent, rights
                 FROM member WHERE user_id IN %(people)s
            UNION ALL
               SELECT boss.manager_id, department.id, TRUE, NULL::integer[], NULL::integer, %(all_rights)s
                 FROM servicedesk_department boss
                 JOIN servicedesk_department department ON department.parent_path LIKE boss.parent_path || '%%'
                WHERE boss.manager_id IN %(people)s
            UNION ALL
               SELECT substitution.substitute_id, member.department_id, FALSE, member.clients, member.user_id,
                      ARRAY[]::varchar[]
                 FROM servicedesk_substitution substitution
                 JOIN member ON member.user_id = substitution.absent_id
                WHERE substitution.substitute_id IN %(people)s AND substitution.active IS TRUE
                  AND substitution.starts_at <= %(now)s AND substitution.ends_at > %(now)s
                  AND (substitution.arranged_by_id IS NULL OR EXISTS (
                      SELECT FROM servicedesk_department department
                        JOIN servicedesk_department boss ON department.parent_path LIKE boss.parent_path || '%%'
                       WHERE department.id = member.department_id
                         AND boss.manager_id = substitution.arranged_by_id))""",
            people=people, now=fields.Datetime.now(), rights=self._get_rights_sql(), all_rights=SQL(
                "%s::varchar[]", list(RIGHTS))))
        found = {user_id: [] for user_id in self.ids}
        rights = {user_id: {right: set() for right in RIGHTS} for user_id in self.ids}
        for user_id, *row, granted in rows:
            found[user_id].append(row)
            for right in granted:
                rights[user_id][right].add(row[0])
        for user in self:
            user.servicedesk_departments = self._without_doubles(found.get(user.id, []))
            user.servicedesk_rights = {
                right: sorted(departments) for right, departments in rights.get(user.id, {}).items()}

    @api.model
    def _get_rights_sql(self):
        """Return the expression for the rights of one row of memberships, by the table ``RIGHTS``."""
        rights = [SQL("CASE WHEN %s OR membership.level = %s THEN %s END", SQL.identifier("membership", switch), level,
                      right) for right, (switch, level) in RIGHTS.items()]
        return SQL("array_remove(ARRAY[%s]::varchar[], NULL)", SQL(", ").join(rights))

    @api.model
    def _without_doubles(self, rows):
        """Leave out what a wider right covers: who manages a department sees it whole, whatever else is said."""
        whole = {department for department, full, clients, absent in rows if full and clients is None and not absent}
        return sorted([department, True, None, None] for department in whole) + [
            row for row in rows if row[0] not in whole]

    def _forget_servicedesk_rights(self):
        """Let what people see and may do be worked out anew."""
        self.env["res.users"].invalidate_model(["servicedesk_departments", "servicedesk_rights"])

    def _get_servicedesk_right(self, right):
        """Return the ids of the departments in which this user has ``right``, None for all."""
        self.ensure_one()
        if self.has_group("servicedesk.group_admin"):
            return None
        return set((self.sudo().servicedesk_rights or {}).get(right, ()))  # sudo: read to decide about one's own rights

    def _get_servicedesk_departments(self):
        """Return ``{department id: sees all of it}`` of this user."""
        self.ensure_one()
        rows = self.sudo().servicedesk_departments or []  # sudo: read to decide what this user may see
        return {department: full and clients is None for department, full, clients, absent in rows if not absent}

    def _get_servicedesk_clients(self):
        """Return the ids of the clients for whom this user works, by any membership; None where that is all.

        Somebody without a department works for none.
        """
        self.ensure_one()
        if self.has_group("servicedesk.group_admin"):
            return None
        rows = self.sudo().servicedesk_departments or []  # sudo: read to decide what this user may see
        companies = self.env["servicedesk.scope"]._get_scope_companies()
        if companies is not None:
            # sudo: of which company one's own departments are
            departments = self.env["servicedesk.department"].sudo().browse({department for department, *_rest in rows})
            here = set(departments.filtered(lambda department: department.company_id.id in companies).ids)
            rows = [row for row in rows if row[0] in here]
        limits = [clients for _department, _full, clients, _absent in rows]
        return None if None in limits else set().union(*limits)
