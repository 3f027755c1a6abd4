import logging
import xmlrpc.client
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.modules import module
from odoo.tools.mail import email_normalize, email_split_and_format

from ...tools.mail import addresses, mime, threading
from .ours import OURS, is_ours

_logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Delivered:
    """A mail that the ledger has, while Odoo's gateway looks whom else it is for: an object in the context, which no
    client can send.

    :param departments: who gets it; may be empty, then the ledger finds out
    :param own: those of its bare addresses that lead to departments: for the gateway they are not there
    :param others: the other bare addresses
    :param to_department: whether a department stands in its To; known when the gateway has come so far
    """

    departments: models.BaseModel
    own: frozenset
    others: list = field(default_factory=list)
    to_department: bool = False

    def strip(self, value):
        """Return an address field of the gateway's without the departments' addresses."""
        return ",".join(one for one in email_split_and_format(value or "")
                        if email_normalize(one) not in self.own)


class MailThread(models.AbstractModel):
    """Odoo's mail gateway, whose methods every user may call: what is ours goes into the ledger, and only from it."""

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, custom_values=None, save_original=False, strip_attachments=False,
                        thread_id=None):
        """Store what is for departments in the ledger; let Odoo's gateway do with the mail what it did without us.

        Only headers are looked at: a department among the recipients, or an answer to one of our Message-Ids. What
        concerns nobody else ends here: Odoo would answer that it knows no such address.

        :raise AccessError: for what only the system may say: see :meth:`_check_may_hand_in`
        """
        raw = message.data if isinstance(message, xmlrpc.client.Binary) else message
        raw = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else bytes(raw)
        self._check_may_hand_in(model, custom_values, thread_id)
        mail = mime.parse_headers(raw)
        delivered = self._find_delivered(mail, model)
        gateway = self._without_own_defaults()
        values = {"custom_values": custom_values, "save_original": save_original,
                  "strip_attachments": strip_attachments, "thread_id": thread_id}
        if not delivered:
            return super(MailThread, gateway).message_process(model, message, **values)
        self._store_in_ledger(raw, delivered.departments)
        if not self._concerns_others(mail, delivered, model):
            return False
        self._keep_stored()
        gateway = gateway.with_context(servicedesk_delivered=delivered)
        if delivered.others:
            return super(MailThread, gateway).message_process(model, message, **values)
        with self._note_only(mail):
            super(MailThread, gateway).message_process(model, message, **values)
        return False

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Look for the routes of a mail that a department has as if its address and our messages were not in it."""
        delivered = self._get_delivered()
        if not delivered:
            return super().message_route(message, message_dict, model, thread_id, custom_values)
        shown = {name: message_dict.get(name) for name in ("to", "cc", "recipients")}
        stripped = {name: delivered.strip(value) for name, value in shown.items()}
        delivered.to_department = len(email_split_and_format(shown["to"] or "")) > len(
            email_split_and_format(stripped["to"]))
        answered = {name: message_dict.get(name) for name in ("references", "in_reply_to")}
        message_dict.update(stripped, **self._without_own_messages(answered))
        try:
            return super().message_route(
                message, message_dict, model if delivered.others else None, thread_id, custom_values)
        except ValueError as error:  # nobody else is there
            _logger.info("A department has the mail %s, and nobody else: %s", message_dict.get("message_id"), error)
            return []
        finally:
            message_dict.update(shown, **answered)

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        """Know that a mail which has a department in its To is not to the catch-all address alone."""
        delivered = self._get_delivered()
        if delivered and delivered.to_department and not self.env.context.get("mail_catchall_write_any_to"):
            return False
        return super()._detect_write_to_catchall(msg_dict)

    def _message_route_process(self, message, message_dict, routes):
        """Take what Odoo would lay on one of our records (a mailbox that creates such) into the ledger, too."""
        others = []
        for route in routes or ():
            model, thread_id, custom_values, *_rest = route
            if not is_ours(model):
                others.append(route)
            elif not self._get_delivered():
                raw = message.as_bytes(policy=message.policy.clone(refold_source="none"))
                self._store_in_ledger(raw, self._get_routed_department(model, thread_id, custom_values))
        if routes and not others:
            return False
        return super()._message_route_process(message, message_dict, others)

    # ------------------------------------------------------------------ who may hand in

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
        if is_ours(model or self._name) or is_ours(self._name) or reaching or thread_id and not self._is_gateway():
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

    # ------------------------------------------------------------------ for whom it is

    def _get_delivered(self):
        """Return the :class:`Delivered` that Odoo's gateway has in its hands, or None."""
        delivered = self.env.context.get("servicedesk_delivered")
        return delivered if isinstance(delivered, Delivered) else None

    @api.model
    def _find_delivered(self, mail, model):
        """Return the :class:`Delivered` of a mail that is for departments, or None.

        It is by its recipients, else by the message that it answers. What lies in a mailbox of somebody else is ours
        only where it does not come to us by itself: the department has no mailbox of its own.

        :param model: what Odoo's gateway creates of mail that it knows no address of, or empty
        """
        found = [address for _name, address in addresses.split(*mail.recipients)]
        Department = self.env["servicedesk.department"].sudo()  # sudo: routing looks at all, whoever's mail it is
        own = Department._match_addresses(found)
        elsewhere = self._is_read_elsewhere()
        if elsewhere:
            own = {address: department for address, department in own.items()
                   if not department._reads_mailbox_of(address)}
        departments = Department.union(*own.values())
        if not own:
            departments = None if elsewhere and model else self._find_answered_department(mail)
            if departments is None:
                return None
        return Delivered(departments, frozenset(own), [address for address in found if address not in own])

    def _is_read_elsewhere(self):
        """Tell whether Odoo reads this mail out of a mailbox that belongs to no department."""
        number = self.env.context.get("default_fetchmail_server_id")
        # sudo: mailboxes are closed; only whether it is a department's
        mailbox = self.env["fetchmail.server"].sudo().browse(number if isinstance(number, int) else ()).exists()
        return bool(mailbox) and not mailbox.department_id

    @api.model
    def _find_answered_department(self, mail):
        """Return the department of the ticket that a mail answers; None where it answers nothing of ours."""
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        if not ids:
            return None
        item = self.env["servicedesk.item"].sudo().search(  # sudo: routing looks at all tickets
            [("message_id", "in", ids), ("direction", "=", "out")], limit=1)
        if item:
            return item.ticket_id.department_id
        message = self._find_messages(ids, ours=True)
        return self._get_routed_department(message.model, message.res_id, None) if message else None

    @api.model
    def _find_messages(self, ids, ours):
        """Return one of Odoo's messages with these Message-Ids on a record of ours, or of somebody else."""
        model = ("model", "=like" if ours else "not =like", f"{OURS}%")
        domain = [("message_id", "in", ids), ("res_id", "!=", 0), model]
        return self.env["mail.message"].sudo().search(domain, limit=1)  # sudo: routing, as Odoo does it

    def _concerns_others(self, mail, delivered, model):
        """Tell whether Odoo's gateway has anything to do with a mail that a department has.

        That is an alias, the catch-all or bounce address, an answer on another app's record, what it makes of unknown
        addresses, or a report on a mail that did not arrive.
        """
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        return bool(
            model and delivered.others
            or mail.header("content-type").lower().startswith("multipart/report")
            or addresses.normalize(mail.sender).startswith("mailer-daemon@")
            # sudo: routing looks at all aliases
            or self.env["mail.alias.domain"].sudo()._find_aliases(delivered.others)
            or ids and self._find_messages(ids, ours=False))

    @api.model
    def _without_own_messages(self, fields):
        """Return reference fields of a mail without the Message-Ids of what Odoo holds on our records."""
        ids = threading.nearest_first(fields["in_reply_to"] or "", fields["references"] or "")
        ours = self.env["mail.message"].sudo().search(  # sudo: as above
            [("message_id", "in", ids), ("model", "=like", f"{OURS}%")]) if ids else ()
        for message in ours:
            fields = {name: (value or "").replace(message.message_id, "") for name, value in fields.items()}
        return fields

    @api.model
    def _get_routed_department(self, model, thread_id, custom_values):
        """Return the department that Odoo's route leads to, by the record or by the alias's values; none else."""
        Department = self.env["servicedesk.department"].sudo()  # sudo: routing looks at all departments
        values = custom_values if isinstance(custom_values, dict) else {}
        if thread_id and model == "servicedesk.ticket":
            return self.env[model].sudo().browse(thread_id).exists().department_id  # sudo: as above
        number = values.get("department_id")
        return Department.browse(number if isinstance(number, int) else ()).exists()

    # ------------------------------------------------------------------ keeping it

    def _store_in_ledger(self, raw, departments):
        """Store a message for ``departments``; the ledger finds out where there is none.

        :raise AccessError: from anybody but the gateway: whoever may hand in mails may write them in anybody's name,
            the checks of the mail server included
        """
        if not self._is_gateway():
            self._refuse_to_take()
        self.env["servicedesk.intake"].sudo()._store(raw, departments)  # sudo: the gateway acts for the system

    def _keep_stored(self):
        """Commit what is in the ledger: another app may fail at the same mail, or never come to its end."""
        if not module.current_test:
            self.env["ir.cron"]._commit_progress()

    @contextmanager
    def _note_only(self, mail):
        """Let Odoo note what it can of a mail to departments only; where it fails, the mail has arrived anyway."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.warning("Odoo's gateway could not read the mail %s, which a department has", mail.message_id,
                            exc_info=True)
