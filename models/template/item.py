from markupsafe import escape

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from ...tools import variables
from ...tools.mail import html_pictures, mail_text, threading


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def action_save_as_template(self):
        """Open a new template with the text of this item, as its author wrote it; nothing in it is a variable.

        :raise AccessError: where the user writes no templates
        """
        self.ensure_one()
        self.check_access("read")
        Template = self.env["servicedesk.template"]
        department = self.ticket_id.department_id
        if not Template.may_write_for(self.ticket_id.id):
            raise AccessError(self.env._(
                "Templates of a department are written by its supervisors, shared ones by administrators."))
        subject = threading.strip_number(self.subject, self.ticket_id.number)
        body = html_pictures.rewrite(mail_text.without_signature(self.body), lambda _id: None)
        return {
            "type": "ir.actions.act_window", "res_model": Template._name, "views": [(False, "form")],
            "name": self.env._("Save as template"), "target": "new",
            "context": {
                "default_name": variables.neutralise(subject or self.preview or "")[:80],
                "default_subject": False, "default_department_id": department.id,
                "default_body": variables.neutralise(body) if not is_html_empty(body) else "<p><br/></p>",
            },
        }

    @api.model
    def _get_variable_marks(self):
        """Return what may stand in double brackets: labels in all languages in which colleagues work, and names."""
        Template = self.env["servicedesk.template"]
        labels = [Template.with_context(lang=code)._get_variable_labels()
                  for code, _name in self.env["res.lang"].get_installed()]
        return sorted({*Template._get_variable_labels(), *(label for known in labels for label in known.values())})

    def _get_missing_variables(self):
        """Return the labels of the variables that still stand without a value in a draft."""
        self.ensure_one()
        texts = f"{escape(self.subject or '')} {self.body or ''} {escape(self.sms_text or '')}"
        found = variables.marked(texts)
        if not found:
            return []
        known = {*self._get_variable_marks(), *variables.marked_spans(self.body)}
        return [name for name in found if name in known]

    def _check_variables(self):
        """:raise UserError: where a variable of a template still stands without a value"""
        if missing := self._get_missing_variables():
            raise UserError(self.env._("Fill in or delete what has no value yet: %s", ", ".join(missing)))
