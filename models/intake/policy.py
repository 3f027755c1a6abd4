import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.filing import Outcome
from ...tools.mail import addresses, bounce, failure, threading
from ...tools.reasons import SENTENCE, Reason, Selected
from ..queue.queue import Queue

FORGETTING = Queue("retention", "_forget_original", ("cron_forget_originals",), batch=1000)


class ServicedeskIntake(models.Model):
    """What does not become a ticket: floods, refusals, bounces, and how long the ledger keeps originals."""

    _inherit = "servicedesk.intake"

    fingerprint = fields.Char(readonly=True, export_string_translation=False,
                              help="Sender and subject without numbers: what a robot repeats.")
    refusal_sent = fields.Boolean("Rejection sent", readonly=True)

    _fingerprint_idx = models.Index("(fingerprint, received_at)")
    _refusal_idx = models.Index("(email_from, received_at) WHERE refusal_sent IS TRUE")

    @api.model
    def _get_fingerprint(self, mail):
        return f"{addresses.normalize(mail.sender)} {re.sub(r'[0-9]+', '#', mail.subject)}"[:250]

    def _is_flood(self, department):
        if not department.flood_limit:
            return False
        hour = Domain("received_at", ">", fields.Datetime.now() - timedelta(hours=1))
        same = Domain("fingerprint", "=", self.fingerprint) & Domain("department_id", "=", department.id)
        return self.search_count(same & hour & Domain("id", "<", self.id), limit=department.flood_limit) \
            >= department.flood_limit

    def _step_policy(self, filing):
        """Let only those open a ticket whom the department's policy lets in, unless somebody released the message."""
        department = filing.department
        if filing.ticket or self.released:
            return None
        proven = filing.verdict != "failed"
        if department._lets_in(filing.client.filtered(lambda _client: proven),
                               filing.contact.filtered(lambda _contact: proven)):
            return None
        if filing.mail:
            self._answer_refused(filing)
        return Outcome("refused", "refused", Reason.of(
            "sender_policy", policy=Selected(department._name, "sender_policy", department.sender_policy)))

    def _answer_refused(self, filing):
        """Tell a refused sender so, with one polite answer a day and none to robots."""
        mail, sender = filing.mail, filing.sender
        day = Domain("received_at", ">", fields.Datetime.now() - timedelta(days=1))
        told = self.search_count(Domain("refusal_sent", "=", True) & Domain("email_from", "=", self.email_from) & day,
                                 limit=1)
        if sender and not told and filing.kind == "ordinary" and not filing.is_unwanted:
            self._send_refusal(filing.department, mail, sender)

    def _send_refusal(self, department, mail, sender):
        template = department.refusal_template_id
        if template:
            subject, body = template._render_for_department(department)
        else:
            subject = threading.reply_subject(mail.subject)
            client = self.env["res.partner"]._find_servicedesk_client(sender, department.company_id)
            lang = client.lang and self.env["res.lang"]._get_code(client.lang)  # perhaps one that is not installed
            speaker = self.with_context(lang=lang or self.env.context.get("lang"))
            body = speaker._get_standard_refusal(department)
        if department._get_sender():
            self.env["mail.mail"].create({
                "subject": subject, "body_html": body, "email_from": department._get_sender(), "email_to": sender,
                "references": self.message_id, "mail_server_id": department.mail_server_id.id, "auto_delete": True,
                "headers": repr({"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}),
                "message_id": threading.new_message_id(0, addresses.domain(department._get_sender())),
            })
            self.refusal_sent = True

    def _get_standard_refusal(self, department):
        """Return the text that serves until a department writes its own."""
        text = self.env._(
            "Thank you for your message. This address is for customers we know, and yours is not among them. If "
            "you are a customer, please write from your company address, or ask your company's contact person to "
            "add you.")
        if phone := department.company_id.phone:
            text += " " + self.env._("Or call us: %(phone)s.", phone=phone)
        return self.env["servicedesk.item"]._write_letter(text, department)

    def _step_report(self, filing):
        """File a bounce or complaint: the outgoing item shows it, the address is marked, the ticket comes back."""
        kind = filing.kind
        if kind not in ("bounce", "complaint"):
            return None
        report = bounce.parse(filing.mail, self._get_raw() or b"")
        item = self.env["servicedesk.item"].search(
            Domain("message_id", "in", report.message_ids) & Domain("direction", "=", "out"), limit=1,
        ) if report.message_ids else self.env["servicedesk.item"]
        if not item:
            return Outcome("quarantined", kind, Reason.of("report_of_others"))
        reason = self._get_report_reason(kind, report)
        if kind == "bounce" and report.permanent is not False:
            self._note_bounce(item, report, reason)
        elif kind == "bounce":
            item.delivery_note = reason
        return Outcome("done", kind, reason, item)

    def _get_report_reason(self, kind, report):
        """Return why a mail did not get through, or gets through later; of a complaint what it says."""
        if kind == "complaint":
            return [Reason.of(SENTENCE, text=report.reason)] if report.reason else []
        code = failure.classify(report.reason, report.status)
        about, detail = ", ".join(report.recipients), report.reason
        if report.permanent is not False:
            return [Reason.of(f"mail_{code or 'not_delivered'}", about=about, detail=detail)]
        delayed = Reason.of("mail_delayed", about=about, detail=detail)
        return [delayed] if code in ("", "temporary") else [delayed, Reason.of(f"mail_{code}")]

    def _note_bounce(self, item, report, reason):
        """Note that an item did not arrive; anybody may write such a report, so it tells of our recipients only, once.

        One about others alone, such as those to whom our recipient forwards mail, is no more than a remark.
        """
        written_to = {email for _name, email in addresses.split(item.email_to, item.email_cc, item.email_bcc)}
        ours = written_to.intersection(report.recipients)
        if report.recipients and not ours:
            item.delivery_note = reason
            return
        known = set((item.undelivered_to or "").split())
        if item.state == "bounced" and ours <= known:
            return
        item.write({"state": "bounced", "failure_reason": reason,
                    "undelivered_to": " ".join(sorted(known | ours)) or False})
        item.ticket_id._on_undelivered()
        for partner in self.env["res.partner"].search(Domain("email_normalized", "in", list(ours - known))):
            partner.message_bounce += 1

    def action_refuse(self):
        """Settle rows in quarantine: they stay there to be read, and are out of the way."""
        self._check_ledger_right()
        # sudo: the ledger is written by the system only; the right has been checked
        self.filtered(lambda row: row.state in ("quarantined", "failed")).sudo().write({
            "state": "refused", "reason": Reason.of("refused_by", user=self.env.user)})

    @api.model
    def _cron_forget_originals(self):
        """Drop originals whose department keeps them no longer; the line in the ledger stays."""
        departments = self.env["servicedesk.department"].with_context(active_test=False).search(
            Domain("keep_original_days", ">", 0) | Domain("keep_rejected_days", ">", 0))
        for department in departments:
            for days, states in ((department.keep_original_days, ("done",)),
                                 (department.keep_rejected_days, ("refused", "quarantined"))):
                before = fields.Datetime.now() - timedelta(days=days)
                if days and not self._forget_originals(department, states, before):
                    return  # the time is up; what remains has woken the job

    def _forget_originals(self, department, states, before):
        due = Domain("department_id", "=", department.id) & Domain("state", "in", states) \
            & Domain("received_at", "<", before) & Domain("original_kept", "=", True)
        return self._work_off(FORGETTING, lambda: due)

    def _forget_original(self):
        originals = self.env["ir.attachment"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", "raw")])
        with originals._let_go():
            originals.unlink()
        self.write({"original_kept": False})
