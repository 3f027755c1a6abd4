from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.sms import phone

MOST = 8


class ServicedeskCallLog(models.AbstractModel):
    """"Log a call" from anywhere in Odoo: a number leads to the client and to the tickets it may be about."""

    _name = "servicedesk.call.log"
    _description = "Log a call"

    @api.model
    @api.readonly
    def find(self, number):
        """Return who has a number and their tickets, as far as the user sees them.

        :return: ``{number: E.164 or what was typed, people: [{id, name, company}],
            tickets: [{id, number, subject, state, state_name, client}]}``: first those that are not closed
        :raise AccessError: for whoever is no agent
        """
        Ticket = self.env["servicedesk.ticket"]
        Ticket.check_access("read")
        known = phone.e164(number, self.env.company.country_code)
        if not known:
            return {"number": number or "", "people": [], "tickets": []}
        people = self.env["res.partner"]._find_servicedesk_callers(known, self.env.company)[:MOST]
        spoken = self.env["servicedesk.item"].search([("phone_number", "=", known)], limit=50).ticket_id
        clients = people.commercial_partner_id
        about = (Domain("contact_id", "in", people.ids) | Domain("partner_id", "in", (people | clients).ids)
                 | Domain("contact_phone", "=", known) | Domain("id", "in", spoken.ids))
        about &= Domain("department_id.channel_call", "=", True)
        tickets = Ticket.search(about & Domain("state", "in", ("open", "waiting")), limit=MOST)
        if not tickets:
            tickets = Ticket.search(about & Domain("state", "=", "closed"), limit=3)
        states = dict(Ticket._fields["state"]._description_selection(self.env))
        return {
            "number": phone.international(known),
            "people": [{"id": person.id, "name": person.name,
                        "company": person.parent_id.name or ""} for person in people],
            "tickets": [{
                "id": ticket.id, "number": ticket.number, "subject": ticket.subject, "state": ticket.state,
                "state_name": states[ticket.state], "client": ticket.partner_id.name or ticket.requester or "",
            } for ticket in tickets],
        }

    @api.model
    def start(self, number, direction="in", ticket_id=False, person_id=False, subject=""):
        """Begin the record of a call on a ticket, or on a new one; return the ticket's id.

        What is already in the user's draft of a call there stays, only number and person follow.

        :param int person_id: who speaks; on a new ticket the contact
        :raise AccessError: where the user may not write the ticket, :raise UserError: where a new one has no subject
        """
        Ticket, Item = self.env["servicedesk.ticket"], self.env["servicedesk.item"]
        person = self.env["res.partner"].browse(person_id or [])
        person.check_access("read")
        if ticket_id:
            ticket = Ticket.browse(ticket_id)
        elif not (subject or "").strip():
            raise UserError(self.env._("Give the new ticket a subject."))
        else:
            ticket = Ticket.create({
                "subject": subject.strip()[:250], "contact_id": False if person.is_company else person.id,
                "partner_id": person.commercial_partner_id.id,
                "contact_phone": False if person else phone.e164(number, self.env.company.country_code) or False,
            } | self._get_department_vals())
        values = {"direction": direction if direction in ("in", "out") else "in", "phone_number": number or ""}
        if person:
            values |= {"person_id": person.id, "person_name": ""}
        Item.save_draft(ticket.id, "call", values)
        return ticket.id

    def _get_department_vals(self):
        """Return the department of a new ticket: the user's own first one that records calls."""
        Department = self.env["servicedesk.department"]
        mine = list(self.env.user._get_servicedesk_departments())
        calling = Domain("channel_call", "=", True)
        found = Department.search(calling & Domain("id", "in", mine), limit=1) or Department.search(
            calling & Domain("company_id", "=", self.env.company.id), limit=1)
        if not found:
            raise UserError(self.env._("No department of yours records calls."))
        return {"department_id": found.id}
