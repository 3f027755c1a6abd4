from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import variables
from ...tools.mail import html_cleaner


class ServicedeskTemplate(models.Model):
    """The variables of templates: a fixed list of names, each with its value for a ticket and its label."""

    _inherit = "servicedesk.template"

    variable_help = fields.Html(compute="_compute_variable_help", sanitize=False, export_string_translation=False)

    @api.depends_context("lang")
    def _compute_variable_help(self):
        rows = Markup("").join(
            Markup("<tr><td><code>{{%s}}</code></td><td>%s</td></tr>") % (name, label)
            for name, label in self._get_variable_labels().items())
        table = Markup('<table class="table table-sm o_sd_variables"><tbody>%s</tbody></table>') % rows
        for template in self:
            template.variable_help = table

    @api.model
    def _get_variable_labels(self):
        """Return ``{name: what it stands for}`` in the user's language; names are part of stored texts and stay."""
        return {
            "ticket.number": self.env._("ticket number"),
            "ticket.subject": self.env._("subject of the ticket"),
            "ticket.created": self.env._("day on which the ticket was opened"),
            "ticket.url": self.env._("address of the request in the portal"),
            "ticket.service": self.env._("service of the customer"),
            "contact.name": self.env._("name of the contact"),
            "contact.email": self.env._("e-mail address of the contact"),
            "client.name": self.env._("name of the customer"),
            "department.name": self.env._("name of the department"),
            "department.email": self.env._("e-mail address of the department"),
            "department.phone": self.env._("SMS number of the department"),
            "company.name": self.env._("name of our company"),
            "agent.name": self.env._("your name"),
            "agent.email": self.env._("your e-mail address"),
            "agent.phone": self.env._("your telephone number"),
            "agent.signature": self.env._("your signature"),
            "owner.name": self.env._("name of the ticket's owner"),
            "today": self.env._("today's date"),
        }

    @api.model
    def _get_variable_values(self, ticket):
        """Return ``{name: value}`` for a ticket; what is empty is ``""``. Only the signature is markup."""
        ticket.ensure_one()
        user, department = self.env.user, ticket.department_id
        # Days as the customer counts them, wherever the worker or the agent is.
        here = self.with_context(tz=self.env["servicedesk.item"]._get_requester_tz(ticket))
        sudo_ticket = ticket.sudo()  # sudo: names of the people and things on the ticket, out of one's reach too
        return {
            "ticket.number": ticket.number,
            "ticket.subject": ticket.subject,
            "ticket.created": format_date(self.env, fields.Date.context_today(here, ticket.create_date),
                                          date_format="long"),
            "ticket.url": f"{ticket.get_base_url()}/my/requests/{ticket.id}" if department.portal_visible else "",
            "ticket.service": sudo_ticket.service_id.name or "",
            "contact.name": ticket.requester or "",
            "contact.email": ticket.contact_email or "",
            "client.name": sudo_ticket.partner_id.name or "",
            "department.name": department.name,
            "department.email": department.email or "",
            "department.phone": department.sms_number or "",
            "company.name": sudo_ticket.company_id.name,
            "agent.name": user.name,
            "agent.email": user.email or "",
            "agent.phone": user.phone or "",
            "agent.signature": self.env["servicedesk.item"]._get_user_signature(ticket),
            "owner.name": sudo_ticket.owner_id.name or "",
            "today": format_date(self.env, fields.Date.context_today(here), date_format="long"),
        }

    def _render(self, ticket):
        """Return ``(subject, body)`` with the values of a ticket; values are escaped, never read as markup."""
        self.ensure_one()
        values = self._get_variable_values(ticket)
        body = variables.render(self.body, values, html=True)
        return variables.render(self.subject, values), Markup(body)  # values are escaped, the text is sanitized

    def _render_marked(self, ticket):
        """Return ``(subject, body, missing)``: what has no value is marked in the text and named in ``missing``."""
        self.ensure_one()
        # Values as the customer reads them; what is missing is said in the agent's own language.
        lang = self.lang or self.env["servicedesk.item"]._get_requester_lang(ticket)
        speaking = self.with_context(lang=lang)
        values, labels = speaking._get_variable_values(ticket.with_env(speaking.env)), self._get_variable_labels()
        missing = []

        def mark(name):
            missing.append(labels[name])
            return Markup('<span class="o_sd_missing">[[%s]]</span>') % labels[name]

        body = variables.render(self.body, values, html=True, empty=mark)
        # A value that stands in a link would be taken for an address of any kind, hence once more through the sieve.
        return variables.render(self.subject, values), html_cleaner.clean(body, own=True), missing
