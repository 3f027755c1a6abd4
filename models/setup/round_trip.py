from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.mail import addresses, threading

TEST = "sdfirst"  # kind of the Message-Ids of test mails


class ServicedeskFirstSteps(models.AbstractModel):
    """A test mail of the department to itself: out through its server, in through its mailbox, seen in the ledger."""

    _inherit = "servicedesk.first.steps"

    @api.model
    def start_test(self, department_id):
        """Send the test mail; return what :meth:`get_test` returns."""
        department = self._check_admin(department_id)
        sender = department._get_sender()
        if not sender:
            raise UserError(self.env._("Give the department an e-mail address first."))
        message_id = threading.new_message_id(department.id, addresses.domain(sender), TEST)
        # sudo: a mail of the system through the department's server; the right to set it up has been checked
        self.env["mail.mail"].sudo().create({
            "email_from": addresses.display(department.name, sender), "email_to": sender, "message_id": message_id,
            "subject": self.env._("Test of Service Desk"), "state": "outgoing", "auto_delete": False,
            "body_html": self.env._("When this mail comes back, sending and receiving work."),
            "mail_server_id": department.sudo().mail_server_id.id,  # sudo: as above
            "headers": repr({"Auto-Submitted": "auto-generated"}),
        })
        department.first_steps = (department.first_steps or {}) | {
            "test": {"message_id": message_id, "sent_at": fields.Datetime.to_string(fields.Datetime.now())}}
        self._wake("mail.ir_cron_mail_scheduler_action")
        return self.get_test(department_id)

    @api.model
    def get_test(self, department_id):
        """Look how far the test mail has come, and have the mailbox read.

        :return: ``{stage, text, seconds}``; stage: none, queued, failed, sent, arrived
        """
        department = self._check_admin(department_id)
        test = (department.first_steps or {}).get("test")
        if not test:
            return {"stage": "none", "text": "", "seconds": 0}
        seconds = int((fields.Datetime.now() - fields.Datetime.to_datetime(test["sent_at"])).total_seconds())
        # sudo: the one row of this test, whoever may read the ledger
        row = self.env["servicedesk.intake"].sudo().search([("message_id", "=", test["message_id"])], limit=1)
        # sudo: mails are closed to administrators of the desk; this one was sent by this test
        mail = self.env["mail.mail"].sudo().search([("message_id", "=", test["message_id"])], limit=1)
        if row:
            mail.unlink()
            seconds = int((row.create_date - fields.Datetime.to_datetime(test["sent_at"])).total_seconds())
            return {"stage": "arrived", "text": "", "seconds": max(seconds, 0)}
        if mail.state == "exception":
            return {"stage": "failed", "text": mail.failure_reason or "", "seconds": seconds}
        if mail.state == "outgoing":
            return {"stage": "queued", "text": "", "seconds": seconds}
        self._wake("mail.ir_cron_mail_gateway_action")
        mailbox = self._get_mailbox(department)
        return {"stage": "sent", "text": mailbox.error_message or "", "seconds": seconds}

    def _wake(self, name):
        job = self.env.ref(name).sudo()  # sudo: agents may not touch jobs
        soon = fields.Datetime.now() + timedelta(seconds=5)
        waiting = job.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", job.id), ("call_at", "<=", soon)], limit=1)
        if not waiting:
            self.env["servicedesk.queue"]._wake_jobs(name)
