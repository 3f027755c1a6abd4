import xmlrpc.client

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools.mail import addresses, mime, threading

OURS = "servicedesk."


class MailThread(models.AbstractModel):
    """Odoo's mail gateway, whose methods every user may call: what is ours goes into the ledger, and only from it."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Take what belongs to a department off Odoo's gateway (aliases, mail gate) and into the ledger.

        Only headers are looked at: a department among the recipients, or an answer to one of our Message-Ids.
        Everything else goes on untouched.

        :raise AccessError: for what only the system may say: see :meth:`_check_may_hand_in`
        """
        raw = message.data if isinstance(message, xmlrpc.client.Binary) else message
        raw = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else bytes(raw)
        self._check_may_hand_in(model, custom_values, thread_id)
        departments = self._find_servicedesk_departments(mime.parse_headers(raw))
        if departments:
            self._store_in_ledger(raw, departments)
            return False
        return super(MailThread, self._without_own_defaults()).message_process(
            model, message, custom_values=custom_values, save_original=save_original,
            strip_attachments=strip_attachments, thread_id=thread_id)

    def _message_route_process(self, message, message_dict, routes):
        """Take what Odoo would lay on one of our records (an alias, an answer to a notice) into the ledger, too."""
        others = []
        for route in routes or ():
            model, thread_id, custom_values, *_rest = route
            if model.startswith(OURS):
                raw = message.as_bytes(policy=message.policy.clone(refold_source="none"))
                self._store_in_ledger(raw, self._get_routed_department(model, thread_id, custom_values))
            else:
                others.append(route)
        if routes and not others:
            return False
        return super()._message_route_process(message, message_dict, others)

    def _check_may_hand_in(self, model, custom_values, thread_id):
        """Keep callers from steering the gateway, which creates as the superuser, towards our records.

        :raise AccessError: where anybody but superuser code names one of our models or a value that may reach it, or
            somebody who does not administer the system names a record
        """
        if self.env.su:
            return
        fields = self.env[model]._fields if model in self.env else {}
        reaching = [name for name, value in (custom_values or {}).items() if (
            isinstance(value, (list, tuple, dict))  # commands lead on to other models
            or name in fields and fields[name]._module.startswith("servicedesk"))]
        ours = (model or self._name).startswith(OURS) or self._name.startswith(OURS)
        if ours or reaching or thread_id and not self._is_gateway():
            self._refuse_to_take()

    def _is_gateway(self):
        return self.env.su or self.env.user.has_group("base.group_system")

    def _refuse_to_take(self):
        raise AccessError(self.env._("Only the mail gateway hands in messages for the Service Desk."))

    def _without_own_defaults(self):
        """Return this without defaults from the caller's context: the gateway would create with them as superuser."""
        if self._is_gateway():
            return self
        return self.with_env(self.env(context={
            key: value for key, value in self.env.context.items() if not key.startswith("default_")}))

    def _store_in_ledger(self, raw, departments):
        """Store a message for ``departments``; the ledger finds out where there is none.

        :raise AccessError: from anybody but the gateway: whoever may hand in mails may write them in anybody's name,
            the checks of the mail server included
        """
        if not self._is_gateway():
            self._refuse_to_take()
        self.env["servicedesk.intake"].sudo()._store(raw, departments)  # sudo: the gateway acts for the system

    @api.model
    def _get_routed_department(self, model, thread_id, custom_values):
        """Return the department that Odoo's route leads to, by the record or by the alias's values; none else."""
        Department = self.env["servicedesk.department"].sudo()  # sudo: routing looks at all departments
        values = custom_values if isinstance(custom_values, dict) else {}
        if thread_id and model == "servicedesk.ticket":
            return self.env[model].sudo().browse(thread_id).exists().department_id  # sudo: as above
        number = values.get("department_id")
        return Department.browse(number if isinstance(number, int) else ()).exists()

    @api.model
    def _find_servicedesk_departments(self, mail):
        """Return the departments that a mail is for, by its recipients, else by the message that it answers."""
        recipients = [address for _name, address in addresses.split(*mail.recipients)]
        # sudo: routing looks at all departments, whoever's mail it is
        departments = self.env["servicedesk.department"].sudo()._find_by_addresses(recipients)
        if departments:
            return departments
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        answered = self.env["servicedesk.item"].sudo().search(  # sudo: routing, as above
            [("message_id", "in", ids), ("direction", "=", "out")], limit=1) if ids else None
        return answered.ticket_id.department_id if answered else departments
