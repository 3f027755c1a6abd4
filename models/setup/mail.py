from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import config

from ...tools.mail import addresses, mail_providers, mailbox_check

KINDS = {"imap": "imap", "pop": "pop"}
OTHER_SIGN_IN = {"gmail": "Google", "outlook": "Microsoft"}


class ServicedeskFirstSteps(models.AbstractModel):
    """A department's mail accounts: tried first, stored when they work.

    Administrators of the desk need no access to Odoo's servers for it: these records are read and written under sudo,
    but only those of the department. A password goes in and never out; a stored one is used again only for the very
    server and login that it was typed for, or whoever may change the server could have it sent elsewhere.
    """

    _inherit = "servicedesk.first.steps"

    def _get_mailbox(self, department):
        # sudo: servers are closed to administrators of the desk; this is the department's own, shown without password
        return self.env["fetchmail.server"].sudo().with_context(active_test=False).search(
            [("department_id", "=", department.id)], order="active desc, id", limit=1) if department else \
            self.env["fetchmail.server"].sudo()  # sudo: as above, empty

    def _get_own_server(self, department):
        server = department.sudo().mail_server_id  # sudo: as for mailboxes
        return server if server.servicedesk_department_id == department else server.browse()

    def _get_mail_state(self, department):
        domain = addresses.domain(department.email_normalized) if department.email_normalized else ""
        provider, incoming, outgoing = mail_providers.guess(domain)
        user = department.email_normalized or ""
        return {
            "providers": [{
                "key": key, "name": one.name, "note": self._get_provider_notes().get(one.note, ""),
                "incoming": self._as_place(one.incoming), "outgoing": self._as_place(one.outgoing),
            } for key, one in mail_providers.PROVIDERS.items()],
            "provider": provider,
            "incoming": self._get_incoming(department) or
            {**self._as_place(incoming), "kind": "imap", "user": user, "verify": True, "stored": False},
            "outgoing": self._get_outgoing(department) or
            {**self._as_place(outgoing), "kind": "smtp", "user": user, "verify": True, "stored": False},
            "other_server": self._get_other_server(department),
        }

    def _as_place(self, place):
        return dict(zip(("host", "port", "encryption"), place, strict=True))

    def _get_incoming(self, department):
        mailbox = self._get_mailbox(department)
        if not mailbox:
            return None
        return {
            "kind": mailbox.server_type, "host": mailbox.server or "", "port": mailbox.port, "stored": True,
            "encryption": "ssl" if mailbox.is_ssl else "none", "user": mailbox.user or "", "verify": True,
            "works": mailbox.state == "done" and not mailbox.error_message, "error": bool(mailbox.error_message),
            "signs_in_with": OTHER_SIGN_IN.get(mailbox.server_type, ""),
        }

    def _get_outgoing(self, department):
        server = self._get_own_server(department)
        if not server:
            return None
        encryption, _strict, rest = server.smtp_encryption.partition("_")
        return {"kind": "smtp", "host": server.smtp_host or "", "port": server.smtp_port, "encryption": encryption,
                "user": server.smtp_user or "", "verify": encryption == "none" or rest == "strict", "stored": True,
                "works": True}

    def _get_other_server(self, department):
        """Return the name of the server that sends without an own one, or ``""`` where there is none."""
        # sudo: only the name, so that one knows what will be used
        Server = self.env["ir.mail_server"].sudo()
        server = department.sudo().mail_server_id  # sudo: only its name too
        if server and server.servicedesk_department_id != department:
            return server.name
        server = Server.search([("servicedesk_department_id", "=", False)], limit=1)
        if server:
            return server.name
        host = config.get("smtp_server")
        return host if host and host != "localhost" or config.get("smtp_port") not in (25, False) else ""

    # ------------------------------------------------------------------ trying and storing

    @api.model
    def connect_incoming(self, department_id, values):
        """Try a mailbox and store it when it works.

        :param values: ``{kind, host, port, encryption, user, password, verify}``; an empty password: the stored one
        :return: ``{problem}`` in words (see ``_get_problem``), or ``{messages, state}``
        """
        department = self._check_admin(department_id)
        mailbox = self._get_mailbox(department)
        if values.get("kind") not in KINDS or values.get("encryption") not in ("ssl", "none"):
            raise UserError(self.env._("Choose IMAP or POP3."))
        stored = mailbox.password if self._get_key(values) == self._get_key(self._get_incoming(department)) else ""
        account = self._prepare_account(values, stored)
        messages, problem = self._try(account)
        if problem:
            return {"problem": problem}
        vals = {
            "name": department.email or department.name, "server_type": account.kind, "server": account.host,
            "port": account.port, "is_ssl": account.encryption == "ssl", "user": account.user,
            "password": account.password, "department_id": department.id, "state": "done", "active": True,
            "error_date": False, "error_message": False,
        }
        if mailbox:
            if (mailbox.server, mailbox.user) != (account.host, account.user):
                vals |= {"servicedesk_validity": False, "servicedesk_last_uid": False}  # positions of another mailbox
            mailbox.write(vals)
        else:
            mailbox.create(vals)
        self.env["servicedesk.queue"]._wake_jobs("mail.ir_cron_mail_gateway_action")
        return {"messages": messages, "state": self.get_state(department_id)}

    @api.model
    def connect_outgoing(self, department_id, values):
        """Try a server for outgoing mail, up to whether it takes the department as sender, and store it when it works.

        :param values: as for :meth:`connect_incoming`
        :return: ``{problem}`` or ``{state}``
        """
        department = self._check_admin(department_id)
        sender = department._get_sender()
        if not sender:
            raise UserError(self.env._("Give the department an e-mail address first."))
        if values.get("encryption") not in ("ssl", "starttls", "none"):
            raise UserError(self.env._("Choose an encryption."))
        server = self._get_own_server(department)
        stored = server.smtp_pass if self._get_key(values) == self._get_key(self._get_outgoing(department)) else ""
        account = self._prepare_account({**values, "kind": "smtp"}, stored)
        _messages, problem = self._try(account, sender)
        if problem:
            return {"problem": problem}
        strict = "_strict" if account.verify and account.encryption != "none" else ""
        vals = {
            "name": department.email, "smtp_host": account.host, "smtp_port": account.port,
            "smtp_encryption": account.encryption + strict, "smtp_user": account.user or False,
            "smtp_pass": account.password or False, "smtp_authentication": "login", "from_filter": sender,
            "servicedesk_department_id": department.id, "active": True,
        }
        if server:
            server.write(vals)
        else:
            department.mail_server_id = server.create(vals).id
        return {"state": self.get_state(department_id)}

    @api.model
    def use_other_server(self, department_id):
        """Send through the server that Odoo uses anyway."""
        department = self._check_admin(department_id)
        if self._get_own_server(department):
            department.mail_server_id = False
        self._pass(department, "outgoing")
        return self.get_state(department_id)

    def _get_key(self, values):
        """Return what a stored password is bound to."""
        return values and tuple(str(values.get(key) or "") for key in ("kind", "host", "port", "encryption", "user"))

    def _prepare_account(self, values, stored):
        host = (values.get("host") or "").strip()
        try:
            port = int(values.get("port") or 0)
        except ValueError:
            port = 0
        if not host or not 0 < port < 65536:
            raise UserError(self.env._("Enter the server's name and its port."))
        user = (values.get("user") or "").strip()
        password = values.get("password") or stored or ""
        if values["kind"] != "smtp" and not (user and password) or user and not password:
            raise UserError(self.env._("Enter login and password."))
        return mailbox_check.Account(
            values["kind"], host, port, values["encryption"], user, password if user else "",
            verify=bool(values.get("verify", True)))

    def _try(self, account, sender=""):
        """Return ``(number of messages, False)`` or ``(None, problem in words)``; no transaction is open meanwhile."""
        self.env["ir.cron"]._commit_progress()
        try:
            return mailbox_check.check(account, sender), False
        except mailbox_check.CheckFailed as failure:
            return None, self._get_problem(failure, account, sender)
