import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools.mail import addresses, mail_reader, mime
from ...tools.reasons import Reason
from ..queue.queue import Queue
from ..reasons.reason import ReasonChar

# Minutes until the next attempt; after the last one the row waits in the list for a person.
PAUSES = (1, 5, 30, 120, 720)
FILING = Queue("intake", "_process", ("cron_intake_1", "cron_intake_2"), set_aside="_note_failure", pauses=PAUSES)


class ServicedeskIntake(models.Model):
    """The ledger: everything that arrived, stored before anything looks at it, one row per addressed department.

    A row is either an item on a ticket or listed here with its reason; nothing that arrived is ever dropped.
    """

    _name = "servicedesk.intake"
    _inherit = ["servicedesk.scope", "servicedesk.queue"]
    _description = "Incoming message"
    _rec_name = "subject"
    _order = "id desc"

    department_id = fields.Many2one("servicedesk.department", index="btree_not_null", readonly=True,
                                    ondelete="set null")
    mailbox_id = fields.Many2one("fetchmail.server", readonly=True, ondelete="set null",
                                 index="btree_not_null")
    uid = fields.Char(readonly=True, help="Where it stood in the mailbox: UIDVALIDITY/UID of IMAP, UIDL of POP3.")
    channel = fields.Selection([("email", "E-mail")], default="email", required=True, readonly=True)
    message_id = fields.Char("Message-ID", readonly=True)
    sha256 = fields.Char(readonly=True, required=True, export_string_translation=False)
    size = fields.Integer("Size (bytes)", readonly=True)
    received_at = fields.Datetime("Received", default=fields.Datetime.now, readonly=True)
    email_from = fields.Char("From", readonly=True)
    subject = fields.Char(readonly=True)

    state = fields.Selection(
        [("new", "To process"), ("done", "Processed"), ("quarantined", "In quarantine"), ("refused", "Rejected"),
         ("failed", "Failed")],
        default="new", required=True, readonly=True)
    outcome = fields.Selection(
        [("new", "New ticket"), ("reply", "Answer to a ticket"), ("auto_reply", "Automatic answer"),
         ("receipt", "Read receipt"), ("bounce", "Bounce"), ("complaint", "Complaint"), ("duplicate", "Duplicate"),
         ("own", "Our own mail"), ("refused", "Sender not allowed"), ("banned", "Blocked sender"),
         ("flood", "Rate limit exceeded"), ("lost", "Not retrievable")], "Result",
        readonly=True)
    reason = ReasonChar(readonly=True)
    reason_detail = fields.Text("Technical details", compute="_compute_reason_detail",
                                help="What a server or a program said, in its own words.")
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime("Next attempt", readonly=True)
    traceback = fields.Text(readonly=True, prefetch=False)
    original_kept = fields.Boolean("Original kept", default=True, readonly=True)
    released = fields.Boolean(readonly=True, help="Let through although its sender is blocked.")
    item_id = fields.Many2one("servicedesk.item", "Message", readonly=True, ondelete="set null", index="btree_not_null")
    raw_text = fields.Text("Message source", compute="_compute_raw_text")
    ticket_id = fields.Many2one(related="item_id.ticket_id", string="Ticket")

    _queue_idx = models.Index("(id) WHERE state = 'new'")
    _state_idx = models.Index("(state, id DESC)")
    _message_id_idx = models.Index("(message_id)")
    _uid_uniq = models.UniqueIndex("(mailbox_id, uid)", "This message of the mailbox is already in the message log.")

    @api.depends("reason")
    def _compute_reason_detail(self):
        for row in self:
            row.reason_detail = self._fields["reason"].get_details(row)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_raw_text(self):
        """The first 100 kB, readable: for looking at, the download has all of it.

        What has become a message is for those who see the message: its ticket may have been moved since it came here.
        """
        items = self.sudo().item_id.sudo(self.env.su)  # sudo: only ids, the user's right to the messages is asked
        hidden = self.filtered(lambda row: row.sudo().item_id & (items - items._filtered_access("read")))  # sudo: ids
        hidden.raw_text = False
        for row in self - hidden:
            # The web client asks for sizes in place of contents.
            raw = row.with_context(bin_size=False, bin_size_raw=False)._get_raw()
            row.raw_text = mime.decode_bytes((raw or b"")[:100_000])

    @api.model
    def _get_user_scope_domain(self):
        """The ledger of a department is for those who see all of it; what has no department, for administrators."""
        if self.env.user.has_group("servicedesk.group_admin"):
            companies = self._get_scope_companies()
            return Domain.TRUE if companies is None else (
                Domain("department_id", "=", False) | Domain("department_id.company_id", "in", companies))
        whole = [dep for dep, full in self.env.user._get_servicedesk_departments().items() if full]
        return Domain("department_id", "in", whole)

    @api.model
    def _store(self, raw, departments, mailbox=None, uid=False, received_at=None, unread=False):
        """Write raw bytes into the ledger, one row per department, and call the workers.

        :param departments: recordset; empty means that the department is found when the row is filed
        :param unread: do not look at its headers, which could not be stored
        :return: the new rows; the caller commits
        """
        mail = mime.Mail() if unread else mime.parse_headers(raw)
        digest = hashlib.sha256(raw).hexdigest() if unread else mime.digest(raw)
        rows = self.create([{
            "department_id": department.id, "mailbox_id": mailbox.id if mailbox else False, "uid": uid or False,
            "message_id": mail.message_id or False, "sha256": digest, "size": len(raw),
            "received_at": received_at or fields.Datetime.now(),
            "email_from": mail.sender[:500], "subject": mail.subject[:500], "fingerprint": self._get_fingerprint(mail),
        } for department in departments or [departments]])
        # Kept as a field's attachment: out of every file list, in the filestore once however many rows share it.
        self.env["ir.attachment"].create([{
            "name": "original.eml", "res_model": self._name, "res_id": row.id, "res_field": "raw", "raw": raw,
            "mimetype": "message/rfc822", "company_id": row.department_id.company_id.id,
        } for row in rows])
        self._trigger_workers()
        return rows

    def _get_raw(self):
        """Return the bytes as they arrived, or None where they are no longer kept."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].sudo().search_fetch(  # sudo: raw mails have no reader but this model
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", "raw")],
            ["store_fname", "db_datas"], limit=1)
        return attachment.raw if attachment else None

    def _may_change_files(self):
        return False

    def _trigger_workers(self):
        self._wake_jobs("cron_intake_1")

    def action_process_again(self):
        """Give rows that are not on a ticket back to the workers."""
        self._check_ledger_right()
        again = self.filtered(lambda row: not row.item_id)
        # sudo: the ledger is written by the system only; the right has been checked
        again.sudo().write({"state": "new", "attempts": 0, "next_attempt_at": False, "outcome": False, "reason": False})
        again._trigger_workers()

    def action_release(self):
        """File what waits in quarantine as if its sender were not banned."""
        self._check_ledger_right()
        released = self.filtered(lambda row: row.state in ("quarantined", "refused"))
        # sudo: the ledger is written by the system only; the right has been checked
        released.sudo().write({"state": "new", "released": True, "outcome": False, "reason": False})
        released._trigger_workers()

    def action_open_ticket(self):
        self.ensure_one()
        self.check_access("read")
        return self.ticket_id.get_formview_action()

    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": f"/servicedesk/original/{self.id}", "target": "download"}

    def _check_ledger_right(self):
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("servicedesk.group_admin"):
            return
        supervised = user.sudo().servicedesk_membership_ids.filtered(  # sudo: one's own memberships
            lambda membership: membership.level == "supervisor").department_id
        if self.department_id - supervised - self.department_id.filtered(lambda dep: dep.manager_id == user):
            raise AccessError(self.env._("Only supervisors of the department may do this."))

    @api.model
    def _cron_process(self):
        """File what arrived by mail, one transaction a mail."""
        self._work_off(FILING, lambda: self._get_new_domain("email"))

    @api.model
    def _get_new_domain(self, channel):
        return Domain("state", "=", "new") & Domain("channel", "=", channel) & (
            Domain("next_attempt_at", "=", False) | Domain("next_attempt_at", "<=", fields.Datetime.now()))

    def _process(self):
        """File one row; what goes wrong is raised, and its row says so in the ledger (:meth:`_note_failure`)."""
        self.ensure_one()
        # Workers have no language: what is said here is read in the company's.
        company = self.department_id.company_id or self.env.company
        self = self.with_context(lang=company.partner_id.lang or self.env.lang)
        with self.env["servicedesk.change"]._span(cause=self):
            self._file_original()

    def _note_failure(self, failure):
        """Write on the row why it could not be filed, and when it is tried again."""
        if self.state != "new":
            return
        attempts = self.attempts + 1
        give_up = failure.fatal or attempts > len(failure.queue.pauses)
        pause = timedelta(minutes=failure.queue.pauses[min(attempts, len(failure.queue.pauses)) - 1])
        self.write({
            "attempts": attempts, "state": "failed" if give_up else "new",
            "next_attempt_at": False if give_up else fields.Datetime.now() + pause,
            "reason": failure.to_store, "traceback": failure.traceback,
        })

    def _file_original(self):
        """Parse what arrived as its channel writes it, and file it."""
        raw = self._get_raw()
        lost = self.size and not raw  # what came empty is a message too
        if lost:
            return self._finish_without_original()
        try:
            mail = self._read_mail(raw or b"")
        except mail_reader.Unreadable as limit:
            return self._finish("failed", False, Reason.of("limits", detail=str(limit)))
        return self._file(mail)

    def _read_mail(self, raw):
        """Return what a mail says; jobs have a process of its own read it, which may hang or die of it."""
        return mail_reader.read(raw) if "ir_cron_progress_id" in self.env.context else mime.parse(raw)

    def _finish_without_original(self):
        """Say that there is nothing to file any more, rather than open an empty ticket."""
        return self._finish("failed", "lost", Reason.of("lost"))

    def _finish(self, state, outcome, reason="", item=None, until=False):
        """Note how the row ended, with its reasons; or, where it stays ``new``, until when it is put off."""
        self.write({"state": state, "outcome": outcome, "reason": reason, "item_id": item.id if item else False,
                    "next_attempt_at": until, "traceback": False})

    def _get_department(self, mail):
        """Return the department that a row without one is for: the first of ours among the recipients."""
        found = [address for _name, address in addresses.split(mail.to, mail.cc)]
        return self.env["servicedesk.department"]._find_by_addresses(found)[:1]
