from odoo import models

TICKET = "servicedesk.ticket"


class MailActivity(models.Model):
    """Who may see a ticket no longer does not see its activities either.

    Odoo shows people what is assigned to them whatever became of their right to the record; an activity keeps the
    name of its record, and here that is the ticket's subject.
    """

    _inherit = "mail.activity"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        known = self - result[0] if result else self
        if self.env.su or operation == "create" or not (hidden := known._get_on_unseen_tickets()):
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: hidden._make_access_error(operation)

    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        query = super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)
        if self.env.su or bypass_access:
            return query
        found = self.browse(query)
        hidden = found._get_on_unseen_tickets()
        return (found - hidden)._as_query(order) if hidden else query

    def _get_on_unseen_tickets(self):
        """Return those of these activities that hang on a ticket which the user does not see."""
        on_tickets = self.sudo().filtered(lambda activity: activity.res_model == TICKET)  # sudo: only what they hang on
        if not on_tickets:
            return self.browse()
        Ticket = self.env[TICKET]
        tickets = Ticket.browse(on_tickets.mapped("res_id")).exists()
        seen = set(tickets._filtered_access("read").ids)
        return self.browse(activity.id for activity in on_tickets if activity.res_id not in seen)
