from contextlib import contextmanager
from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.sms.sms_gateway import twilio

PORTS = {"http": 80, "https": 443}
# What is sent to the gateway with every message: {field that people write: field that keeps it}
SENT = {"new_password": "password", "new_extra": "out_extra"}


class ServicedeskSmsGateway(models.Model):
    """What a gateway keeps secret: written, never read again, and sent nowhere but where it was written for."""

    _inherit = "servicedesk.sms.gateway"

    def _compute_secrets_set(self):
        for gateway in self:
            known = gateway.sudo()  # sudo: only whether there is one, and the names of parameters
            gateway.new_password = gateway.new_secret = gateway.new_extra = False
            gateway.password_set, gateway.secret_set = bool(known.password), bool(known.secret)
            lines = (known.out_extra or "").splitlines()
            gateway.extra_names = ", ".join(line.partition("=")[0].strip() for line in lines if "=" in line)

    def _inverse_new_password(self):
        for gateway in self.filtered("new_password"):
            gateway.sudo().password = gateway.new_password  # sudo: nobody reads or writes it but this field

    def _inverse_new_secret(self):
        for gateway in self.filtered("new_secret"):
            gateway.sudo().secret = gateway.new_secret  # sudo: nobody reads or writes it but this field

    def _inverse_new_extra(self):
        for gateway in self.filtered("new_extra"):
            gateway.sudo().out_extra = gateway.new_extra  # sudo: nobody reads or writes it but this field

    def action_remove_extra(self):
        """Forget the further parameters; as their values are not shown, they cannot be emptied by hand."""
        self._check_admin()
        self.sudo().out_extra = False  # sudo: closed to everybody; the right has been checked

    @api.constrains("url")
    def _check_url(self):
        for gateway in self:
            if "@" in urlsplit(gateway.url or "").netloc:
                raise ValidationError(self.env._(
                    "Enter the account and the password in their own fields, not in the address."))

    @api.onchange("url", "provider")
    def _onchange_place(self):
        if self.provider == "twilio" and self._origin.provider != "twilio":
            self.url = False  # not shown any more; Twilio has its own
        former = self._origin._get_place() if self._origin else ""
        # sudo: whether there is one
        if not former or former == self._get_place() or not any(self._origin.sudo()[name] for name in SENT.values()):
            return None
        return {"warning": {
            "title": self.env._("The password does not move along"),
            "message": self.env._("The stored password and further parameters are for %(place)s. They will be deleted "
                                  "when you save the new address: enter them again.", place=former)}}

    @contextmanager
    def _keep_secrets_home(self, vals):
        """Delete what was written for another place, where a write changes where the gateway's messages go.

        Otherwise whoever may change the address would have the password sent to a place of theirs. Until one is written
        anew, or somebody says that none is needed, nothing is sent (see ``former_host``).
        """
        places = {gateway: gateway._get_place() for gateway in self.sudo()}  # sudo: also where others write it
        yield
        for gateway, former in places.items():
            lost = [kept for new, kept in SENT.items() if gateway[kept] and not vals.get(new)]
            if lost and former != gateway._get_place():
                gateway.write({**dict.fromkeys(lost, False), "former_host": former or "?"})
            elif gateway.former_host and any(vals.get(new) for new in SENT):
                gateway.write({"former_host": False})

    def _get_place(self):
        """Return where messages are sent to, as far as a password is bound to it: ``https://host:port``, or ``""``."""
        if self.provider == "iap":
            return ""
        url = self.url or (twilio.URL if self.provider == "twilio" else "")
        try:
            parts = urlsplit(url)
            return f"{parts.scheme}://{parts.hostname}:{parts.port or PORTS.get(parts.scheme)}" if url else ""
        except ValueError:
            return url
