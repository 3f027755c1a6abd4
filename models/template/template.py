from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools import variables
from ..html.clean_html import CleanHtml


class ServicedeskTemplate(models.Model):
    """A text with named variables; nothing in it is evaluated, so anyone may be allowed to write one."""

    _name = "servicedesk.template"
    _inherit = ["servicedesk.scope"]
    _description = "Message template"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    use = fields.Selection(
        [("answer", "Reply template"), ("canned", "Canned response"), ("both", "Both"),
         ("notice", "Automatic message")],
        default="both", required=True, help="Automatic messages are not offered while writing.")
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null",
                                    default=lambda self: self._default_department_id(),
                                    help="Leave empty to use it in all departments.")
    shortcut = fields.Char(help="Typed after “::” while writing, such as “restart”.")
    use_count = fields.Integer("Used", readonly=True, copy=False)
    lang = fields.Selection(selection="_get_languages", string="Language", help="Leave empty for any language.")
    subject = fields.Char()
    body = CleanHtml(required=True)

    _shortcut_uniq = models.UniqueIndex("(COALESCE(department_id, 0), shortcut) WHERE shortcut IS NOT NULL AND active",
                                        "This shortcut is taken already.")

    @api.model
    def _default_department_id(self):
        """Return the one department whose templates the user may write; none where there are several or all."""
        departments = self._get_writable_departments()
        return departments if len(departments) == 1 and not self._is_admin() else False

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.constrains("subject", "body")
    def _check_variables(self):
        known = self._get_variable_labels()
        for template in self:
            unknown = [name for name in variables.names(template.subject) + variables.names(template.body)
                       if name not in known]
            if unknown:
                raise ValidationError(self.env._(
                    "There is no variable “%(name)s”. Known are: %(known)s.",
                    name=unknown[0], known=", ".join(known)))

    @api.model
    def _get_user_scope_domain(self):
        """Agents see the templates of their departments, of those in which they substitute, and those of all."""
        if self.env.user.has_group("servicedesk.group_admin"):  # not _is_admin: rules are resolved under sudo
            return Domain.TRUE
        # sudo: read to decide what this user may see
        rows = self.env.user.sudo().servicedesk_departments or []
        return Domain("department_id", "in", [*dict.fromkeys(row[0] for row in rows), False])

    @api.model
    def _is_admin(self):
        return self.env.su or self.env.user.has_group("servicedesk.group_admin")

    @api.model
    def _get_writable_departments(self):
        """Return the departments whose templates the user may write: as a supervisor or a manager."""
        # sudo: one's own memberships, read to decide about one's own rights
        own = self.env.user.sudo().servicedesk_membership_ids.filtered(
            lambda membership: membership.level == "supervisor").department_id
        # sudo: as above
        managed = self.env["servicedesk.department"].sudo().search([("manager_id", "=", self.env.uid)])
        return (own | managed).with_env(self.env)

    def _check_writable(self):
        if self._is_admin():
            return
        writable = self._get_writable_departments()
        if any(template.department_id not in writable or not template.department_id for template in self):
            raise AccessError(self.env._(
                "Templates of a department are written by its supervisors, shared ones by administrators."))

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create([self._clean_shortcut(vals) for vals in vals_list])
        templates._check_writable()
        return templates

    def write(self, vals):
        self._check_writable()
        result = super().write(self._clean_shortcut(vals))
        self._check_writable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_not_writable(self):
        self._check_writable()

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._is_admin() or bool(self._get_writable_departments()))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Offer no "New" to those who may not write templates."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._is_admin() and not self._get_writable_departments():
            for name in ("create", "edit", "delete"):
                arch.set(name, "0")
        return arch, view

    @api.model
    def _clean_shortcut(self, vals):
        """Return ``vals`` with a shortcut as it is compared: small letters, no colons, no spaces."""
        if "shortcut" not in vals:
            return vals
        words = (vals["shortcut"] or "").strip().strip(":").lower().split()
        return vals | {"shortcut": "-".join(words) or False}

    def _render_for_department(self, department):
        """Return ``(subject, body)`` where there is no ticket: only the department's own variables have values."""
        self.ensure_one()
        here = self.with_context(tz=department._get_tz())
        values = {"department.name": department.name, "department.email": department.email or "",
                  "today": format_date(self.env, fields.Date.context_today(here), date_format="long")}
        body = variables.render(self.body, values, html=True)
        return variables.render(self.subject, values), Markup(body)  # values are escaped, the text is sanitized

    @api.model
    def _find_acknowledgement(self, department, lang):
        """Return the acknowledgement of a department for a customer's language, else the one for any language."""
        found = department.acknowledgement_ids.filtered(lambda template: template.lang in (lang, False))
        return found.sorted(lambda template: not template.lang)[:1]
