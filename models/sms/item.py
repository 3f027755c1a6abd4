from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.sms import phone, sms_text
from ..access.relations import RuledOne2many


class ServicedeskItem(models.Model):
    """An SMS on a ticket: one item, one text, one or several numbers with a state each (``sms_ids``)."""

    _inherit = "servicedesk.item"

    phone_from = fields.Char("From number", readonly=True, index="btree_not_null",
                             help="E.164, or the short code or name of the sender.")
    phone_to = fields.Char("To numbers", help="In a draft any notation, comma separated, names in brackets: "
                                              "602 123 456 (Jana Nová). When sent: E.164.")
    sms_text = fields.Text("SMS text", prefetch=False, help="The words as they leave; the body shows the same.")
    segment_count = fields.Integer("SMS count", readonly=True, help="How many SMS the text takes.")
    sms_ids = RuledOne2many("servicedesk.sms", "item_id", "Recipients")

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

    def _split_recipients(self):
        """Return ``[(name, E.164 or '', as written)]``, each number once."""
        found = {}
        for name, number, written in phone.split(self.phone_to, self.ticket_id.company_id.country_code):
            found.setdefault(number or written, (name, number, written))
        return list(found.values())

    def _queue_sms(self):
        """Make one message per recipient; whatever was made before and not sent is replaced."""
        Sms = self.env["servicedesk.sms"].sudo()  # sudo: SMS are written by the system; the author has been checked
        self.sudo().sms_ids.unlink()  # sudo: same
        Sms.create([{
            "item_id": item.id, "gateway_id": item.ticket_id.department_id.sms_gateway_id.id, "number": number,
            "name": name or False, "sender": item.phone_from, "text": item.sms_text,
        } for item in self for name, number, _written in item._split_recipients()])

    def _sync_sms_state(self):
        """Let items say how far all of their messages got; the worst that needs somebody counts."""
        for item in self.filtered("sms_ids"):
            states = set(item.sms_ids.mapped("state"))
            if states & {"queued", "sending"}:
                state = "queued" if states == {"queued"} else "sending"
            else:
                state = next((state for state in ("unknown", "failed", "sent") if state in states), "delivered")
            found = [reason.having(about=phone.international(sms.number)) for sms in item.sms_ids
                     for reason in sms._fields["reason"].get_reasons(sms)]
            vals = {"state": state}
            if found != item._get_failure_reasons():
                vals["failure_reason"] = found
            if state in ("sent", "delivered") and not item.sent_at:
                vals["sent_at"] = fields.Datetime.now()
            if any(item[name] != value for name, value in vals.items()):
                fresh = state == "failed" and item.state != "failed"
                item.write(vals)
                if fresh:
                    item.ticket_id._on_undelivered()
