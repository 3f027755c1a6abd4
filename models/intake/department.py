import hmac
import re
import secrets
from hashlib import sha256

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

from ...tools.mail import addresses
from .ours import is_ours

# "support+sd.<ticket id in base 36>.<16 hex digits>@…": RFC 5233 calls the part after the plus a detail.
SIGNED = re.compile(r"\+sd\.(?P<ticket>[0-9a-z]{1,13})\.(?P<signature>[0-9a-f]{16})$")
TEST = re.compile(r"\+sdtest\.(?P<token>[0-9a-f]{16})$")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    """Return a natural number in base 36, in lower case as addresses are."""
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
    return text or "0"


class ServicedeskDepartment(models.Model):
    """Reply addresses that carry their ticket: they find it even where a mail program drops all other evidence.

    Not every mail server takes ``support+anything@``; so they are used only after a test mail came back.
    """

    _inherit = "servicedesk.department"

    trusted_authserv = fields.Char(
        "Sender verification server", help=(
            "The name by which your own mail server signs its Authentication-Results header (RFC 8601), such as "
            "mx.example.com. With it, agents can reply to customers from their own mail program. Leave empty to "
            "let such replies wait in the ticket until their author confirms them."))
    sender_policy = fields.Selection(
        [("everyone", "Everyone"), ("known", "Known customers"), ("authorised", "Authorised contacts only")],
        "Allowed senders", default="everyone", required=True,
        help="Others get one polite rejection a day; their messages stay in the log and can be released.")
    refusal_template_id = fields.Many2one("servicedesk.template", "Rejection",
                                          help="Sent to senders who are not allowed. Leave empty to use a short "
                                               "default text.")
    flood_limit = fields.Integer("Rate limit (similar messages per hour)", default=60, help=(
        "Further messages from one sender with the same subject (numbers aside) wait in quarantine. Set 0 to "
        "switch it off; raise it for monitoring, for example to 200."))
    keep_original_days = fields.Integer("Keep originals of processed messages (days)",
                                        help="Set 0 to keep them for good.")
    keep_rejected_days = fields.Integer("Keep originals of rejected and quarantined messages (days)", default=365,
                                        help="Set 0 to keep them for good. The line in the message log always stays.")
    reply_address_state = fields.Selection(
        [("off", "Not used"), ("testing", "Test e-mail on its way"), ("works", "In use")], "Reply addresses",
        default="off", required=True, readonly=True, copy=False)
    reply_address_token = fields.Char(copy=False, readonly=True, groups="base.group_system",
                                      export_string_translation=False)

    @api.constrains("email", "active")
    def _check_address_is_free(self):
        """Refuse an address under which another app gets its mail: one of both would lose it.

        :raise ValidationError: with the name of who has it
        """
        for department in self.filtered(lambda one: one.active and one.email_normalized):
            address = department.email_normalized
            Alias = self.env["mail.alias"].sudo()  # sudo: an address is free only if no app at all has it
            taken = Alias._find_for_addresses([address]).filtered(
                lambda alias, department=department: alias._get_servicedesk_department() != department)
            if taken:
                raise ValidationError(self.env._(
                    "%(address)s is already an alias of %(owner)s. Give the department another address, or change the "
                    "alias first.", address=address, owner=taken[0]._get_owner_name()))
            domains = self.env["mail.alias.domain"].sudo().search(  # sudo: as above
                [("name", "=", addresses.domain(address))])
            if any(address in domain._get_own_addresses() for domain in domains):
                raise ValidationError(self.env._(
                    "%(address)s is Odoo's own catch-all or bounce address. Give the department another address.",
                    address=address))

    @api.model
    def _match_addresses(self, found):
        """Return ``{address: department}`` for those of the bare addresses that lead to the Service Desk, in order.

        That is a department's own address, with or without our signature, or an alias for our records, whose
        department may be unknown (an empty recordset).
        """
        bare = {address: self._without_signature(address) for address in found if address}
        if not bare:
            return {}
        owners = {}
        aliases = self.env["mail.alias"].sudo()._find_for_addresses(set(bare.values()))  # sudo: routing looks at all
        for alias in aliases.filtered(lambda one: is_ours(one.alias_model_id.model)):
            department = alias._get_servicedesk_department()
            owners |= {address: department for address in bare.values() if alias._takes(address)}
        for department in self.search([("email_normalized", "in", list(bare.values()))]):
            owners[department.email_normalized] = department
        return {address: owners[plain] for address, plain in bare.items() if plain in owners}

    @api.model
    def _find_by_addresses(self, found):
        """Return the departments that own one of the bare addresses, in the order of the addresses."""
        return self.browse().union(*self._match_addresses(found).values())

    def _reads_mailbox_of(self, address):
        """Tell whether mail for this address of the department's comes to it by its own mailbox."""
        mailboxes = self.sudo().mailbox_ids  # sudo: mailboxes are closed; only whether one is read
        return self._without_signature(address) == self.email_normalized and bool(
            mailboxes.filtered_domain(MAIL_SERVER_DOMAIN))

    def _stop_mailboxes(self):
        """Have nobody read the mailboxes of departments that go: they would be read as Odoo's own."""
        # sudo: mailboxes are closed to administrators of the desk; they may stop their department
        self.sudo().with_context(active_test=False).mailbox_ids.set_draft()

    def _release_accounts(self):
        """Let mailboxes and outgoing servers of departments that are deleted be nobody's: neither is used any more."""
        # sudo: servers and mailboxes are closed to administrators of the desk; these go with their department
        self.sudo().with_context(active_test=False).mailbox_ids.write({"department_id": False})
        self.env["ir.mail_server"].sudo()._remove_servers_of(self)  # sudo: as the mailboxes

    def _lets_in(self, client, contact):
        """Tell whether the policy lets a sender open a ticket; answers on own tickets are not asked."""
        self.ensure_one()
        if self.sender_policy == "known":
            return bool(client)
        return self.sender_policy == "everyone" or bool(contact.servicedesk_authorised)

    def action_test_reply_address(self):
        """Send a mail to a reply address of this department; when it arrives, such addresses are used."""
        self.ensure_one()
        self.check_access("write")
        sender = self._get_sender()
        if not sender:
            raise UserError(self.env._("The department %s has no e-mail address to send from.", self.name))
        token = secrets.token_hex(8)
        local, _at, domain = sender.partition("@")
        # sudo: the token is nobody's to see; the right to write the department has been checked
        self.sudo().write({"reply_address_token": token, "reply_address_state": "testing"})
        self.env["mail.mail"].sudo().create({  # sudo: a mail of the system
            "email_from": addresses.display(self.name, sender), "email_to": f"{local}+sdtest.{token}@{domain}",
            "subject": self.env._("Test of reply addresses"), "state": "outgoing", "auto_delete": True,
            "body_html": self.env._("When this mail comes back, Service Desk uses reply addresses."),
            "mail_server_id": self.mail_server_id.id, "headers": repr({"Auto-Submitted": "auto-generated"}),
        }).send()

    def action_stop_reply_address(self):
        self.check_access("write")
        self.sudo().write({"reply_address_state": "off", "reply_address_token": False})  # sudo: see above

    def _sign_ticket(self, ticket_id):
        """Return the detail ``sd.<ticket>.<signature>`` of a ticket's reply address."""
        # sudo: the key of this database, never shown
        key = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        name = base36(ticket_id)
        digest = hmac.new(key.encode(), f"servicedesk-reply:{name}".encode(), sha256).hexdigest()[:16]
        return f"sd.{name}.{digest}"

    def _get_reply_address(self, ticket):
        """Return the signed reply address of a ticket, or ``""`` where they are not in use."""
        self.ensure_one()
        if self.sudo().reply_address_state != "works":  # sudo: agents read departments of their own only
            return ""
        local, _at, domain = self._get_sender().partition("@")
        return f"{local}+{self._sign_ticket(ticket.id)}@{domain}"

    @api.model
    def _without_signature(self, address):
        """Return an address without the detail that we put into it."""
        local, _at, domain = address.partition("@")
        return f"{TEST.sub('', SIGNED.sub('', local))}@{domain}"

    @api.model
    def _find_signed_ticket(self, *fields_):
        """Return the ticket whose signed reply address is among the address fields of a mail."""
        for _name, address in addresses.split(*fields_):
            match = SIGNED.search(address.partition("@")[0])
            if match and hmac.compare_digest(
                    self._sign_ticket(int(match["ticket"], 36)), f"sd.{match['ticket']}.{match['signature']}"):
                return self.env["servicedesk.ticket"].browse(int(match["ticket"], 36)).exists()
        return self.env["servicedesk.ticket"]

    def _take_test_mail(self, *fields_):
        """Tell whether a mail is the test of this department's reply addresses, and begin to use them."""
        self.ensure_one()
        token = self.sudo().reply_address_token  # sudo: nobody's to see
        for _name, address in addresses.split(*fields_) if token else ():
            match = TEST.search(address.partition("@")[0])
            if match and hmac.compare_digest(match["token"], token):
                # sudo: written by the mail that came back
                self.sudo().write({"reply_address_state": "works", "reply_address_token": False})
                return True
        return False
