import dataclasses
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import limits
from ...tools.reasons import SENTENCE, Reason
from ...tools.sms.sms_gateway import Refused
from ...tools.storable import storable
from ..queue.queue import Queue
from ..reasons.reason import ReasonChar
from .gateway import ADMIN

_logger = logging.getLogger(__name__)
SETTLING = Queue("sms reports", "_settle", ("cron_sms_intake",), batch=200, once=True, give_up="_on_given_up")


class ServicedeskSmsRefusal(models.Model):
    """A callback that was refused: from where, and why. Nothing of what it said is kept."""

    _name = "servicedesk.sms.refusal"
    _description = "Rejected SMS webhook"
    _order = "id desc"

    gateway_id = fields.Many2one("servicedesk.sms.gateway", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection([("in", "Received SMS"), ("report", "Delivery report")], required=True, readonly=True)
    address = fields.Char("From address", readonly=True)
    reason = ReasonChar(readonly=True)

    _gateway_idx = models.Index("(gateway_id, address, create_date)")

    @api.autovacuum
    def _gc_refusals(self):
        old = fields.Datetime.now() - timedelta(days=limits.SMS_KEPT_DAYS)
        self.search([("create_date", "<", old)], limit=10_000).unlink()


class ServicedeskSmsReport(models.Model):
    """A delivery report as it came, written down by the web request and settled by the worker."""

    _name = "servicedesk.sms.report"
    _inherit = ["servicedesk.queue"]
    _description = "SMS delivery report"
    _order = "id"

    gateway_id = fields.Many2one("servicedesk.sms.gateway", required=True, readonly=True, ondelete="cascade")
    reference = fields.Char("Our message ID", readonly=True)
    provider_reference = fields.Char("Provider message ID", readonly=True)
    status = fields.Char("Provider status", readonly=True)
    reason = ReasonChar(readonly=True)
    detail = fields.Text("Technical details", compute="_compute_detail",
                         help="What the gateway said, in its own words.")
    state = fields.Selection([("new", "New"), ("done", "Done"), ("unmatched", "About no SMS of ours")],
                             default="new", required=True, readonly=True)

    _queue_idx = models.Index("(id) WHERE state = 'new'")
    _reference_idx = models.Index("(gateway_id, reference, provider_reference, status)")

    @api.depends("reason")
    def _compute_detail(self):
        for report in self:
            report.detail = report._fields["reason"].get_details(report)

    @api.autovacuum
    def _gc_reports(self):
        old = fields.Datetime.now() - timedelta(days=limits.SMS_KEPT_DAYS)
        self.search([("state", "!=", "new"), ("create_date", "<", old)], limit=10_000).unlink()

    @api.model
    def _settle_new(self):
        """Let waiting reports settle their messages; return False where the time was up before the end."""
        return self._work_off(SETTLING, lambda: Domain("state", "=", "new"))

    def _settle(self):
        """Settle the messages that these reports are about.

        A report whose message is in the sender's hands waits for it. ``delivered`` is final for a single message;
        of several joined ones each reports by itself, so one that failed counts.
        """
        Sms = self.env["servicedesk.sms"]
        found = Sms.search(Domain("reference", "in", [ref for ref in self.mapped("reference") if ref]) | Domain(
            "provider_reference", "in", [ref for ref in self.mapped("provider_reference") if ref]))
        free = found.try_lock_for_update()
        by_reference = {sms.reference: sms for sms in found}
        by_provider = {(sms.gateway_id, sms.provider_reference): sms for sms in found if sms.provider_reference}
        changed, waiting = Sms, False
        for report in self:
            sms = by_reference.get(report.reference) or by_provider.get((report.gateway_id, report.provider_reference))
            if not sms or sms.gateway_id != report.gateway_id:
                report.state = "unmatched"
            elif sms in free:
                if sms._apply_report(report):
                    changed |= sms
                report.state = "done"
            else:
                waiting = True
        self.env.flush_all()
        changed._on_settled()
        if waiting:
            self.gateway_id._trigger_intake(at=fields.Datetime.now() + timedelta(seconds=10))

    def _get_reasons(self):
        """Return why the message was not delivered; of a report from before there were codes, by its words."""
        return [self.env["servicedesk.sms"]._explain(reason.values.get("text"), "not_delivered")
                if reason.code == SENTENCE else reason for reason in self._fields["reason"].get_reasons(self)]

    def _on_given_up(self, failure):
        self.write({"state": "unmatched", "reason": Reason.of("report_not_noted", detail=failure.reason)})


class ServicedeskSms(models.Model):
    _inherit = "servicedesk.sms"

    def _apply_report(self, report):
        """Take over what a report says, unless something better is known; tell whether it changed anything."""
        self.ensure_one()
        status, joined = report.status, self.segment_count > 1
        if status == "delivered":
            ignored = joined and self.state == "failed"
        elif status == "failed":
            ignored = not joined and self.state == "delivered"
        else:
            ignored = self.state in ("delivered", "failed")
        if not status or ignored:
            return False
        vals = {"state": status, "reported_at": report.create_date}
        vals["reason"] = report._get_reasons() if status == "failed" else False
        if report.provider_reference and not self.provider_reference:
            vals["provider_reference"] = report.provider_reference
        if not self.sent_at:
            vals["sent_at"] = report.create_date
        self.write(vals)
        return True


class ServicedeskSmsGateway(models.Model):
    """The gateway's way back: what its callbacks write, and what is refused."""

    _inherit = "servicedesk.sms.gateway"

    refusal_ids = fields.One2many("servicedesk.sms.refusal", "gateway_id", "Rejected webhooks", groups=ADMIN)
    refusal_count = fields.Integer("Rejected webhooks (90 days)", compute="_compute_refusal_count", groups=ADMIN)
    open_secret_at = fields.Datetime("Secret seen in the address", readonly=True, copy=False, groups=ADMIN,
                                     help="When the gateway last called with its secret in the address.")

    def _compute_refusal_count(self):
        groups = self.env["servicedesk.sms.refusal"]._read_group(
            [("gateway_id", "in", self.ids)], ["gateway_id"], ["__count"])
        counts = {gateway.id: count for gateway, count in groups}
        for gateway in self:
            gateway.refusal_count = counts.get(gateway.id, 0)

    def action_open_refusals(self):
        self._check_admin()
        self.ensure_one()
        return {"type": "ir.actions.act_window", "name": self.env._("Rejected webhooks"), "view_mode": "list",
                "res_model": "servicedesk.sms.refusal", "domain": [("gateway_id", "=", self.id)]}

    def action_dismiss_open_secret(self):
        """Take the warning off; it comes back with the next call that has the secret in its address."""
        self._check_admin()
        self.write({"open_secret_at": False})

    @api.model
    def _receive(self, token, kind, request, address):
        """Check a callback and write it down; everything else is the workers'.

        :param request: :class:`base.Request`; its ``url`` begins with ``/``: as the gateway knows it, it is ours to say
        :return: ``(HTTP status, body, content type)``
        """
        # sudo: callbacks come without a user; token and signature are what lets them in
        gateway = self.sudo().search([("token", "=", storable(token))], limit=1) if token else self.browse()
        if not gateway:
            return 403, "", "text/plain"
        provider = gateway._open()
        request = dataclasses.replace(request, url=gateway._get_root() + request.url)
        try:
            gateway._note_open_secret(provider.verify(request, kind))
            received = provider.parse_inbound(request) if kind == "in" else provider.parse_report(request)
            if kind == "in":
                self.env["servicedesk.intake"].sudo()._store_sms(gateway, received, request)  # sudo: see above
            else:
                gateway._store_report(received)
        except Refused as refusal:
            # Only now, and only what proved nothing: nobody keeps the gateway out by calling often in its name.
            if gateway._is_flooded(address):
                return 429, "", "text/plain"
            gateway._count_refusal(kind, address, Reason.of(str(refusal)))
            return 403, "", "text/plain"
        return 200, *provider.answer

    def _note_open_secret(self, in_address):
        """Let the gateway's form say that its secret is in the address that it calls, once a day."""
        now = fields.Datetime.now()
        if in_address and (not self.open_secret_at or self.open_secret_at < now - timedelta(days=1)):
            _logger.warning("The SMS gateway %s has its secret in the address that it calls: see docs/sms.md", self.id)
            self.open_secret_at = now

    def _is_flooded(self, address):
        mine = Domain("gateway_id", "=", self.id) & Domain(
            "create_date", ">", fields.Datetime.now() - timedelta(minutes=1))
        count = self.env["servicedesk.sms.refusal"].search_count
        return count(mine & Domain("address", "=", address), limit=limits.SMS_REFUSED_PER_ADDRESS) \
            >= limits.SMS_REFUSED_PER_ADDRESS or count(mine, limit=limits.SMS_REFUSED) >= limits.SMS_REFUSED

    def _count_refusal(self, kind, address, reason):
        _logger.info("Refused a callback of the SMS gateway %s from %s: %s", self.id, address, reason.code)
        self.env["servicedesk.sms.refusal"].create(
            {"gateway_id": self.id, "kind": kind, "address": address, "reason": reason})

    def _store_report(self, report):
        """Write a report down; the same one again changes nothing.

        :raise Refused: where it repeats one that came long ago
        """
        if not report.status or not (report.reference or report.provider_reference):
            return
        Report = self.env["servicedesk.sms.report"]
        vals = {"gateway_id": self.id, "reference": report.reference[:200] or False, "status": report.status,
                "provider_reference": report.provider_reference[:200] or False}
        known = Report.search([(name, "=", value) for name, value in vals.items()], order="id desc", limit=1)
        self._check_repeat(known.create_date)
        # Joined messages are reported one by one under the same number of ours: their later reports count, too.
        if not known or known.state == "done" and report.status == "failed":
            reason = self.env["servicedesk.sms"]._explain(report.reason, "not_delivered")
            Report.create(vals | {"reason": reason if report.status == "failed" else False})
            self._trigger_intake()

    def _check_repeat(self, known_at):
        """Tell whether a callback is known; :raise Refused: where it is too old to be the gateway repeating itself."""
        if known_at and known_at < fields.Datetime.now() - limits.SMS_REPEATS:
            raise Refused("webhook_replayed")
        return bool(known_at)

    @api.model
    def _trigger_intake(self, at=None):
        self.env["servicedesk.queue"]._wake_jobs("cron_sms_intake", at=at)
