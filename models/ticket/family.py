from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..access.relations import RuledOne2many


class ServicedeskTicket(models.Model):
    """Parents and children: one matter cut into several, each with its own owner, state and customer."""

    _inherit = "servicedesk.ticket"

    parent_id = fields.Many2one("servicedesk.ticket", "Parent ticket", index="btree_not_null", ondelete="set null",
                                copy=False, domain="[('company_id', '=', company_id), ('id', '!=', id)]")
    child_ids = RuledOne2many("servicedesk.ticket", "parent_id", "Sub-tickets")

    @api.constrains("parent_id")
    def _check_parent(self):
        if not any(ticket.parent_id for ticket in self):
            return
        if self._has_cycle():
            raise ValidationError(self.env._("A ticket cannot be its own parent."))
        for ticket in self.sudo():  # sudo: the company of a parent out of sight counts too
            if ticket.parent_id and ticket.parent_id.company_id != ticket.company_id:
                raise ValidationError(self.env._("Parent and sub-ticket must belong to the same company."))

    def _check_parent_in_sight(self, vals_list):
        """Let nobody hang a ticket under one that he does not see.

        :raise AccessError: for a parent out of sight
        """
        inherited = self.env.context.get("default_parent_id")
        parents = self.browse(filter(None, (vals.get("parent_id", inherited) for vals in vals_list)))
        if parents and not self.env.su:
            parents.check_access("read")

    def _log_children_of(self, vals_list):
        """Note on the parents of new tickets that a child has come."""
        # By the values: reading the field back would cost every new ticket a query.
        inherited = self.env.context.get("default_parent_id")
        born = self.browse(ticket.id for ticket, vals in zip(self, vals_list, strict=True)
                           if vals.get("parent_id", inherited))
        # sudo: a parent out of sight is not left out, it only learns of it
        self.env["servicedesk.event"]._log_fact("child_added", [(child.sudo().parent_id, child) for child in born])

    def _log_moved_children(self, change, vals):
        """Note on the parents that children have gone or come; the child's own line is that of its field."""
        if "parent_id" not in vals:
            return
        moved = change.changed(self.sudo(), "parent_id")  # sudo: parents out of sight learn of it too
        Event = self.env["servicedesk.event"]
        Event._log_fact("child_removed", [(self.browse(change.old(child, "parent_id")), child) for child in moved])
        Event._log_fact("child_added", [(child.parent_id, child) for child in moved])

    def action_new_child(self, text=""):
        """Open the form of a new child ticket: whose matter it is comes along, the rest is chosen there.

        :param Markup text: what the child starts from, kept as its first internal note
        """
        self.ensure_one()
        self.check_access("write")
        if self.state == "archived":
            raise UserError(self.env._("An archived ticket takes no more sub-tickets. Open a new ticket instead."))
        return {
            "type": "ir.actions.act_window", "res_model": "servicedesk.ticket", "views": [(False, "form")],
            "name": self.env._("New sub-ticket of %s", self.number), "target": "current",
            "context": {
                "default_parent_id": self.id, "default_partner_id": self.partner_id.id,
                "default_contact_id": self.contact_id.id, "default_contact_email": self.contact_email,
                "default_department_id": self.department_id.id, "default_category_id": self.category_id.id,
                "default_subject": self.subject, "default_description": text or Markup(),
            },
        }
