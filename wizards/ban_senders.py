from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.mail import addresses


class ServicedeskBanSenders(models.TransientModel):
    """Ban those who asked on the chosen tickets, and settle their open tickets in the same step."""

    _name = "servicedesk.ban.senders"
    _description = "Block senders"

    ticket_ids = fields.Many2many("servicedesk.ticket", string="Tickets", readonly=True)
    scope = fields.Selection([("address", "Their addresses and numbers"), ("domain", "Their whole domains")], "Block",
                             default="address", required=True)
    values = fields.Char("What will be blocked", compute="_compute_values")
    reason = fields.Char()
    expires_at = fields.Datetime("Until")
    then = fields.Selection(
        [("keep", "Leave their open tickets"), ("close", "Close their open tickets"),
         ("delete", "Delete their open tickets")],
        "And", default="keep", required=True)
    open_count = fields.Integer("Open tickets of these senders", compute="_compute_values")

    @api.depends("ticket_ids", "scope")
    def _compute_values(self):
        for wizard in self:
            wizard.values = ", ".join(wizard._get_values())
            wizard.open_count = len(wizard._get_open_tickets())

    def _get_values(self):
        found = filter(None, self.ticket_ids.mapped("contact_email"))
        cut = addresses.domain if self.scope == "domain" else addresses.normalize
        numbers = filter(None, self.ticket_ids.mapped("contact_phone") if self.scope == "address" else ())
        numbers = map(self.env["servicedesk.ban"]._normalize_sms_sender, numbers)
        return list(dict.fromkeys(filter(None, [*map(cut, found), *numbers])))

    def _get_open_tickets(self):
        """Return the not closed tickets of the senders that the user may see."""
        senders = list(filter(None, self.ticket_ids.mapped("contact_email")))
        numbers = list(filter(None, self.ticket_ids.mapped("contact_phone")))
        if not senders and not numbers:
            return self.ticket_ids
        theirs = Domain("contact_email", "in", senders) | Domain("contact_phone", "in", numbers)
        return self.env["servicedesk.ticket"].search(theirs & Domain("state", "in", ("open", "waiting")))

    def action_ban(self):
        """Ban, then close or delete; all or nothing.

        :raise AccessError: without the right to ban, or to delete, in a department concerned
        """
        self.ensure_one()
        self.ticket_ids.department_id._check_right("ban")
        values = self._get_values()
        if not values:
            raise UserError(self.env._("None of these tickets has a sender's address."))
        Ban = self.env["servicedesk.ban"]
        for company in self.ticket_ids.company_id:
            known = Ban.search([("company_id", "=", company.id), ("value", "in", values)]).mapped("value")
            Ban.create([{"value": value, "reason": self.reason, "expires_at": self.expires_at,
                         "company_id": company.id} for value in values if value not in known])
        tickets = self._get_open_tickets()
        if self.then == "close":
            tickets.action_close()
        elif self.then == "delete":
            tickets.unlink()
        return {"type": "ir.actions.act_window_close"}
