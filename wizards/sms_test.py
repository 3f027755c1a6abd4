from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.sms import phone


class ServicedeskSmsTest(models.TransientModel):
    """Send one SMS through a gateway, to see that it works."""

    _name = "servicedesk.sms.test"
    _description = "Test of an SMS gateway"

    gateway_id = fields.Many2one("servicedesk.sms.gateway", required=True, ondelete="cascade")
    number = fields.Char(required=True, default=lambda self: self.env.user.partner_id.phone)
    text = fields.Text(required=True, default=lambda self: self.env._("Žluťoučký kůň: test of the SMS gateway"))

    def action_send(self):
        """Queue the test and show what becomes of it."""
        self.ensure_one()
        gateway = self.gateway_id
        gateway._check_admin()
        number = phone.e164(self.number, gateway.company_id.country_code)
        if not number:
            raise UserError(self.env._("“%s” is not a phone number.", self.number))
        own = "".join(gateway._get_numbers()[:1])
        # sudo: SMS are written by the system only; the right has been checked
        sms = self.env["servicedesk.sms"].sudo().create({
            "gateway_id": gateway.id, "number": number, "sender": own, "text": self.text, "origin": "system"})
        gateway._try_again()
        return {"type": "ir.actions.act_window", "name": self.env._("Test SMS"), "res_model": "servicedesk.sms",
                "view_mode": "form", "res_id": sms.id, "target": "current"}
