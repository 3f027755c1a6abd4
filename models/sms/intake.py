import hashlib
import re
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...tools.filing import Filing, Outcome
from ...tools.reasons import Reason
from ...tools.sms import phone, sms_gateway, sms_text
from ..intake.intake import PAUSES
from ..queue.queue import Queue

# The same words from the same number within this time are one SMS where the gateway gives no number of its own.
SAME_WORDS = timedelta(minutes=2)
# A message may have waited so long at the gateway for us; an older time is not believed.
OLDEST = timedelta(days=7)
# How long the missing parts of a long SMS are waited for.
PARTS_WAIT = timedelta(minutes=5)
# The way of an SMS; see MAIL_STEPS in intake/steps.py, where the steps are that both share.
SMS_STEPS = (
    "_step_sms_known",
    "_step_sms_departments",
    "_step_sms_parts",
    "_step_sms_ticket",
    "_step_banned",
    "_step_flood",
    "_step_sms_command",
    "_step_policy",
    "_step_rules",
    "_step_sms_new_ticket",
    "_step_sms_item",
    "_step_sms_joined_parts",
    "_step_rules_follow",
    "_step_sms_filed",
)
FILING = Queue("sms intake", "_process", ("cron_sms_intake",), set_aside="_note_failure", pauses=PAUSES)


