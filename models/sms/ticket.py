from odoo import api, fields, models
from odoo.fields import Domain


class ServicedeskTicket(models.Model):
    """Who writes by SMS: a ticket keeps the number of a stranger, as it keeps an e-mail address."""

    _inherit = "servicedesk.ticket"

    contact_phone = fields.Char("Contact's phone", index="btree_not_null", help="E.164")

    @api.depends("contact_phone")
    def _compute_requester(self):
        result = super()._compute_requester()
        for ticket in self:
            if not ticket.contact_id and not ticket.contact_name and not ticket.contact_email:
                ticket.requester = ticket.partner_id.name or ticket.contact_phone
        return result

    @api.model
    def _find_by_number(self, number, departments, people):
        """Return the newest ticket of a number's owner that an SMS joins, or none.

        It is not closed, and something was said on it within the days that its department sets.

        :param departments: those that share the number written to
        :param people: contacts with the number
        """
        # By ids: an OR over a sub-select would read all tickets.
        exchanged = self.env["servicedesk.sms"].search(
            Domain("number", "=", number) & Domain("item_id", "!=", False), order="id desc", limit=20)
        received = self.env["servicedesk.item"].search(
            Domain("phone_from", "=", number) & Domain("direction", "=", "in"), order="id desc", limit=20)
        ids = (exchanged.item_id | received).ticket_id.ids
        whose = Domain("id", "in", ids) | Domain("contact_phone", "=", number)
        if people:
            whose |= Domain("contact_id", "in", people.ids)
        tickets = self.search(
            Domain("department_id", "in", departments.ids) & Domain("state", "in", ("open", "waiting")) & whose,
            order="last_item_at desc, id desc", limit=20)
        now = fields.Datetime.now()
        return tickets.filtered(lambda ticket: (
            (now - ticket.last_item_at).days < ticket.department_id.sms_join_days))[:1]

    def _store_caller(self, name, number):
        """Make somebody known by hand a contact of the ticket's client; without one, the contact of the ticket."""
        self.ensure_one()
        Partner = self.env["res.partner"]
        if Partner._find_servicedesk_callers(number, self.company_id):
            return
        if self.partner_id:
            # sudo: agents need no right to create contacts for this one use; name and number are all it takes
            Partner.sudo().create({"name": name, "phone": number, "parent_id": self.partner_id.id})
        elif not self.contact_name or self.contact_phone == number:
            self.write({"contact_name": name, "contact_phone": number})

    def _get_customer_numbers(self):
        """The number counts, too, that the ticket began with."""
        claimed = self._get_customer_people()._split_servicedesk_addresses()[1]
        return (super()._get_customer_numbers() | {self.contact_phone}) - claimed - {False}
