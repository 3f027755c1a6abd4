

from odoo import api, fields, models
from odoo.fields import Domain

from ..queue.queue import Queue

TEXTING = Queue("notices by SMS", "_send_sms", ("cron_notices",), batch=1000, order="sms_due_at, id",
                give_up="_give_up_sms")
NAMED = 3


class ServicedeskNotice(models.Model):
    """Notices by SMS: for what cannot wait. Many at once are one SMS; at night only who is on duty is woken."""

    _inherit = "servicedesk.notice"

    sms_sent_at = fields.Datetime("SMS sent at", readonly=True)

    @api.model
    def _cron_tell(self):
        self._tell_by_sms()
        return super()._cron_tell()

    @api.model
    def _tell_by_sms(self):
        """Hand what is due to the SMS queue; notice and SMS are committed together, so that each goes out once."""
        return self._work_off(TEXTING, lambda: Domain("sms_due_at", "<=", fields.Datetime.now()))

    def _give_up_sms(self, _failure):
        self.sms_due_at = False

    def _send_sms(self):
        now = fields.Datetime.now()
        for user, notices in self.grouped("user_id").items():
            awake = notices.filtered(lambda notice, user=user: user in notice.ticket_id.department_id.on_duty_ids)
            if later := user._get_quiet_end(now):
                (notices - awake).write({"sms_due_at": later})
                self._wake_jobs("cron_notices", at=later)
            else:
                awake = notices
            if not awake:
                continue
            awake.write({"sms_due_at": False, "sms_sent_at": now})
            seen = awake.with_user(user).with_context(lang=user.lang)
            visible = seen.ticket_id._filtered_access("read")
            seen = seen.filtered(lambda notice, visible=visible: notice.ticket_id in visible)
            if seen and user.active and user.partner_id.phone:
                company = seen.ticket_id[:1].sudo().company_id  # sudo: only to know whose gateway sends
                self.env["servicedesk.sms.gateway"]._send_text([user.partner_id.phone], seen._get_sms_text(), company)

    def _get_sms_text(self):
        """Return what the SMS says: what happened and which ticket, nothing that was written in it."""
        tickets = self.ticket_id
        if len(tickets) > 1:
            numbers = ", ".join(tickets[:NAMED].mapped("number"))
            return self.env._("Service Desk: tickets waiting for you (%(count)s): %(numbers)s…", count=len(tickets),
                              numbers=numbers)
        title = dict(self._selection_kind())[self[-1].kind]
        return f"{tickets.number}: {title}. {tickets.subject[:60]} {self._get_url(tickets, self.item_id[-1:])}"
