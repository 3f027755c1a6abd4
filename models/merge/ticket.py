from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.mail import addresses
from ..access.relations import RuledOne2many


class ServicedeskTicket(models.Model):
    """What becomes of a merged ticket: archived for good, its number and its mails lead to the survivor."""

    _inherit = "servicedesk.ticket"

    merged_into_id = fields.Many2one("servicedesk.ticket", "Merged into", readonly=True, copy=False,
                                     index="btree_not_null", ondelete="set null")
    merged_ids = RuledOne2many("servicedesk.ticket", "merged_into_id", "Merged tickets")
    former_numbers = fields.Char("Numbers of merged tickets", compute="_compute_former_numbers", store=True,
                                 recursive=True, copy=False, index="trigram")
    merge_ids = fields.One2many("servicedesk.merge", "survivor_id", "Merges", domain=[("state", "=", "done")])

    @api.depends("merged_ids.number", "merged_ids.former_numbers")
    def _compute_former_numbers(self):
        """The numbers of all that ended here, also by way of another, so that a search by them finds this one."""
        for ticket in self:
            numbers = [part for merged in ticket.merged_ids.sorted("id")
                       for part in (merged.number, merged.former_numbers) if part]
            ticket.former_numbers = " ".join(numbers) or False

    def _get_survivors(self):
        """Return the tickets in which these live on; those that were not merged are their own."""
        found = self.browse()
        for ticket in self:
            seen = ticket
            while ticket.merged_into_id and ticket.merged_into_id not in seen:
                ticket = ticket.merged_into_id
                seen |= ticket
            found |= ticket
        return found

    @api.model
    def _get_survivor_id(self, ticket_id):
        """Return the id under which a ticket lives on; links to a merged one go on working."""
        # sudo: nothing but an id, whose ticket the caller finds only under his own rights
        return self.sudo().browse(ticket_id).exists()._get_survivors().id

    def _get_participants(self):
        """Those who had a part in a ticket merged into this one have a part in this one."""
        result = super()._get_participants()
        for ticket in self.filtered("former_numbers"):
            merged = ticket._get_all_merged()
            people = merged.contact_id | merged.partner_id | merged.partner_id.child_ids
            proven, claimed = people._split_servicedesk_addresses()
            result[ticket.id] |= {*merged.mapped("contact_email"), *proven} - claimed - {False, "", None}
        return result

    def _get_all_merged(self):
        """Return the tickets that ended in these, also by way of others."""
        found, level = self.browse(), self
        while level := level.merged_ids - found:
            found |= level
        return found

    def _get_customer_addresses(self):
        """The requester of a merged ticket reads here what was said there; another client's is not of this one's."""
        result = super()._get_customer_addresses()
        if not self.former_numbers:
            return result
        client = self.partner_id.commercial_partner_id
        ours = self._get_all_merged().filtered(
            lambda ticket: ticket.partner_id.commercial_partner_id in (client, client.browse()))
        claimed = (ours.contact_id | ours.partner_id)._split_servicedesk_addresses()[1]
        theirs = {addresses.normalize(email) for email in ours.mapped("contact_email") if email}
        return result | theirs - claimed - {False, ""}

    @api.model
    def _get_customer_domain(self, partner):
        """A merged ticket lives on in the survivor; there is nothing left to see in it."""
        return super()._get_customer_domain(partner) & Domain("merged_into_id", "=", False)

    def action_open_survivor(self):
        self.ensure_one()
        return {"type": "ir.actions.act_window", "res_model": self._name, "res_id": self._get_survivors().id,
                "views": [(False, "form")]}

    def action_merge(self):
        """Ask which tickets to merge with these."""
        self.check_access("write")
        if merged := self.filtered("merged_into_id"):
            raise UserError(self.env._("%(number)s is already merged into %(survivor)s.", number=merged[0].number,
                                       survivor=merged[0].sudo().merged_into_id.number))  # sudo: only its number
        return self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_merge_tickets_action") | {
            "context": {"default_ticket_ids": self.ids, "dialog_size": "medium"}}

    def action_ask_undo_merge(self):
        """Show the merge that ended this ticket, with what its undo brings back."""
        self.check_access("read")
        self.ensure_one()
        merge = self.env["servicedesk.merge"].search(
            Domain("state", "=", "done") & Domain("source_ids", "in", self.ids), order="id desc", limit=1)
        return merge.action_show()
