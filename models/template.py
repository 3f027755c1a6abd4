from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools import variables

# name → path from the ticket; the names are part of stored texts and never change
VARIABLES = {
    "ticket.number": "number",
    "ticket.subject": "subject",
    "contact.name": "requester",
    "client.name": "partner_id.name",
    "department.name": "department_id.name",
    "department.email": "department_id.email",
    "agent.name": None,
    "today": None,
}


class ServicedeskTemplate(models.Model):
    """A text with named variables; nothing in it is evaluated, so anyone may be allowed to write one."""

    _name = "servicedesk.template"
    _description = "Message template"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    department_id = fields.Many2one("servicedesk.department", index="btree_not_null",
                                    help="Left empty, all departments use it.")
    lang = fields.Selection(selection="_get_languages", string="Language", help="Left empty: for any language.")
    subject = fields.Char()
    body = fields.Html(required=True, sanitize_style=True)

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.constrains("subject", "body")
    def _check_variables(self):
        for template in self:
            unknown = [name for name in variables.names(template.subject) + variables.names(template.body)
                       if name not in VARIABLES]
            if unknown:
                raise ValidationError(self.env._(
                    "There is no variable “%(name)s”. Known are: %(known)s.",
                    name=unknown[0], known=", ".join(VARIABLES)))

    def _render(self, ticket):
        """Return ``(subject, body)`` with the values of a ticket; values are escaped, never read as markup."""
        self.ensure_one()
        values = {name: ticket.mapped(path)[0] if path and ticket.mapped(path) else ""
                  for name, path in VARIABLES.items() if path}
        values["agent.name"] = self.env.user.name
        values["today"] = format_date(self.env, fields.Date.context_today(self))
        body = variables.render(self.body, values, html=True)
        return variables.render(self.subject, values), Markup(body)  # values are escaped, the text is sanitized

    def _render_for_department(self, department):
        """Return ``(subject, body)`` where there is no ticket: only the department's own variables have values."""
        self.ensure_one()
        values = {"department.name": department.name, "department.email": department.email or "",
                  "today": format_date(self.env, fields.Date.context_today(self))}
        body = variables.render(self.body, values, html=True)
        return variables.render(self.subject, values), Markup(body)  # values are escaped, the text is sanitized

    @api.model
    def _find_acknowledgement(self, department, lang):
        """Return the acknowledgement of a department for a customer's language, else the one for any language."""
        found = department.acknowledgement_ids.filtered(lambda template: template.lang in (lang, False))
        return found.sorted(lambda template: not template.lang)[:1]
