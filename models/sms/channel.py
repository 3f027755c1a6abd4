from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...tools import limits
from ...tools.sms import phone, sms_text

MAX_SEGMENTS, MAX_RECIPIENTS = limits.SMS_SEGMENTS, limits.SMS_RECIPIENTS


class ServicedeskChannelSms(models.AbstractModel):
    """An SMS to one or several numbers, carried by the department's gateway."""

    _name = "servicedesk.channel.sms"
    _inherit = "servicedesk.channel"
    _description = "Channel: SMS"

    _kind = "sms"
    _sequence = 20
    _leaves = True
    _draft_fields = ("phone_to", "sms_text", "parent_item_id")
    _recipients = "phone_to"
    _preview_fields = ("sms_text",)

    @api.model
    def _is_on(self, department):
        return bool(department.sms_enabled and department.sms_gateway_id)

    @api.model
    def _get_portal_presentation(self, department):
        return department.portal_sms

    @api.model
    def _prepare_draft(self, ticket, draft, parent, reply_all):
        """As for mail; an SMS has ``phone_from``, ``phone_to`` and ``sms_text``, and goes to who asked.

        ``variables`` are the names that a template leaves in double brackets where there is no value.
        """
        result = super()._prepare_draft(ticket, draft, parent, reply_all)
        start = {"phone_from": ticket.department_id.sms_number or "",
                 "variables": self.env["servicedesk.item"]._get_variable_marks()}
        return start | result | {"phone_to": result["phone_to"] or self._get_answer_number(ticket, parent)}

    @api.model
    def _get_answer_number(self, ticket, parent):
        """Return whom an SMS goes to unless the agent says otherwise: who wrote the last one, else the contact."""
        newest = parent.filtered(lambda item: item.kind == "sms") or self.env["servicedesk.item"].search(
            Domain("ticket_id", "=", ticket.id) & Domain("kind", "=", "sms") & Domain("direction", "=", "in"), limit=1)
        if newest.direction == "out":
            return newest.phone_to or ""
        contact = ticket.contact_id or ticket.partner_id
        if newest.phone_from:
            return phone.display(newest.phone_from, newest.author_partner_id.name)
        number = contact.phone_sanitized or ticket.contact_phone
        return phone.display(number, contact.name or ticket.contact_name) if number else ""

    @api.model
    def _check_complete(self, item):
        if not (item.sms_text or "").strip():
            raise UserError(self.env._("There is nothing to send yet: write something."))
        department = item.ticket_id.department_id
        if not department.sms_enabled or not department.sms_gateway_id:
            raise UserError(self.env._(
                "The department %s sends no SMS. Switch them on in its settings.", department.name))
        self._check_recipients(item._split_recipients())
        if sms_text.measure(item.sms_text.strip()).segments > MAX_SEGMENTS:
            raise UserError(self.env._("The text is too long: it takes more than %s SMS.", MAX_SEGMENTS))

    @api.model
    def _check_recipients(self, found):
        """:param found: list of ``(name, E.164 or '', as written)``"""
        if not found:
            raise UserError(self.env._("Whom should this go to? Add a number to “To”."))
        for _name, number, written in found:
            if not number:
                raise UserError(self.env._("“%s” is not a phone number.", written))
        if len(found) > MAX_RECIPIENTS:
            raise UserError(self.env._("At most %s numbers at once, please.", MAX_RECIPIENTS))
        # sudo: whether a number is on the list, which agents cannot read
        stopped = self.env["phone.blacklist"].sudo().search([("number", "in", [number for _n, number, _w in found])])
        if stopped:
            raise UserError(self.env._("%s has asked for no more SMS (STOP).", phone.international(stopped[0].number)))

    @api.model
    def _store_contacts(self, items):
        """Keep the people who were typed as ``602 123 456 (Jana Nová)``."""
        for item in items:
            for name, number, _written in item._split_recipients():
                if name and number:
                    item.ticket_id._store_caller(name, number)

    @api.model
    def _prepare_queue_vals(self, item):
        text = item.sms_text.strip()
        return super()._prepare_queue_vals(item) | {
            "phone_from": item.ticket_id.department_id.sms_number or False,
            "phone_to": ", ".join(phone.display(number, name) for name, number, _w in item._split_recipients()),
            "sms_text": text, "body": plaintext2html(text), "segment_count": sms_text.measure(text).segments,
        }

    @api.model
    def _on_sent(self, items):
        items._queue_sms()

    @api.model
    def _wake(self, items):
        now = fields.Datetime.now()
        later = {item.send_at for item in items if item.send_at and item.send_at > now}
        at_once = any(item.send_at not in later for item in items)
        self.env["servicedesk.sms.gateway"]._trigger_sending(at=sorted(later | ({now} if at_once else set())))

    @api.model
    def _prepare_retry(self, items):
        """Queue again what did not arrive; the recipients who have their SMS get no other."""
        # sudo: state is the system's; the ticket's access has been checked
        again = items.sudo().sms_ids.filtered(lambda sms: sms.state in ("failed", "unknown"))
        for sms in again:  # a new number, so that a report on the old attempt does not settle the new one
            gateway = sms.item_id.ticket_id.department_id.sms_gateway_id or sms.gateway_id
            sms.write({"state": "queued", "reason": False, "provider_reference": False, "gateway_id": gateway.id,
                       "reference": sms.default_get(["reference"])["reference"]})

    @api.model
    def _check_editable(self, item):
        if any(sms.state != "failed" for sms in item.sms_ids):
            raise UserError(self.env._("Only an SMS that reached nobody can be changed. Write a new one instead."))

    @api.model
    def _on_marked_sent(self, items):
        # sudo: state is the system's; the ticket's access has been checked
        items.sudo().sms_ids.filtered(lambda sms: sms.state == "unknown").write({"state": "sent", "reason": False})

    @api.model
    def _prepare_withdrawn_vals(self, items):
        # sudo: what has been taken back or is written anew does not leave; those who may do it were checked
        items.sudo().sms_ids.unlink()
        return {"body": False}  # a draft's words are in its text

    @api.model
    def _describe(self, item):
        return super()._describe(item) or " ".join((item.sms_text or "").split())[:160]

    @api.model
    def _format_items(self, items):
        """Add ``recipients`` to outgoing SMS: how far the text got with each number, and why no further.

        The number that an SMS came from, or left from, is written as people write numbers.
        """
        result = {item.id: {"phone_from": phone.international(item.phone_from)} for item in items if item.phone_from}
        texts = items.filtered(lambda item: item.direction == "out")
        if not texts:
            return result
        # sudo: the caller has checked the items, whose parts these are
        messages = self.env["servicedesk.sms"].sudo().search_fetch(
            [("item_id", "in", texts.ids)], ["item_id", "number", "name", "state", "reason"], order="id")
        states = dict(messages._fields["state"]._description_selection(self.env))
        for item in texts:
            result.setdefault(item.id, {})["recipients"] = []
        for message in messages:
            result[message.item_id.id]["recipients"].append({
                "id": message.id, "name": message.name or "", "number": phone.international(message.number),
                "state": message.state, "state_name": states[message.state], "reason": message.reason or "",
                "detail": message.detail or "",
            })
        return result
