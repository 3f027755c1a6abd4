from odoo import models


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _filter_readers(self, users):
        """Return those of ``users`` who see this ticket, as of now.

        Asked for many people at once, in memory: one query for the departments of all of them.
        """
        self.ensure_one()
        ticket = self.sudo()  # sudo: only to compare the ticket with what each person sees
        agents = users.filtered(lambda user: (
            user.active and user.has_group("servicedesk.group_user") and ticket.company_id in user.company_ids))
        agents.mapped("servicedesk_departments")
        return agents.filtered(lambda user: ticket.filtered_domain(ticket.with_user(user)._get_user_scope_domain()))

    def _prepare_split_vals(self):
        """Return what a ticket that is split off takes from this one."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id, "contact_id": self.contact_id.id, "contact_email": self.contact_email,
            "contact_name": self.contact_name, "priority": self.priority,
        }

    def _refresh_summary(self):
        """Work out again what lists show of the newest item: items have come or gone."""
        Item = self.env["servicedesk.item"]
        for ticket in self:
            newest = Item.search([("ticket_id", "=", ticket.id), ("state", "not in", ("draft", "scheduled"))],
                                 limit=1)
            ticket.sudo().write({  # sudo: summary fields are the system's
                "last_item_at": newest.date or ticket.create_date,
                "last_item_kind": newest.kind, "last_item_direction": newest.direction,
                "last_item_preview": newest.preview,
            })

    def _on_third_party_answer(self):
        """Whom we waited for has answered: it is our move. Tickets that wait for anything else stay as they are."""
        waiting = self.filtered(lambda ticket: ticket.state == "waiting" and ticket.waiting_for == "third_party")
        if waiting:
            waiting.write({"state": "open"})