class ServicedeskIntake(models.Model):
    """SMS in: from a callback to a row in the ledger, and from there to an item on its sender's ticket."""

    _inherit = "servicedesk.intake"

    channel = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": "cascade"})
    outcome = fields.Selection(selection_add=[("stop", "Wants no SMS"), ("part", "Part of a long SMS")])
    sms_gateway_id = fields.Many2one("servicedesk.sms.gateway", "SMS gateway", readonly=True, ondelete="set null",
                                     index="btree_not_null")
    phone_to = fields.Char("To number", readonly=True)
    part_key = fields.Char(readonly=True, export_string_translation=False)
    part_number = fields.Integer(readonly=True, export_string_translation=False)
    part_total = fields.Integer(readonly=True, export_string_translation=False)

    _sms_uniq = models.UniqueIndex("(sms_gateway_id, message_id) WHERE channel = 'sms' AND message_id IS NOT NULL",
                                   "This SMS is already in the message log.")
    _sms_sender_idx = models.Index("(email_from, id) WHERE channel = 'sms'")

    @api.model
    def _store_sms(self, gateway, inbound, request):
        """Write a received SMS into the ledger and call the worker; one that is known already changes nothing.

        :raise base.Refused: where it repeats one that came long ago
        :return: the new row, or the known one
        """
        country = gateway.company_id.country_code
        sender = phone.sender(inbound.sender, country)[:64]
        provider_id = inbound.provider_reference[:200] or False
        known = self._find_known_sms(gateway, inbound, sender, provider_id)
        if gateway._check_repeat(known.create_date):
            return known
        raw = request.dump(gateway._open().secret_params)
        row = self.create({
            "channel": "sms", "sms_gateway_id": gateway.id, "message_id": provider_id,
            "sha256": self._digest_words(inbound, sender), "size": len(raw), "email_from": sender,
            "phone_to": phone.own_number(inbound.recipient, country) or inbound.recipient[:64],
            "subject": " ".join(inbound.text.split())[:160], "fingerprint": self._get_sms_fingerprint(sender, inbound),
            "part_key": inbound.part_key[:64] or False, "part_number": inbound.part_number,
            "part_total": inbound.part_total,
        })
        self.env["ir.attachment"].create({
            "name": "original.json", "res_model": self._name, "res_id": row.id, "res_field": "raw", "raw": raw,
            "mimetype": "application/json", "company_id": gateway.company_id.id,
        })
        gateway._trigger_intake()
        return row

    def _find_known_sms(self, gateway, inbound, sender, provider_id):
        """Return the row of a callback that came before: by the gateway's number, else by the words."""
        mine = Domain("channel", "=", "sms") & Domain("sms_gateway_id", "=", gateway.id)
        if provider_id:
            return self.search(mine & Domain("message_id", "=", provider_id), limit=1)
        return self.search(
            mine & Domain("email_from", "=", sender) & Domain("sha256", "=", self._digest_words(inbound, sender))
            & Domain("received_at", ">", fields.Datetime.now() - SAME_WORDS), limit=1)

    @api.model
    def _digest_words(self, inbound, sender):
        words = "\0".join((sender, inbound.recipient, inbound.text, inbound.part_key, str(inbound.part_number)))
        return hashlib.sha256(words.encode()).hexdigest()

    @api.model
    def _get_sms_fingerprint(self, sender, inbound):
        return f"{sender} {re.sub(r'[0-9]+', '#', inbound.text)}"[:250]

    def _trigger_workers(self):
        messages = self.filtered(lambda row: row.channel == "sms")
        if messages:
            messages.sms_gateway_id._trigger_intake()
        if not messages or self - messages:
            return super()._trigger_workers()
        return None

    @api.model
    def _cron_process_sms(self):
        """Settle reports and file received SMS, oldest first.

        There is one worker, so that what one person sends in pieces lands on one ticket, in its order.
        """
        if self.env["servicedesk.sms.report"]._settle_new():
            self._work_off(FILING, lambda: self._get_new_domain("sms"))

    def _file_original(self):
        if self.channel != "sms":
            return super()._file_original()
        raw = self._get_raw()
        if not raw:
            return self._finish_without_original()
        request = sms_gateway.Request.load(raw)
        return self._file_sms(self.sms_gateway_id._open().parse_inbound(request))

    def _file_sms(self, inbound):
        """File an SMS: through ``SMS_STEPS``, in their order, to the first that ends it."""
        return self._take_steps(SMS_STEPS, Filing.start(
            self.env, "sms", sms=inbound, sender=self.email_from or "", received_at=self.received_at, parts=self))

    def _step_sms_known(self, filing):
        """Know the same words that came by another call in the same moment, where the gateway gives no numbers."""
        if self.message_id or self.released:
            return None
        known = self.search(
            Domain("channel", "=", "sms") & Domain("sms_gateway_id", "=", self.sms_gateway_id.id)
            & Domain("email_from", "=", self.email_from) & Domain("sha256", "=", self.sha256)
            & Domain("id", "<", self.id) & Domain("state", "=", "done")
            & Domain("received_at", ">", self.received_at - SAME_WORDS), limit=1)
        if not known:
            return None
        return Outcome("done", "duplicate", Reason.of("known"), known.item_id)

    def _step_sms_departments(self, filing):
        filing.departments = self._get_sms_departments()
        if not filing.departments:
            return Outcome("failed", False, Reason.of("no_department_sms", number=self.phone_to or "?"))
        return None

    def _step_sms_parts(self, filing):
        """Put the parts of a long SMS together; wait for those that are missing and may still come."""
        filing.text, filing.parts = self._join_parts(filing.sms)
        if filing.text is not None:
            filing.body = plaintext2html(filing.text)
            return None
        at = self.received_at + PARTS_WAIT
        self._wake_jobs("cron_sms_intake", at=at)
        return Outcome("new", False, Reason.of("parts_awaited"), until=at)

    def _step_sms_ticket(self, filing):
        """Find out who writes, and the ticket that the SMS joins."""
        company = filing.departments[0].company_id
        filing.people = self.env["res.partner"]._find_servicedesk_callers(filing.sender, company)
        filing.client, filing.contact = filing.people._get_servicedesk_caller()
        filing.ticket = self.env["servicedesk.ticket"]._find_by_number(
            filing.sender, filing.departments, filing.people)
        filing.department = filing.ticket.department_id or filing.departments[0]
        self.department_id = filing.department
        if not filing.ticket:
            filing.subject = self._get_sms_subject(filing.text)

    def _step_sms_command(self, filing):
        """Honour STOP and START: the number goes on Odoo's list, or leaves it; no ticket is opened for it."""
        command = sms_text.command(filing.text)
        if not command:
            return None
        number, stopping = filing.sender, command == "stop"
        blacklist = self.env["phone.blacklist"]
        if phone.e164(number) == number:
            if stopping:
                blacklist._add([number])
            else:
                blacklist._remove([number])
        if filing.ticket:
            self._create_sms_item(filing, automatic=True)
            self.env["servicedesk.event"].create({
                "ticket_id": filing.ticket.id, "kind": f"sms_{command}", "new_value": phone.international(number)})
        return Outcome("done", "stop", Reason.of("sms_stopped" if stopping else "sms_started"), filing.item)

    def _step_sms_new_ticket(self, filing):
        if filing.ticket:
            return
        with self.env["servicedesk.change"]._span(channel="sms"):
            filing.ticket = self.env["servicedesk.ticket"].create({
                "subject": filing.subject, "department_id": filing.department.id, "partner_id": filing.client.id,
                "contact_id": filing.contact.id, "contact_phone": filing.sender,
            })
        filing.opened = True

    def _step_sms_item(self, filing):
        self._create_sms_item(filing)
        filing.ticket._on_customer_answer()

    def _step_sms_joined_parts(self, filing):
        for part in filing.parts - self:
            part._finish("done", "part", item=filing.item)

    def _step_sms_filed(self, filing):
        remarks = list(filing.remarks)
        if self.part_total and len(filing.parts) < self.part_total:
            remarks.insert(0, Reason.of("parts_missing", found=len(filing.parts), total=self.part_total))
        return Outcome("done", "new" if filing.opened else "reply", remarks, filing.item)

    def _get_sms_departments(self):
        """Return the departments whose number was written to; else the only one of the gateway."""
        taking = self.env["servicedesk.department"].search(
            [("sms_gateway_id", "=", self.sms_gateway_id.id), ("sms_enabled", "=", True)])
        if self.department_id in taking:
            return self.department_id
        addressed = taking.filtered(lambda department: department.sms_number == self.phone_to)
        nameless = taking if len(taking) == 1 and not self.phone_to else taking.browse()
        return addressed or nameless or (taking if len(taking) == 1 and self._is_own_number() else taking.browse())

    def _is_own_number(self):
        """Tell whether the number written to is one that the administrator gave the gateway."""
        gateway = self.sms_gateway_id
        return self.phone_to in gateway._get_numbers()

    def _get_sms_subject(self, text):
        """Return what a ticket is called that begins with an SMS: its first sentence or line."""
        first = " ".join(re.split(r"(?<=[.!?])\s|\n", text.strip(), maxsplit=1)[0].split())
        return first[:79] + "…" if len(first) > 80 else first or self.env._("(empty SMS)")

    def _create_sms_item(self, filing, automatic=False):
        author, ticket = filing.contact or filing.client, filing.ticket
        # A gateway that calls again after an outage does not keep the order: the network's time does.
        date = datetime(1970, 1, 1) + timedelta(seconds=filing.sms.sent_at)
        if not self.received_at - OLDEST < date < self.received_at:
            date = self.received_at
        filing.item = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "sms", "direction": "in", "state": "received", "date": date,
            "phone_from": self.email_from, "phone_to": self.phone_to or False, "sms_text": filing.text,
            "body": filing.body, "segment_count": sms_text.measure(filing.text).segments,
            "author_partner_id": author.id, "author_name": author.name or phone.international(self.email_from),
            "thread_reason": "sms" if ticket.last_item_kind else False, "intake_id": self.id, "automatic": automatic,
        })

    def _join_parts(self, inbound):
        """Return ``(text, rows)`` of the whole SMS; ``(None, rows)`` where parts are missing that may still come."""
        if not self.part_total:
            return inbound.text, self
        day = fields.Datetime.now() - timedelta(days=1)
        rows = self.search(
            Domain("channel", "=", "sms") & Domain("sms_gateway_id", "=", self.sms_gateway_id.id)
            & Domain("email_from", "=", self.email_from) & Domain("part_key", "=", self.part_key)
            & Domain("part_total", "=", self.part_total) & Domain("state", "=", "new")
            & Domain("received_at", ">", day), order="part_number, id")
        first = {}
        for row in rows | self:
            first.setdefault(row.part_number, row)
        missing = self.part_total - len(first)
        if missing and fields.Datetime.now() < self.received_at + PARTS_WAIT:
            return None, rows
        gateway = self.sms_gateway_id._open()
        texts = [gateway.parse_inbound(sms_gateway.Request.load(row._get_raw())).text
                 for _number, row in sorted(first.items())]
        return "".join(texts), self.union(*first.values())
