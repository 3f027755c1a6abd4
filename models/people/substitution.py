from odoo import api, fields, models, tools
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

# What gives work to somebody when it is written.
GIVING = {"absent_id", "substitute_id", "starts_at", "ends_at", "active"}


class ServicedeskSubstitution(models.Model):
    """A colleague sees and does an absent one's work for a while, and loses it to the minute by itself.

    It is evaluated whenever rights are (``scope.py``): nothing has to run for it to begin or end.
    """

    _name = "servicedesk.substitution"
    _description = "Substitution"
    _order = "starts_at desc, id desc"
    _rec_name = "absent_id"

    absent_id = fields.Many2one("res.users", "Absent agent", required=True, ondelete="cascade", index=True,
                                default=lambda self: self.env.user, domain=[("share", "=", False)])
    substitute_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True,
                                    domain=[("share", "=", False)])
    starts_at = fields.Datetime("From", required=True, default=fields.Datetime.now)
    ends_at = fields.Datetime("Until", required=True)
    arranged_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="cascade", export_string_translation=False,
        help="The manager who arranged it: only work of departments that this person manages passes over.")
    reason = fields.Char()
    active = fields.Boolean(default=True)
    state = fields.Selection([("planned", "Planned"), ("running", "Under way"),
                              ("over", "Ended"), ("revoked", "Revoked")],
                             compute="_compute_state", search="_search_state")

    _period_check = models.Constraint("CHECK(ends_at > starts_at)", "A substitution must end after it begins.")
    _people_check = models.Constraint("CHECK(absent_id <> substitute_id)", "Nobody substitutes for oneself.")

    @api.depends("starts_at", "ends_at", "active")
    def _compute_state(self):
        now = fields.Datetime.now()
        for record in self:
            if not record.active:
                record.state = "revoked"
            elif record.ends_at and record.ends_at <= now:
                record.state = "over"
            else:
                record.state = "planned" if record.starts_at and record.starts_at > now else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domains = {
            "revoked": Domain("active", "=", False),
            "over": Domain("active", "=", True) & Domain("ends_at", "<=", now),
            "planned": Domain("active", "=", True) & Domain("starts_at", ">", now),
            "running": Domain("active", "=", True) & Domain("starts_at", "<=", now) & Domain("ends_at", ">", now),
        }
        return Domain.OR(domains[state] for state in value)

    @api.depends("absent_id", "substitute_id")
    def _compute_display_name(self):
        for record in self:
            if not record.absent_id or not record.substitute_id:
                record.display_name = record.absent_id.name or self.env._("New substitution")
                continue
            record.display_name = self.env._("%(substitute)s for %(absent)s", substitute=record.substitute_id.name,
                                             absent=record.absent_id.name)

    @api.constrains("absent_id", "substitute_id")
    def _check_people(self):
        for record in self.sudo():  # sudo: only whether they belong to the desk
            for user in record.absent_id | record.substitute_id:
                if not user.has_group("servicedesk.group_user"):
                    raise ValidationError(self.env._("%s does not work in Service Desk.", user.name))

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._without_arranger(vals) for vals in vals_list])
        records._check_right()
        records._note_arranger()
        self._forget()
        return records

    def write(self, vals):
        self._check_right()
        result = super().write(self._without_arranger(vals))
        self._check_right()
        if vals.keys() & GIVING:
            self._note_arranger()
        self._forget()
        return result

    def unlink(self):
        self._check_right()
        self._forget()
        return super().unlink()

    def _without_arranger(self, vals):
        """Return ``vals`` without who arranged it: that is the system's to note."""
        return vals if self.env.su else {name: value for name, value in vals.items() if name != "arranged_by_id"}

    def _note_arranger(self):
        """Note the manager in whose name work is given; one's own work, and what administrators give, is all of it."""
        user = self.env.user
        if self.env.su:
            return
        manages = not user.has_group("servicedesk.group_admin")
        for record in self:
            arranger = user if manages and record.absent_id != user else user.browse()
            # sudo: noted by the system
            models.BaseModel.write(record.sudo(), {"arranged_by_id": arranger.id})

    def _forget(self):
        self.env["res.users"]._forget_servicedesk_rights()
        self.env.registry.clear_cache()

    def _check_right(self):
        """One's own absence is one's own to arrange; that of others is their managers' and the administrators'."""
        user = self.env.user
        if self.env.su or user.has_group("servicedesk.group_admin"):
            return
        for record in self:
            departments = record.sudo().absent_id.servicedesk_membership_ids.department_id  # sudo: to decide the right
            managed = departments.filtered(lambda department: user in department._get_superiors())
            if record.absent_id != user and not managed:
                raise AccessError(self.env._("Only %s, a manager or an administrator can set this up.",
                                             record.absent_id.name))

    def action_end(self):
        """End now what runs, revoke what is planned; the line stays for the record."""
        now = fields.Datetime.now()
        for record in self:
            if record.state == "running" and now > record.starts_at:
                record.ends_at = now
            elif record.state in ("running", "planned"):
                record.active = False

    @api.model
    @tools.ormcache()
    def _get_periods(self):
        """Return ``[(absent id, substitute id, start, end, manager's id or False)]`` of what is not over.

        The clock and who manages what are not cached.
        """
        records = self.sudo().search(Domain("ends_at", ">", fields.Datetime.now()))  # sudo: who stands in for whom
        return [(record.absent_id.id, record.substitute_id.id, record.starts_at, record.ends_at,
                 record.arranged_by_id.id) for record in records]

    @api.model
    def _get_substitutes(self, user_ids, department=None):
        """Return ``{absent user id: [ids of those who do the work now]}``, in a department or anywhere."""
        now, found = fields.Datetime.now(), {}
        for absent, substitute, start, end, manager in self._get_periods():
            if absent in user_ids and start <= now < end and (
                    not manager or not department or manager in department._get_superiors().ids):
                found.setdefault(absent, []).append(substitute)
        return found

    @api.model
    def _get_substituted(self, user, ticket):
        """Return a ticket's owner if ``user`` does this absent colleague's work now, else nobody."""
        owner = ticket.owner_id
        if owner and owner != user and user.id in self._get_substitutes(
                {owner.id}, ticket.department_id).get(owner.id, ()):
            return owner
        return self.env["res.users"]
