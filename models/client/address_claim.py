import re
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.mail import addresses, threading
from ...tools.sms import phone

# How long the link of a mail confirms an address.
LINK_VALID = timedelta(days=3)
# Mails with a link: to a person within an hour and a day, and to one address a day, whoever asks for them.
MOST_AN_HOUR, MOST_A_DAY, MOST_TO_ADDRESS = 3, 10, 3
# What counts for the look-up beside what staff has entered, and what does not.
PROVEN = ("confirmed", "former")
OPEN = ("waiting", "doubtful")


class ServicedeskAddressClaim(models.Model):
    """An e-mail address or phone number that somebody gave as the own one, without a colleague having entered it.

    Who writes to the desk is known by the address, so an address counts only when it is proven: entered by staff
    for somebody else (there is no line here), or confirmed by a link or code sent to it. While a new one waits, the
    one before goes on counting (``former``). A line holds for its value: it says nothing of an address written later.
    """

    _name = "servicedesk.address.claim"
    _description = "Address to be confirmed"
    _order = "id desc"
    _rec_name = "value"

    partner_id = fields.Many2one("res.partner", "Contact", required=True, readonly=True, ondelete="cascade", index=True)
    value = fields.Char("E-mail or phone", required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "To be confirmed"), ("doubtful", "From before the update"), ("confirmed", "Confirmed"),
         ("former", "Former address"), ("refused", "Not theirs")], required=True, readonly=True, default="waiting")
    by_staff = fields.Boolean(readonly=True, export_string_translation=False)  # of a former one
    author_id = fields.Many2one("res.users", "Entered by", readonly=True, ondelete="set null")
    written_at = fields.Datetime("Entered at", readonly=True, default=fields.Datetime.now)
    settled_at = fields.Datetime("Confirmed at", readonly=True)
    owner_id = fields.Many2one("res.partner", "Known as address of", compute="_compute_owner_id",
                               help="Mail and SMS from it go to this customer.")

    _partner_value_uniq = models.Constraint("UNIQUE(partner_id, value)", "This address is already there.")
    _value_idx = models.Index("(value)")

    @api.depends("value", "partner_id")
    def _compute_owner_id(self):
        """Somebody else to whom the address, or its mail domain, belongs: one of another customer's."""
        for claim in self:
            # sudo: whose it is, for those who may settle it; the name is theirs to see
            partner = claim.partner_id.sudo()
            company = partner.company_id or self.env.company
            known = partner._find_servicedesk_owner(claim.value, company)
            claim.owner_id = known if known.commercial_partner_id != partner.commercial_partner_id else False

    @api.model
    def _get_key(self, value):
        """Return an address or a number as claims are compared by it; ``""`` where there is none."""
        return addresses.canonical(value) if "@" in (value or "") else value or ""

    @api.model
    def _find(self, value):
        """Return the claims on an address or number (superuser mode)."""
        # sudo: whose an address is, is looked up for the system
        return self.sudo().search([("value", "=", self._get_key(value))]) if value else self.sudo().browse()

    def _holds(self):
        """Tell whether by this claim the address is the person's: it is proven, and still there."""
        self.ensure_one()
        return self.state == "former" or self.state == "confirmed" and self._is_current()

    def _is_current(self):
        return self.value in map(self._get_key, self.partner_id._get_servicedesk_written())

    @api.model
    def _note_written(self, changes):
        """Note that addresses or numbers of contacts have been replaced, or added.

        :param changes: ``[(partner, old, new)]``, where old or new may be empty
        """
        keys = [(partner, self._get_key(old), self._get_key(new)) for partner, old, new in changes]
        keys = [(partner, old, new) for partner, old, new in keys if old != new]
        staff = [change for change in keys if change[0]._is_servicedesk_written_by_staff()]
        if staff:
            self._note_by_staff(staff)
        for change in keys:
            if change not in staff:
                self._note_by_others(*change)

    @api.model
    def _note_by_staff(self, changes):
        """What staff writes counts: no claim on it is left, nor on what it replaces, nor on former ones of its kind."""
        new = {(partner.id, value) for partner, _old, value in changes}
        values = {value for _partner, value in new} - {""}
        kinds = {(partner.id, "@" in (value or old)) for partner, old, value in changes}
        # sudo: as staff may write on the contact, so the claims follow
        found = self.sudo().search(Domain("partner_id", "in", [number for number, _value in new]) | (
            Domain("value", "in", list(values)) & Domain("state", "=", "former")))
        found.filtered(lambda claim: (
            (claim.partner_id.id, claim.value) in new or claim.state == "former" and (
                claim.value in values or (claim.partner_id.id, "@" in claim.value) in kinds)
            or claim.state != "former" and not claim._is_current())).unlink()

    @api.model
    def _note_by_others(self, partner, old, new):
        """What nobody has proven waits, and the proven one before goes on counting."""
        # sudo: claims are written by the system only
        claims = {claim.value: claim for claim in self.sudo().search([("partner_id", "=", partner.id)])}
        if old:
            self._keep_former(partner, old, claims.get(old))
        claim = claims.get(new)
        if claim and claim.state == "former":  # back to what was proven
            if claim.by_staff:
                claim.unlink()
            else:
                claim.state = "confirmed"
        elif new:
            vals = {"state": "waiting", "author_id": self.env.uid, "written_at": fields.Datetime.now(),
                    "settled_at": False}
            if claim:
                claim.write(vals)
            else:
                claim = self.sudo().create({"partner_id": partner.id, "value": new, **vals})  # sudo: as above
            if partner == self.env.user.partner_id:
                claim._send_link()

    def _keep_former(self, partner, old, claim):
        if not claim:
            self.sudo().create({  # sudo: as above
                "partner_id": partner.id, "value": old, "state": "former", "by_staff": True,
                "author_id": self.env.uid})
        elif claim.state == "confirmed":
            claim.state = "former"
        elif claim.state != "former":
            claim.unlink()

    @api.model
    def _list_doubtful(self):
        """List once whose e-mail address of before may be nobody's word but their own; return the new claims.

        Of an account in the portal whose login is its address, when staff has made neither account nor contact: it
        was a free sign-up, or a script's. Whether it used a link that was mailed to it is written nowhere. Nobody
        has signed up for accounts that come from the data of an add-on, as those of a demo do.
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            """SELECT DISTINCT ON (contact.id) contact.id, contact.email_normalized, account.create_uid
                 FROM res_users account JOIN res_partner contact ON contact.id = account.partner_id
                WHERE account.share IS TRUE AND lower(account.login) = lower(contact.email_normalized)
                  AND NOT EXISTS (SELECT FROM res_users maker
                                   WHERE maker.id IN (account.create_uid, contact.create_uid)
                                     AND maker.share IS NOT TRUE AND maker.id <> %(root)s)
                  AND NOT EXISTS (SELECT FROM ir_model_data data
                                   WHERE data.model = 'res.users' AND data.res_id = account.id
                                     AND left(data.module, 2) <> '__')
                  AND NOT EXISTS (SELECT FROM servicedesk_address_claim claim WHERE claim.partner_id = contact.id)
                ORDER BY contact.id""", root=SUPERUSER_ID))
        return self.create([{
            "partner_id": partner_id, "value": self._get_key(email), "state": "doubtful", "author_id": author_id}
            for partner_id, email, author_id in rows])

    def _confirm(self):
        """Take an address as proven: a message to it has been answered. Return whether there was one to confirm."""
        self.ensure_one()
        if self.state not in OPEN or not self._is_current():
            return False
        former = self.search([("partner_id", "=", self.partner_id.id), ("state", "=", "former"),
                              ("value", "like" if "@" in self.value else "not like", "@")])
        former.unlink()
        self.write({"state": "confirmed", "settled_at": fields.Datetime.now()})
        return True

    def _confirm_each(self):
        for claim in self:
            claim._confirm()

    def _send_links(self):
        for claim in self:
            claim._send_link()

    def _send_link(self):
        """Queue a mail with a link that confirms an address, within the limits; tell whether the person may have one.

        How many mails the address has got from others is not told: who asks learns nothing of it.
        """
        self.ensure_one()
        Link, partner = self.env["servicedesk.access.link"], self.partner_id
        if "@" not in self.value or self.state not in OPEN:
            return False
        mine = self._get_link_domain()
        if Link._count_since(1, mine) >= MOST_AN_HOUR or Link._count_since(24, mine) >= MOST_A_DAY:
            return False
        theirs = Link._count_since(24, Domain("purpose", "=", "confirm") & Domain("address", "=", self.value))
        _link, token = Link._issue("confirm", partner, self.value, LINK_VALID)
        if theirs < MOST_TO_ADDRESS:
            # sudo: mails of the system; it leaves by the queue, so that no answer of ours waits for a server
            self.env["mail.mail"].sudo().create(self._prepare_link_mail(token))
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()  # sudo: as above
        return True

    def _prepare_link_mail(self, token):
        partner = self.partner_id
        lang = partner.lang and self.env["res.lang"]._get_code(partner.lang)  # perhaps one that is not installed
        speaker = self.with_context(lang=lang or self.env.context.get("lang"))
        company = partner.company_id or self.env.company
        sender = self._get_sender(company)
        values = {"texts": speaker._get_link_texts(),
                  "url": f"{partner.get_base_url()}/servicedesk/link/{token}"}
        return {
            "subject": speaker.env._("Confirm your e-mail address"),
            "body_html": speaker.env["ir.qweb"]._render("servicedesk.confirm_mail", values),
            "email_to": self.value, "email_from": sender or company.email_formatted or self.env.user.email_formatted,
            "auto_delete": True, "state": "outgoing",
            "message_id": threading.new_message_id(0, addresses.domain(sender or company.email or "")),
            "headers": repr({"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}),
        }

    def _get_link_texts(self):
        """Return what the mail says before its link, and after it."""
        name = self._get_harmless_name()
        asked = self.env._(
            "The e-mail address %(address)s was entered in our portal by: %(name)s. If that is you, please confirm it:",
            address=self.value, name=name) if name else self.env._(
            "The e-mail address %(address)s was entered in our portal. If that is you, please confirm it:",
            address=self.value)
        return asked, self.env._(
            "The link works once, within %(days)s days. Until you follow it, mail from this address is not taken as "
            "yours. If it is not you, do nothing, and nothing will change.", days=LINK_VALID.days)

    def _get_waiting_notice(self):
        """Return what a person is told of an address or number that waits to be confirmed."""
        sent = self.env["servicedesk.access.link"].search_count(
            self._get_link_domain() & Domain("address", "=", self.value), limit=1)
        if sent:
            return self.env._(
                "We sent a link to %(address)s; until you follow it, mail from the new address is not taken as yours.",
                address=self.value)
        return self.env._("%(address)s is not confirmed yet; until it is, messages from there are not taken as yours.",
                          address=self._describe_value())

    def _get_link_domain(self):
        return Domain("purpose", "=", "confirm") & Domain("partner_id", "=", self.partner_id.id)

    def _get_harmless_name(self):
        """Return the name of the contact for a mail that perhaps reaches a stranger; ``""`` where it says more."""
        name = " ".join((self.partner_id.name or "").split())
        return "" if len(name) > 60 or re.search(r"[:/@\\]|www\.", name, re.IGNORECASE) else name

    def _get_sender(self, company):
        """Return the address of the company's first department in the portal that has one, or ``""``."""
        # sudo: where answers leave from, whoever asks
        departments = self.env["servicedesk.department"].sudo().search(
            [("company_id", "=", company.id), ("portal_visible", "=", True)])
        return next(filter(None, (department._get_sender() for department in departments)), "")

    def _check_settling(self):
        if not self.env.user.has_group("servicedesk.group_admin"):
            raise AccessError(self.env._("Only administrators of the Service Desk decide whose an address is."))
        self.check_access("read")
        if self.env.user.partner_id in self.partner_id:
            raise UserError(self.env._("Your own address is confirmed by the link that was sent to it."))

    def action_accept(self):
        """Take addresses as if staff had entered them.

        :raise AccessError: for whoever is no administrator of the desk, :raise UserError: for the own address
        """
        self._check_settling()
        for claim in self.filtered(lambda claim: claim.state != "former"):
            claim.partner_id.sudo()._message_log(body=self.env._(  # sudo: a line of what was decided
                "%(address)s was accepted as an address of this contact.", address=claim._describe_value()))
            claim._note_by_staff([(claim.partner_id, "", claim.value)])

    def action_refuse(self):
        """Take addresses as not theirs; links that have been sent open nothing any more.

        :raise AccessError: for whoever is no administrator of the desk, :raise UserError: for the own address
        """
        self._check_settling()
        claims = self.sudo().filtered(lambda claim: claim.state != "former")  # sudo: the right has been checked
        claims._revoke_links()
        claims.write({"state": "refused", "settled_at": fields.Datetime.now()})
        for claim in claims:
            claim.partner_id._message_log(body=self.env._(
                "%(address)s is not an address of this contact: mail and SMS from it are not taken as theirs.",
                address=claim._describe_value()))

    def _revoke_links(self):
        for claim in self:
            self.env["servicedesk.access.link"].search([
                ("partner_id", "=", claim.partner_id.id), ("address", "=", claim.value)])._revoke()

    def _describe_value(self):
        """Return the address, or the number as people read it."""
        return self.value if "@" in self.value else phone.international(self.value)
