import secrets
from datetime import timedelta
from urllib.parse import urlencode

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import NO_ACCESS

from odoo.addons.sms.tools.sms_api import SmsApi

from ...tools.sms import phone, sms_gateway
from ...tools.sms.sms_gateway import base
from ..reasons.reason import ReasonChar

# Who connects gateways. Everybody else knows of one that it is there, and how it is doing.
ADMIN = "servicedesk.group_admin"

# Minutes until a gateway that does not answer is tried again; the last one repeats for as long as it takes.
PAUSES = (1, 2, 5, 10, 30, 60)


class ServicedeskSmsGateway(models.Model):
    """A connection to somebody who carries SMS: whose, with which account, and how it is doing."""

    _name = "servicedesk.sms.gateway"
    _description = "SMS gateway"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    department_ids = fields.One2many("servicedesk.department", "sms_gateway_id", "Departments")
    numbers = fields.Char(help="The numbers of this account, comma separated. What the system sends for the company "
                               "leaves from the first one.")
    carries_all = fields.Boolean("Carries all SMS of the company", compute="_compute_carries_all",
                                 inverse="_inverse_carries_all",
                                 help="What other apps send leaves this way too, not through Odoo's own service.")

    provider = fields.Selection(
        [("kannel", "Kannel"), ("twilio", "Twilio"), ("generic", "Any HTTP service"), ("iap", "Odoo (by credits)")],
        required=True, default="kannel")
    url = fields.Char("Address", groups=ADMIN, copy=False, help=(
        "Where messages are sent to, such as http://kannel.example.com:13013/cgi-bin/sendsms."))
    username = fields.Char("Account", groups=ADMIN)
    smsc = fields.Char("Route (SMSC)", groups=ADMIN)
    password = fields.Char(groups=NO_ACCESS, copy=False)
    new_password = fields.Char("Password or token", compute="_compute_secrets_set", inverse="_inverse_new_password",
                               groups=ADMIN, help="Written, never shown again.")
    password_set = fields.Boolean("Password set", compute="_compute_secrets_set", groups=ADMIN)
    former_host = fields.Char("Password was for", readonly=True, copy=False, groups=ADMIN, help=(
        "Passwords belong to the address that they were written for; a new address needs a new one."))

    callback_base = fields.Char("Odoo's address for the gateway", groups=ADMIN,
                                help="Leave empty to use the address of this Odoo.")
    token = fields.Char(default=lambda self: secrets.token_urlsafe(18), required=True, copy=False, readonly=True,
                        groups=ADMIN, export_string_translation=False)
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    new_secret = fields.Char("Webhook secret", compute="_compute_secrets_set", inverse="_inverse_new_secret",
                             groups=ADMIN,
                             help="Written, never shown again; the gateway proves with it that it calls.")
    secret_set = fields.Boolean("Secret set", compute="_compute_secrets_set", groups=ADMIN)
    inbound_url = fields.Char("Address for received SMS", compute="_compute_urls", groups=ADMIN)
    report_url = fields.Char("Address for delivery reports", compute="_compute_urls", groups=ADMIN)

    down_reason = ReasonChar("Does not answer", readonly=True, copy=False)
    down_since = fields.Datetime("Down since", readonly=True, copy=False)
    retry_at = fields.Datetime("Next try", readonly=True, copy=False)
    failures = fields.Integer(readonly=True, copy=False, export_string_translation=False)
    queued_count = fields.Integer("Waiting SMS", compute="_compute_queued_count")

    _token_uniq = models.Constraint("UNIQUE(token)", "Two gateways have the same webhook address.")

    def _compute_carries_all(self):
        for gateway in self:
            gateway.carries_all = gateway.company_id.servicedesk_sms_gateway_id == gateway

    def _inverse_carries_all(self):
        for gateway in self:
            # sudo: administrators of the service desk need no right on companies for this one switch
            company = gateway.company_id.sudo()
            if gateway.carries_all:
                company.servicedesk_sms_gateway_id = gateway
            elif company.servicedesk_sms_gateway_id == gateway:
                company.servicedesk_sms_gateway_id = False

    @api.depends("token", "callback_base")
    def _compute_urls(self):
        for gateway in self:
            gateway.inbound_url, gateway.report_url = gateway._get_callback("in"), gateway._get_callback("report")

    def _compute_queued_count(self):
        groups = self.env["servicedesk.sms"]._read_group(
            [("gateway_id", "in", self.ids), ("state", "=", "queued")], ["gateway_id"], ["__count"])
        counts = {gateway.id: count for gateway, count in groups}
        for gateway in self:
            gateway.queued_count = counts.get(gateway.id, 0)

    @api.constrains("numbers", "company_id")
    def _check_numbers(self):
        for gateway in self:
            for number in (gateway.numbers or "").split(","):
                if number.strip() and not phone.own_number(number, gateway.company_id.country_code):
                    raise ValidationError(self.env._("“%s” is not a phone number.", number.strip()))

    @api.model_create_multi
    def create(self, vals_list):
        gateways = super().create(vals_list)
        for gateway in gateways.sudo():  # sudo: the secret is closed to everybody
            gateway.secret = gateway.secret or secrets.token_urlsafe(24)
        return gateways

    def write(self, vals):
        # A changed connection deserves another try at once.
        if vals.keys() & {"url", "username", "new_password", "new_extra", "provider", "active"}:
            vals = vals | {"retry_at": False, "failures": 0}
            self._trigger_sending()
        with self._keep_secrets_home(vals):
            return super().write(vals)

    def action_try_now(self):
        """Let what waits for the gateway be tried at once, without a password where none was written anew."""
        self._check_admin()
        self.write({"former_host": False})
        self._try_again()

    def _try_again(self):
        self.write({"retry_at": False, "failures": 0})
        self._trigger_sending()

    def action_send_test(self):
        """Open what asks for a number and sends one SMS through this gateway."""
        self._check_admin()
        self.ensure_one()
        return {"type": "ir.actions.act_window", "name": self.env._("Send test SMS"), "view_mode": "form",
                "res_model": "servicedesk.sms.test", "target": "new", "context": {"default_gateway_id": self.id}}

    def action_new_secret(self):
        """Make a new secret for callbacks and show it this once."""
        self.ensure_one()
        self._check_admin()
        secret = secrets.token_urlsafe(24)
        self.sudo().secret = secret  # sudo: closed to everybody; the right has been checked
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "info", "sticky": True, "title": self.env._("Webhook secret, shown once"), "message": secret,
            "next": {"type": "ir.actions.client", "tag": "soft_reload"}}}

    def _check_admin(self):
        if not self.env.su and not self.env.user.has_group("servicedesk.group_admin"):
            raise AccessError(self.env._("Only administrators of the service desk may do this."))
        self.check_access("write")

    def _get_callback(self, kind, **params):
        """Return the address that the gateway calls for ``in`` or ``report``."""
        self.ensure_one()
        query = f"?{urlencode(params)}" if params else ""
        # sudo: the token is part of addresses that we give to the gateway ourselves
        return f"{self._get_root()}/servicedesk/sms/{self.sudo().token}/{kind}{query}"

    def _get_numbers(self):
        """Return the account's own numbers as they are compared, the first being its sender."""
        country = self.company_id.country_code
        found = (phone.own_number(number, country) for number in (self.numbers or "").split(","))
        return list(filter(None, found))

    def _get_root(self):
        # sudo: the address of this Odoo, part of every message that asks for a report
        return (self.sudo().callback_base or self.get_base_url()).rstrip("/")

    def _open(self):
        """Return the provider's :class:`base.Gateway` with this account's settings, in superuser mode."""
        self.ensure_one()
        gateway = self.sudo()  # sudo: account and secrets, for the connection only
        return sms_gateway.open_gateway(gateway.provider, gateway._prepare_settings())

    def _prepare_settings(self):
        settings = {name: self[name] or "" for name in ("url", "username", "password", "secret", "smsc")}
        if self.provider == "iap":
            settings["api"] = SmsApi(self.with_company(self.company_id).env)
        return settings

    def _prepare_message(self, sms):
        """Return the provider's :class:`base.Message` of a :model:`servicedesk.sms`."""
        secret = self.sudo().secret  # sudo: signs the address that the gateway will call
        # Without a secret no report could be believed, so none is asked for.
        report_url = self._get_callback("report", id=sms.reference, sig=base.sign(secret, sms.reference)) \
            if secret else ""
        return sms_gateway.Message(sms.reference, sms.number, sms.sender or "", sms.text or "", report_url)

    @api.model
    def _find_for_company(self, company):
        """Return the gateway that carries what the system itself says: the company's own, else its first."""
        # sudo: the system chooses, whoever caused the notice
        return company.sudo().servicedesk_sms_gateway_id.filtered("active") or self.sudo().search(
            [("company_id", "=", company.id)], limit=1)

    @api.model
    def _send_text(self, numbers, text, company):
        """Queue a text of the system to numbers in any notation, one SMS each.

        :return: the queued :model:`servicedesk.sms` (superuser mode); none for what is no number, or where the
            company has no gateway. They are sent after the commit, their state tells how far they got.
        """
        gateway = self._find_for_company(company)
        found = dict.fromkeys(filter(None, (phone.e164(number, company.country_code) for number in numbers)))
        if not gateway or not found:
            return self.env["servicedesk.sms"].sudo()  # sudo: as below
        own = gateway._get_numbers()[:1]
        # sudo: SMS are written by the system only
        queued = self.env["servicedesk.sms"].sudo().create([
            {"gateway_id": gateway.id, "number": number, "sender": "".join(own), "text": text, "origin": "system"}
            for number in found])
        self._trigger_sending()
        return queued

    @api.model
    def _trigger_sending(self, at=None):
        self.env["servicedesk.queue"]._wake_jobs("cron_sms_send", at=at)

    def _note_down(self, reason):
        """Leave the gateway alone for a while, longer each time."""
        now = fields.Datetime.now()
        retry_at = now + timedelta(minutes=PAUSES[min(self.failures, len(PAUSES) - 1)])
        self.write({"failures": self.failures + 1, "down_reason": reason, "retry_at": retry_at,
                    "down_since": self.down_since or now})
        self._trigger_sending(at=retry_at)

    def _note_up(self):
        if self.down_since or self.failures:
            self.write({"failures": 0, "down_reason": False, "down_since": False, "retry_at": False})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: whether there is any, whoever may see it
        if self.env["servicedesk.sms"].sudo().search_count([("gateway_id", "in", self.ids)], limit=1):
            raise UserError(self.env._("SMS have gone through this gateway: archive it instead."))
