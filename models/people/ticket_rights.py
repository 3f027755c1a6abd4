from odoo import api, fields, models
from odoo.exceptions import AccessError

# What not everybody may change who works on a ticket → the right of the membership that it takes.
GUARDED = {
    "owner_id": "assign", "team_id": "assign", "department_id": "assign",
    "manual_deadline": "deadline", "manual_deadline_reason": "deadline",
}


class ServicedeskTicket(models.Model):
    """Limited edit: whoever sees a ticket works on it, but whose it is and until when is not everybody's to say.

    ==========================  =============  ==========================  =====================
    change                      right          free without the right      always
    ==========================  =============  ==========================  =====================
    owner, group, department    ``assign``     one's own work              supervisor, managers,
    merging it away             ``assign``     one's own work              administrator,
    deadline by hand            ``deadline``   never                       the system
    delete, ban, export         same names     never                       (these: by switch)
    ==========================  =============  ==========================  =====================

    One's own work is what one owns, what an absent colleague owns whom one stands in for, and what nobody owns;
    where a dispatcher chooses, of the latter only what was given to one's group.
    """

    _inherit = "servicedesk.ticket"

    may_assign = fields.Boolean(compute="_compute_may_assign", export_string_translation=False)
    may_set_deadline = fields.Boolean(compute="_compute_may_set_deadline", export_string_translation=False)

    @api.depends("owner_id", "team_id", "department_id")
    @api.depends_context("uid")
    def _compute_may_assign(self):
        for ticket in self:
            # As it is stored: choosing another owner in the form must not lock the choice before it is saved.
            ticket.may_assign = not ticket._origin or not ticket._origin._get_right_refusal("assign")

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_may_set_deadline(self):
        for ticket in self:
            ticket.may_set_deadline = not ticket._get_right_refusal("deadline")

    def _check_first_deadline(self, vals_list):
        """Raise AccessError where a new ticket has a deadline by hand that the user may not set."""
        if any(vals.get("manual_deadline") for vals in vals_list):
            self.filtered("manual_deadline")._check_right_to("deadline")

    def _check_change(self, vals):
        """Raise AccessError unless the user may change these tickets to ``vals``; what stays as it is counts not."""
        if self.env.su:
            return
        for name in GUARDED.keys() & vals.keys():
            field = self._fields[name]
            self.filtered(lambda ticket, field=field: field.convert_to_cache(vals[field.name], ticket)
                          != field.convert_to_cache(ticket[field.name], ticket))._check_right_to(GUARDED[name])

    def _check_right_to(self, right):
        """Raise AccessError, in words about the first such ticket, unless the user may do ``right`` on all of them."""
        for ticket in self:
            if refusal := ticket._get_right_refusal(right):
                raise AccessError(refusal)

    def _get_right_refusal(self, right):
        """Return why the user may not do what takes ``right`` (``assign`` or ``deadline``) on this ticket, or None."""
        self.ensure_one()
        if self.department_id._filter_right(right) or (right == "assign" and self._is_own_work()):
            return None
        department = self.sudo().department_id  # sudo: its name, for the message
        if right == "deadline":
            return self.env._("You may not set deadlines in the department %s. Ask its supervisor.", department.name)
        if self.owner_id:
            owner = self.sudo().owner_id.name  # sudo: the name, for the message
            return self.env._(
                "%(number)s belongs to %(owner)s. You may work on it; whose it is and in which department can be "
                "changed by %(owner)s and the supervisors of %(department)s.",
                number=self.number, owner=owner, department=department.name)
        return self.env._("In %s the dispatcher chooses who gets a ticket.", department.name)

    def _is_own_work(self):
        """Tell whether the ticket is the user's to give away; a dispatcher gives away all that waits."""
        self.ensure_one()
        user = self.env.user
        if self.owner_id:
            return self.owner_id == user or bool(
                self.env["servicedesk.substitution"]._get_substituted(user, self.owner_id))
        if self._get_assignment() != "dispatcher":
            return True
        # sudo: who dispatches, and who is in the group
        return user in self.sudo().department_id.dispatcher_ids | self.sudo().team_id.member_ids

    @api.model
    def _get_absent_actions(self):
        absent = super()._get_absent_actions()
        return absent + ["delete"] if self.env.user._get_servicedesk_right("delete") == set() else absent
