from odoo import api, models


class ServicedeskTicket(models.Model):
    """What a category brings to a ticket: its department, a priority, an owner; never over what somebody chose."""

    _inherit = "servicedesk.ticket"

    @api.onchange("category_id")
    def _onchange_category_id(self):
        """Show at once what saving will bring."""
        self.update(self._get_category_vals(self._origin.category_id))

    def _prepare_category_vals(self, vals_list):
        """Complete the values of new tickets by what their category brings; values given by hand stay."""
        for vals in vals_list:
            category = self.env["servicedesk.category"].browse(
                vals.get("category_id", self.env.context.get("default_category_id")))
            if not category:
                continue
            # Given, not computed: only then the defaults of the form are there from the beginning.
            vals["form_category_id"] = category.form_category_id.id
            if category.department_id and not vals.get("department_id", self.env.context.get("default_department_id")):
                vals["department_id"] = category.department_id.id
            if category.priority and "priority" not in vals:
                vals["priority"] = category.priority
            department = self.env["servicedesk.department"].browse(vals.get("department_id"))
            if "owner_id" not in vals and department and (owner := category._get_owner(department)):
                vals["owner_id"] = owner.id

    def _apply_category(self, change, written):
        """Give tickets that just got another category what it brings, unless the same write said otherwise.

        :param written: the values of the write
        """
        if "category_id" not in written:
            return
        groups = {}
        for ticket in change.changed(self, "category_id"):
            former = self.env["servicedesk.category"].browse(change.old(ticket, "category_id"))
            vals = {name: value.id if ticket._fields[name].relational else value
                    for name, value in ticket._get_category_vals(former).items() if name not in written}
            if "status_id" not in written and ticket.status_id - ticket.category_id._get_statuses():
                vals["status_id"] = False
            if vals:
                key = tuple(sorted(vals.items()))
                groups[key] = groups.get(key, self.browse()) | ticket
        for key, tickets in groups.items():
            tickets.write(dict(key))

    def _get_category_vals(self, former):
        """Return what the category brings: ``{field: value}``, records for relations.

        A priority counts as untouched while it is the normal one or that of the former category.
        """
        self.ensure_one()
        category, vals = self.category_id, {}
        if not category or category == former:
            return vals
        department = category.department_id
        if department and department != self.department_id and (
                not self.company_id or department.company_id == self.company_id):
            vals["department_id"] = department
        if category.priority and category.priority != self.priority and self.priority in ("1", former.priority):
            vals["priority"] = category.priority
        # Where a dispatcher chooses, the choice is left to whoever may make it.
        if not self.owner_id and self.may_assign and (
                owner := category._get_owner(vals.get("department_id", self.department_id))):
            vals["owner_id"] = owner
        return vals
