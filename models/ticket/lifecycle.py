from odoo import fields, models
from odoo.exceptions import UserError


class ServicedeskTicket(models.Model):
    """States: every way to change one, from a button to a mail, ends in :meth:`_prepare_state_vals`."""

    _inherit = "servicedesk.ticket"

    def action_reopen(self):
        self.write({"state": "open"})

    def action_wait(self):
        self.write({"state": "waiting", "waiting_for": self.env.context.get("waiting_for", "customer")})

    def action_close(self):
        self.write({"state": "closed"})

    def action_archive_ticket(self):
        self.write({"state": "archived"})

    def action_take(self):
        """Make the current user the owner; only a ticket that nobody owns can be taken."""
        if taken := self.filtered(lambda ticket: ticket.owner_id and ticket.owner_id != self.env.user):
            raise UserError(self.env._(
                "%(number)s already belongs to %(owner)s. Ask for it to be handed over.",
                number=taken[0].number, owner=taken[0].owner_id.name))
        self.write({"owner_id": self.env.uid})

    def mark_read(self):
        """Take the bold off a ticket that has been opened by its owner, or by anyone when it has none."""
        self.check_access("read")
        opened = self.filtered(lambda ticket: ticket.unread and ticket.owner_id.id in (False, self.env.uid))
        # sudo: opening is reading; who may read may also have read
        opened.sudo().write({"unread": False})
        return bool(opened)

    def _prepare_state_vals(self, vals):
        """Return ``vals`` with everything that a change of state brings with it.

        :raise UserError: where the change is not allowed
        """
        vals = dict(vals)
        state = vals["state"]
        if state == "archived" and any(ticket.state not in ("closed", "archived") for ticket in self):
            raise UserError(self.env._("Only a closed ticket can be archived. Close it first."))
        vals["waiting_for"] = (vals.get("waiting_for") or "customer") if state == "waiting" else False
        if state in ("closed", "archived"):
            if any(ticket.state not in ("closed", "archived") for ticket in self):
                vals.setdefault("closed_at", fields.Datetime.now())
        else:
            vals["closed_at"] = False
        return vals

    def _on_customer_answer(self):
        """A customer's words reopen what waits or is closed; archived tickets never get here."""
        asleep = self.filtered(lambda ticket: ticket.state in ("waiting", "closed"))
        if asleep:
            asleep.write({"state": "open"})

    def _on_undelivered(self):
        """An answer that did not arrive is our move again."""
        self.write({"unread": True})
        self._on_customer_answer()

    def _on_answered(self):
        """After an answer to the customer it is the customer's move."""
        open_tickets = self.filtered(lambda ticket: ticket.state == "open")
        if open_tickets:
            open_tickets.write({"state": "waiting", "waiting_for": "customer"})
