from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .policy import PROMISES


class ServicedeskEscalationStep(models.Model):
    """One step of a ladder: when, who is told, by what, and what else happens. Taken once per clock."""

    _name = "servicedesk.escalation.step"
    _inherit = ["servicedesk.cached.settings"]
    _description = "Escalation step"
    _order = "sequence, id"

    policy_id = fields.Many2one("servicedesk.sla.policy", ondelete="cascade", index="btree_not_null")
    department_id = fields.Many2one("servicedesk.department", ondelete="cascade", index="btree_not_null")
    company_id = fields.Many2one("res.company", compute="_compute_company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    promise = fields.Selection(PROMISES, "SLA target", help="Leave empty for both SLA targets.")
    trigger = fields.Selection(
        [("warning", "After the warning"), ("breach", "After the deadline"), ("not_started", "Nobody started"),
         ("percent", "Share of the time used")], required=True, default="breach", string="When")
    delay = fields.Integer("Minutes", help="Working minutes after that; with “Nobody started”: since the beginning.")
    percent = fields.Integer("%", default=50)
    recipient = fields.Selection(
        [("owner", "Owner"), ("manager", "Department manager"),
         ("superior", "Manager of the parent department"),
         ("on_duty", "On call"), ("members", "Members of the department"), ("users", "Chosen people")],
        required=True, default="manager", string="Notified people")
    user_ids = fields.Many2many("res.users", "servicedesk_escalation_step_user_rel", string="People",
                                domain=[("share", "=", False)])
    mail = fields.Boolean("E-mail", default=True)
    sms = fields.Selection([("never", "Never"), ("urgent", "Urgent tickets"), ("always", "Always")],
                           "SMS", required=True, default="never")
    activity = fields.Boolean(help="Also plans an activity for the people who are notified.")
    raise_priority = fields.Boolean("Raise priority", help="One level up. SLA targets stay as they are.")
    reassign = fields.Selection(
        [("no", "Nobody else"), ("told", "First person notified"), ("release", "Unassigned")],
        required=True, default="no", string="New owner")

    _parent_set = models.Constraint("CHECK ((policy_id IS NULL) <> (department_id IS NULL))",
                                    "A step belongs to a policy or to a department.")

    @api.depends("policy_id.company_id", "department_id.company_id")
    def _compute_company_id(self):
        for step in self:
            step.company_id = step.policy_id.company_id or step.department_id.company_id

    @api.constrains("delay", "percent", "recipient", "user_ids")
    def _check_step(self):
        for step in self:
            if step.delay < 0 or not 0 < step.percent <= 1000:
                raise ValidationError(self.env._("Minutes cannot be negative, and the share is between 1 and 1,000 %."))
            if step.recipient == "users" and not step.user_ids:
                raise ValidationError(self.env._("Choose the people who are notified."))

    @api.depends("trigger", "delay", "percent", "recipient")
    def _compute_display_name(self):
        for step in self:
            recipient = dict(self._fields["recipient"]._description_selection(self.env)).get(step.recipient, "")
            step.display_name = f"{step._describe()}: {recipient}" if step.trigger else ""

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._recount_running()
        return steps

    def write(self, vals):
        result = super().write(vals)
        if {"trigger", "delay", "percent", "promise"} & vals.keys():
            self._recount_running()
        return result

    def _recount_running(self):
        """Another ladder, another next alarm."""
        self.policy_id._recount_running()
        self.department_id._await_recount()

    def _describe(self):
        """Return when the step is due, in words: "After the deadline (60 min)"."""
        trigger = dict(self._fields["trigger"]._description_selection(self.env))[self.trigger]
        moment = f"{self.percent} %" if self.trigger == "percent" else f"{self.delay} min"
        return f"{trigger} ({moment})" if moment != "0 min" else trigger

    @api.model
    @tools.ormcache()
    def _get_ladders(self):
        """Return ``{(policy id or False, department id or False): [step dicts]}``, delays in seconds."""
        result = {}
        # sudo: steps are taken by the system
        for step in self.sudo().search(Domain.TRUE):
            steps = result.setdefault((step.policy_id.id, step.department_id.id), [])
            steps.append({"id": step.id, "number": len(steps) + 1, "promise": step.promise, "trigger": step.trigger,
                          "delay": step.delay * 60, "percent": step.percent})
        return result

    @api.model
    def _get_ladder(self, policy_id, department_id):
        """Return the steps of a policy, without any those of the department."""
        ladders = self._get_ladders()
        return ladders.get((policy_id, False)) or ladders.get((False, department_id)) or []

    def _get_told(self, ticket):
        """Return who is told about a ticket; where a place is empty, the next above."""
        department = ticket.department_id
        manager = department.manager_id.filtered("active")
        superior = department.parent_id.manager_id.filtered("active")
        return {
            "owner": ticket.owner_id.filtered("active") or manager or department.member_ids,
            "manager": manager or superior,
            "superior": superior or manager,
            "on_duty": department._get_on_duty() or superior,
            "members": department.member_ids,
            "users": self.user_ids,
        }[self.recipient].filtered("active")


class ServicedeskEscalation(models.Model):
    """A step that was taken on a clock, once and for all."""

    _name = "servicedesk.escalation"
    _inherit = ["servicedesk.scope"]
    _description = "Escalation"
    _order = "id"
    _ticket_path = "clock_id.ticket_id"

    clock_id = fields.Many2one("servicedesk.sla.clock", "SLA timer", required=True, ondelete="cascade", readonly=True)
    step_id = fields.Many2one("servicedesk.escalation.step", required=True, ondelete="cascade", readonly=True,
                              index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    told = fields.Char("Notified", readonly=True)

    _once = models.UniqueIndex("(clock_id, step_id)", "This step has been taken.")

    @api.model
    def _get_done(self, clocks):
        """Return ``{clock id: {step ids}}`` of what was taken; no query where there are no steps at all."""
        result = {}
        if not clocks or not self.env["servicedesk.escalation.step"]._get_ladders():
            return result
        # sudo: read to decide what is still to come
        for taken in self.sudo().search_fetch([("clock_id", "in", clocks.ids)], ["clock_id", "step_id"]):
            result.setdefault(taken.clock_id.id, set()).add(taken.step_id.id)
        return result
