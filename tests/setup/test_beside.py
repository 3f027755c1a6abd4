import logging
from unittest.mock import patch

from odoo.tests import Form, HttpCase, tagged

from odoo.addons.mail.models.fetchmail import FetchmailServer

from ..common import ServicedeskCase

# Labels that say by themselves whose they are; all others name the app.
OWN_WORDS = {
    "More addresses and numbers", "May submit requests", "Sees all requests of the company", "Customer note",
    "Moved to customer documents", "Fetch mail since", "Do not disturb from", "Do not disturb until",
    "Turn off keyboard shortcuts", "Set up for the department", "Gateway of all SMS", "Ticket number prefix",
    "Combine notifications for", "Undo send period of new departments", "SMS gateway of new departments",
    "No letter keys on tickets", "Text not read yet",
    "Addresses to be confirmed", "Confirmation codes a day", "Send confirmation codes to",
}


@tagged("post_install", "-at_install")
class TestBeside(ServicedeskCase):
    """We are a good neighbour: in names, in the log."""

    def test_labels_on_others_models_name_us(self):
        for model_name in self.env.registry:
            model = self.env[model_name]
            if model_name.startswith("servicedesk.") or model._abstract and model_name != "res.config.settings":
                continue
            for name, field in model._fields.items():
                ours = field._module == "servicedesk" and field.export_string_translation is not False
                if ours and name not in ("user_scope",):
                    with self.subTest(field=f"{model_name}.{name}"):
                        self.assertTrue(field.string in OWN_WORDS or "Service Desk" in field.string, field.string)

    def test_no_two_labels_are_the_same(self):
        """Odoo warns of each such pair at every update; Odoo's own pairs are not ours to mend."""
        for model_name in self.env.registry:
            labels = {}
            for field in self.env[model_name]._fields.values():
                if field.string:
                    labels.setdefault(field.string, []).append(field)
            for label, same in labels.items():
                if len(same) > 1 and any(field._module == "servicedesk" for field in same):
                    texts = [field for field in same if field.name in self.env["ir.model.fields"].search(
                        [("model", "=", model_name)]).mapped("name")]
                    self.assertLess(len(texts), 2, f"{model_name}: {label}")

    def test_new_logs_nothing(self):
        self.agent.group_ids += self.env.ref("servicedesk.group_admin")
        for model_name in self.env.registry:
            model = self.env[model_name].with_user(self.agent)
            if not model_name.startswith("servicedesk.") or model._abstract or not model.has_access("create"):
                continue
            if not self.env["ir.ui.view"].search_count([("model", "=", model_name), ("type", "=", "form")]):
                continue
            with self.subTest(model=model_name), self.assertNoLogs(level=logging.WARNING):
                Form(model)

    def test_a_mailbox_that_cannot_be_read_is_told_in_words(self):
        server = self.env["fetchmail.server"].create({
            "name": "Support's mailbox", "server_type": "imap", "server": "127.0.0.1", "state": "done",
            "department_id": self.support.id})

        def refuse(_self, *args, **kwargs):
            raise OSError("Connection refused")

        # `job` commits and rolls back as the worker does, within the transaction of the test
        with patch.object(FetchmailServer, "_connect__", refuse), self.job() as env, \
                self.assertLogs("odoo.addons.servicedesk.models.intake.fetchmail_server", "WARNING") as log:
            env["fetchmail.server"].browse(server.id)._fetch_into_ledger()
        (line,) = log.output
        for word in ("Support's mailbox", "Support", "Connection refused"):
            self.assertIn(word, line)


@tagged("post_install", "-at_install")
class TestBesideTour(ServicedeskCase, HttpCase):
    def test_contact_form_and_reminder(self):
        admin = self.env.ref("base.user_admin")
        admin.group_ids += self.env.ref("servicedesk.group_admin")
        self.start_tour(f"/odoo/contacts/{self.client.id}", "servicedesk_beside", login="admin")
