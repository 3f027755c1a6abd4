from odoo import fields, models

# right → the switch that gives it, the level that has it without
RIGHTS = {
    "assign": ("can_assign", "supervisor"),
    "deadline": ("can_deadline", "supervisor"),
    "delete": ("can_delete", None),
    "ban": ("can_ban", None),
    "export": ("can_export", None),
}


class ServicedeskMembership(models.Model):
    """One user in one department: how much of it is seen, and what may be done beyond answering.

    The groups of Odoo only open menus; every finer right is read here. Whoever sees a ticket works on it: answers,
    notes, state, category, tags. What goes beyond is a right of its own (``RIGHTS``, ``people/ticket.py``).
    """

    _name = "servicedesk.membership"
    _description = "Department membership"
    _rec_name = "user_id"
    _order = "department_id, level desc, id"

    department_id = fields.Many2one("servicedesk.department", required=True, ondelete="cascade", index=True)
    user_id = fields.Many2one(
        "res.users", "Person", required=True, ondelete="cascade", index=True, domain=[("share", "=", False)]
    )
    level = fields.Selection(
        [
            ("own", "Own and unassigned tickets"),
            ("specialist", "Specialist: whole department"),
            ("supervisor", "Supervisor: whole department, owners and deadlines"),
        ], "Access level",
        default="specialist",
        required=True,
    )
    client_ids = fields.Many2many(
        "res.partner", "servicedesk_membership_client_rel", "membership_id", "partner_id", "Only these customers",
        domain=[("parent_id", "=", False)], help="Leave empty for all customers. With a choice, tickets without "
                                                 "a customer are hidden.")
    can_assign = fields.Boolean("May reassign others' tickets", help=(
        "Can change owner, team and department of tickets owned by somebody else, and merge them. Supervisors "
        "always can."))
    can_deadline = fields.Boolean("May set deadlines", help="Can set deadlines manually. Supervisors always can.")
    can_delete = fields.Boolean("May delete")
    can_ban = fields.Boolean("May block senders")
    can_export = fields.Boolean("May export")

    _user_uniq = models.Constraint(
        "UNIQUE(department_id, user_id)", "This person already is a member of the department."
    )
