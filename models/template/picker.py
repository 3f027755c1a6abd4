from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import remove_accents

from ...tools.mail import mail_text

OFFERED = ("answer", "canned", "both")
LIMIT = 200


class ServicedeskTemplate(models.Model):
    """Templates while one writes: which fit a ticket, and how they read there."""

    _inherit = "servicedesk.template"

    @api.model
    @api.readonly
    def find_for_ticket(self, ticket_id, term=""):
        """Return the templates that one may insert into an answer: of the ticket's category first, then the most used.

        Without a term only those that fit: of the ticket's department or of all, of its category or above or of none,
        in the contact's language or in any. A term (words of the name or the text, or the shortcut) also finds those of
        other languages and categories, unless the category offers only its own; they come last.

        :return: ``[{id, name, shortcut, use, lang, category, fits, preview}]``
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        lang = self.env["servicedesk.item"]._get_requester_lang(ticket)
        category = ticket.category_id
        fitting, offered = self._get_category_domain(category)
        fitting &= Domain("lang", "in", [lang, False])
        domain = Domain("use", "in", OFFERED) & Domain("department_id", "in", [ticket.department_id.id, False])
        found = self.search_fetch(domain & (offered if term else fitting), [
            "name", "shortcut", "use", "lang", "category_ids", "body", "use_count", "sequence"], limit=LIMIT)
        fits = found.filtered_domain(fitting)
        wanted = remove_accents(term.strip().strip(":").lower())

        def rank(template):
            exact = template.shortcut and remove_accents(template.shortcut) == wanted
            begins = any(remove_accents(words.lower()).startswith(wanted)
                         for words in (template.shortcut, template.name) if words)
            return (not exact, template not in fits, not begins, template._get_category_rank(category),
                    -template.use_count, template.sequence, template.name or "")

        def matches(template):
            text = f"{template.name} {template.shortcut or ''} {mail_text.preview(template.body, 2000)}"
            return all(word in remove_accents(text.lower()) for word in wanted.split())

        return [{
            "id": template.id, "name": template.name, "shortcut": template.shortcut or "", "use": template.use,
            "lang": template.lang or "", "category": ", ".join(template.category_ids.mapped("display_name")),
            "fits": template in fits, "preview": mail_text.preview(template.body, 120),
        } for template in found.filtered(matches).sorted(rank)]

    @api.model
    def render_for_ticket(self, template_id, ticket_id):
        """Return how a template reads on a ticket.

        :return: ``{subject, html, missing}``; a variable without a value stands in ``html`` as
            ``<span class="o_sd_missing">[[label]]</span>``, and its label in ``missing``
        :raise AccessError: where the ticket or the template is out of sight
        """
        ticket, template = self.env["servicedesk.ticket"].browse(ticket_id), self.browse(template_id)
        ticket.check_access("read")
        template.check_access("read")
        subject, body, missing = template._render_marked(ticket)
        return {"subject": subject, "html": body, "missing": missing}

    @api.model
    @api.readonly
    def may_write_for(self, ticket_id):
        """Tell whether the current user writes the templates of a ticket's department."""
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        return self._is_admin() or ticket.department_id in self._get_writable_departments()

    def note_use(self):
        """Count that these templates have been inserted; approximately, two at once count as one."""
        self.check_access("read")
        for template in self.sudo().try_lock_for_update(allow_referencing=True):  # sudo: a counter, of no meaning else
            template.use_count += 1
