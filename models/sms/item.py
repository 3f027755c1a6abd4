from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...tools import phone, sms_text

WRITABLE = {"important", "phone_to", "sms_text", "parent_item_id"}
MAX_SEGMENTS = 10
MAX_RECIPIENTS = 50


class ServicedeskItem(models.Model):
    """An SMS on a ticket: one item, one text, one or several numbers with a state each (``sms_ids``)."""

    _inherit = "servicedesk.item"

    phone_from = fields.Char("From number", readonly=True, index="btree_not_null",
                             help="E.164, or the short code or name of the sender.")
    phone_to = fields.Char("To numbers", help="In a draft any notation, comma separated, names in brackets: "
                                              "602 123 456 (Jana Nová). When sent: E.164.")
    sms_text = fields.Text("SMS text", prefetch=False, help="The words as they leave; the body shows the same.")
    segment_count = fields.Integer("Messages", readonly=True, help="How many SMS the text takes.")
    sms_ids = fields.One2many("servicedesk.sms", "item_id", "Recipients")

    @api.depends("sms_text")
    def _compute_preview(self):
        drafts = self.filtered(lambda item: item.kind == "sms" and not item.body)
        for item in drafts:
            item.preview = " ".join((item.sms_text or "").split())[:160]
        return super(ServicedeskItem, self - drafts)._compute_preview()

    @api.model
    def _get_writable_fields(self, kind):
        return WRITABLE if kind == "sms" else super()._get_writable_fields(kind)

    @api.model
    def _get_draft_fields(self, kind):
        return ("phone_to", "sms_text", "parent_item_id") if kind == "sms" else super()._get_draft_fields(kind)

    @api.model
    def prepare_draft(self, ticket_id, kind, reply_to_id=False, reply_all=False):
        """As for mail; an SMS has ``phone_from``, ``phone_to`` and ``sms_text``, and goes to who asked.

        ``variables`` are the names that a template leaves in double brackets where there is no value.
        """
        result = super().prepare_draft(ticket_id, kind, reply_to_id, reply_all)
        if kind != "sms":
            return result
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        start = {"phone_to": "", "sms_text": "", "phone_from": ticket.department_id.sms_number or "",
                 "variables": self._get_variable_marks()}
        result = start | result
        if not result.get("phone_to"):
            result["phone_to"] = self._get_answer_number(ticket, self.browse(reply_to_id))
        return result

    def _get_answer_number(self, ticket, parent):
        """Return whom an SMS goes to unless the agent says otherwise: who wrote the last one, else the contact."""
        newest = parent.filtered(lambda item: item.kind == "sms") or self.search(
            Domain("ticket_id", "=", ticket.id) & Domain("kind", "=", "sms") & Domain("direction", "=", "in"), limit=1)
        if newest.direction == "out":
            return newest.phone_to or ""
        contact = ticket.contact_id or ticket.partner_id
        if newest.phone_from:
            return phone.display(newest.phone_from, newest.author_partner_id.name)
        number = contact.phone_sanitized or ticket.contact_phone
        return phone.display(number, contact.name or ticket.contact_name) if number else ""

    @api.model
    def suggest_numbers(self, ticket_id, term, limit=8):
        """Return ``[{name, number, partner_id}]`` for a field of numbers: the ticket's client first.

        :param str term: part of a name or of a number in any notation
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        Partner = self.env["res.partner"]
        matches = Domain("phone_sanitized", "!=", False)
        if term:
            digits = "".join(letter for letter in term if letter.isdigit()).removeprefix("00")
            by_number = Domain("phone_sanitized", "like", digits.lstrip("0")) if len(digits) > 2 else Domain.FALSE
            matches &= Domain("name", "ilike", term) | by_number
        client = ticket.partner_id | ticket.contact_id
        own = Domain("id", "child_of", client.ids) if client else Domain.FALSE
        found = Partner.search(matches & own, limit=limit) if client else Partner
        if term and len(found) < limit:
            found |= Partner.search(matches & ~own if client else matches, limit=limit - len(found))
        return [{"name": partner.name, "number": partner.phone_sanitized, "partner_id": partner.id}
                for partner in found]

    @api.model
    def measure_sms(self, text):
        """Return what a text takes as it is and without diacritics.

        :return: ``{encoding, units, segments, left, plain: {text, encoding, units, segments, left}}``
        """
        self.browse().check_access("read")
        plain = sms_text.without_diacritics(text)
        return vars(sms_text.measure(text)) | {"plain": {"text": plain} | vars(sms_text.measure(plain))}

    def _check_complete(self):
        self.ensure_one()
        if self.kind != "sms":
            return super()._check_complete()
        if not (self.sms_text or "").strip():
            raise UserError(self.env._("There is nothing to send yet: write something."))
        department = self.ticket_id.department_id
        if not department.sms_enabled or not department.sms_gateway_id:
            raise UserError(self.env._(
                "The department %s sends no SMS. Switch them on in its settings.", department.name))
        found = self._split_recipients()
        if not found:
            raise UserError(self.env._("Whom should this go to? Add a number to “To”."))
        for _name, number, written in found:
            if not number:
                raise UserError(self.env._("“%s” is not a phone number.", written))
        if len(found) > MAX_RECIPIENTS:
            raise UserError(self.env._("At most %s numbers at once, please.", MAX_RECIPIENTS))
        if sms_text.measure(self.sms_text.strip()).segments > MAX_SEGMENTS:
            raise UserError(self.env._("The text is too long: it takes more than %s SMS.", MAX_SEGMENTS))
        # sudo: whether a number is on the list, which agents cannot read
        stopped = self.env["phone.blacklist"].sudo().search([("number", "in", [number for _n, number, _w in found])])
        if stopped:
            raise UserError(self.env._("%s has asked for no more SMS (STOP).", phone.international(stopped[0].number)))
        return self._check_variables()

    def _split_recipients(self):
        """Return ``[(name, E.164 or '', as written)]``, each number once."""
        found = {}
        for name, number, written in phone.split(self.phone_to, self.ticket_id.company_id.country_code):
            found.setdefault(number or written, (name, number, written))
        return list(found.values())

    def _store_contacts(self):
        """Keep the people who were typed as ``602 123 456 (Jana Nová)``, as of mail."""
        for item in self.filtered(lambda item: item.kind == "sms"):
            for name, number, _written in item._split_recipients():
                if name and number:
                    item.ticket_id._store_caller(name, number)
        return super()._store_contacts()

    def _prepare_queue_vals(self):
        if self.kind != "sms":
            return super()._prepare_queue_vals()
        text = self.sms_text.strip()
        return {
            "state": "queued", "phone_from": self.ticket_id.department_id.sms_number or False,
            "phone_to": ", ".join(phone.display(number, name) for name, number, _w in self._split_recipients()),
            "sms_text": text, "body": plaintext2html(text), "segment_count": sms_text.measure(text).segments,
        }

    def action_send(self):
        result = super().action_send()
        self.filtered(lambda item: item.kind == "sms")._queue_sms()
        return result

    def _queue_sms(self):
        """Make one message per recipient; whatever was made before and not sent is replaced."""
        Sms = self.env["servicedesk.sms"].sudo()  # sudo: SMS are written by the system; the author has been checked
        self.sudo().sms_ids.unlink()  # sudo: same
        Sms.create([{
            "item_id": item.id, "gateway_id": item.ticket_id.department_id.sms_gateway_id.id, "number": number,
            "name": name or False, "sender": item.phone_from, "text": item.sms_text,
        } for item in self for name, number, _written in item._split_recipients()])

    def _trigger_workers(self):
        if messages := self.filtered(lambda item: item.kind == "sms"):
            now = fields.Datetime.now()
            later = {item.send_at for item in messages if item.send_at and item.send_at > now}
            at_once = any(item.send_at not in later for item in messages)
            self.env["servicedesk.sms.gateway"]._trigger_sending(at=sorted(later | ({now} if at_once else set())))
        others = self - messages
        return super(ServicedeskItem, others)._trigger_workers() if others else None

    def _prepare_sms_draft_vals(self, vals):
        """Return ``vals`` of SMS that become drafts again; their messages do not leave any more."""
        # sudo: what has been taken back or is written anew does not leave; those who may do it were checked
        self.sudo().sms_ids.unlink()
        # A draft's words are in its text.
        return vals | {"body": False} if all(item.kind == "sms" for item in self) else vals

    def action_retry(self):
        """Queue again what did not arrive; the recipients who have their SMS get no other."""
        messages = self.filtered(lambda item: item.kind == "sms" and item.state in ("failed", "unknown"))
        messages.check_access("write")
        # sudo: state is the system's; the ticket's access has been checked
        again = messages.sudo().sms_ids.filtered(lambda sms: sms.state in ("failed", "unknown"))
        for sms in again:  # a new number, so that a report on the old attempt does not settle the new one
            gateway = sms.item_id.ticket_id.department_id.sms_gateway_id or sms.gateway_id
            sms.write({"state": "queued", "reason": False, "provider_reference": False, "gateway_id": gateway.id,
                       "reference": sms.default_get(["reference"])["reference"]})
        return super().action_retry()

    def action_edit(self):
        self.ensure_one()
        said = self.kind == "sms" and self.state != "scheduled"
        if said and any(sms.state != "failed" for sms in self.sms_ids):
            raise UserError(self.env._("Only an SMS that reached nobody can be changed. Write a new one instead."))
        return super().action_edit()

    def action_mark_sent(self):
        unknown = self.filtered(lambda item: item.state == "unknown")
        unknown.check_access("write")
        # sudo: state is the system's; the ticket's access has been checked
        unknown.sudo().sms_ids.filtered(lambda sms: sms.state == "unknown").write({"state": "sent", "reason": False})
        return super().action_mark_sent()

    def _sync_sms_state(self):
        """Let items say how far all of their messages got; the worst that needs somebody counts."""
        for item in self.filtered("sms_ids"):
            states = set(item.sms_ids.mapped("state"))
            if states & {"queued", "sending"}:
                state = "queued" if states == {"queued"} else "sending"
            else:
                state = next((state for state in ("unknown", "failed", "sent") if state in states), "delivered")
            reason = "; ".join(f"{phone.international(sms.number)}: {sms.reason}" for sms in item.sms_ids if sms.reason)
            vals = {"state": state, "failure_reason": reason[:500] or False}
            if state in ("sent", "delivered") and not item.sent_at:
                vals["sent_at"] = fields.Datetime.now()
            if any(item[name] != value for name, value in vals.items()):
                fresh = state == "failed" and item.state != "failed"
                item.write(vals)
                if fresh:
                    item.ticket_id._on_undelivered()
