from unittest.mock import patch

from odoo.tools import config

from ..common import ServicedeskCase


class TestServersOfDepartments(ServicedeskCase):
    """A server that the setup assistant made is for its department only; everybody else sends as before."""

    def setUp(self):
        super().setUp()
        self.Server = self.env["ir.mail_server"]
        self.Server.search([]).active = False
        self.own = self.Server.create({
            "name": "Support", "smtp_host": "mail.example", "smtp_user": "support", "sequence": 1,
            "from_filter": "support@severka.example", "servicedesk_department_id": self.support.id})
        self.support.mail_server_id = self.own
        self.enterContext(patch.dict(config.options, {"from_filter": "severka.example", "smtp_server": "relay"}))

    def split(self, sender, **values):
        """Return the server through which Odoo would send a mail."""
        mail = self.env["mail.mail"].create({"email_from": sender, "email_to": "jana@x.example", **values})
        [(server, _domain, _sender, _ids)] = mail._split_by_mail_configuration()
        return self.Server.browse(server or ())

    def test_where_odoo_sends_by_its_configuration_it_goes_on_to(self):
        for sender in ("invoices@severka.example", "support@severka.example", "Eve <eve@elsewhere.example>"):
            for own_filter in ("support@severka.example", "severka.example", False):
                self.own.from_filter = own_filter
                with self.subTest(sender=sender, own_filter=own_filter):
                    self.assertFalse(self.Server._find_mail_server(sender)[0])
                    self.assertFalse(self.Server._find_mail_server(sender, self.own)[0])
                    self.assertFalse(self.split(sender))

    def test_a_server_of_everybodys_is_found_behind_it(self):
        shared = self.Server.create({"name": "Shared", "smtp_host": "shared.example", "sequence": 9})
        self.assertEqual(self.split("invoices@severka.example"), shared)
        self.assertEqual(self.Server._find_mail_server("support@severka.example")[0], shared)
        self.own.servicedesk_department_id = False
        self.assertEqual(self.split("support@severka.example"), self.own, "released, it is everybody's")

    def test_the_department_sends_through_it(self):
        item = self.write_answer(self.new_ticket(), self.agent)
        [envelope] = item._prepare_envelopes().values()
        self.assertEqual(envelope["mail_server_id"], self.own.id)
        self.assertEqual(self.split(envelope["email_from"], mail_server_id=self.own.id), self.own)
