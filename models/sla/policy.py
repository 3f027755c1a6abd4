from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import choices

PROMISES = [("first_response", "First response"), ("resolution", "Resolution")]
# The order in which policies win, and what the ticket says about why it has this one.
SOURCES = [("manual", "Manual"), ("service", "Service"), ("client", "Customer"), ("category", "Category"),
           ("conditions", "Priority or department"), ("department", "Default of the department"),
           ("all", "For all tickets")]
RANK = {source: rank for rank, (source, _label) in enumerate(SOURCES)}


class ServicedeskSlaPolicy(models.Model):
    """A promise to customers: how soon we answer and how soon it is solved, in working time.

    All conditions of a policy must hold. Of those that do, the one with the strongest condition wins (service, then
    client, category, then priority or department), then the department's default, then a policy without conditions;
    within one of these the sequence decides.
    """

    _name = "servicedesk.sla.policy"
    _inherit = ["servicedesk.cached.settings"]
    _description = "SLA policy"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    first_response_hours = fields.Float("First response", help="Working hours until a person answers, for "
                                                               "example 4. Leave empty for no target.")
    resolution_hours = fields.Float("Resolution", help="Working hours until it is solved, for example 16. Leave "
                                                       "empty for no target.")
    note = fields.Text(help="What was agreed, for colleagues.")

    service_ids = fields.Many2many("servicedesk.service", string="Services", check_company=True)
    partner_ids = fields.Many2many(
        "res.partner", "servicedesk_sla_policy_partner_rel", string="Customers", domain=[("parent_id", "=", False)])
    category_ids = fields.Many2many("servicedesk.category", string="Categories", help="With their subcategories.",
                                    domain="[('company_id', 'in', (company_id, False))]")
    department_ids = fields.Many2many(
        "servicedesk.department", "servicedesk_sla_policy_department_rel", string="Departments", check_company=True)
    priority = fields.Selection(choices.PRIORITIES)
    step_ids = fields.One2many("servicedesk.escalation.step", "policy_id", "Escalation", copy=True)
    ticket_count = fields.Integer("Running tickets", compute="_compute_ticket_count")

    def _compute_ticket_count(self):
        counts = dict(self.env["servicedesk.sla.clock"]._read_group(
            Domain("policy_id", "in", self.ids) & Domain("state", "in", ("running", "paused")),
            ["policy_id"], ["ticket_id:count_distinct"]))
        for policy in self:
            policy.ticket_count = counts.get(policy, 0)

    @api.constrains("first_response_hours", "resolution_hours")
    def _check_hours(self):
        for policy in self:
            if min(policy.first_response_hours, policy.resolution_hours) < 0:
                raise ValidationError(self.env._("An SLA target cannot be negative."))
            if not (policy.first_response_hours or policy.resolution_hours):
                raise ValidationError(self.env._("“%s” has no SLA target: enter hours.", policy.name))

    def write(self, vals):
        result = super().write(vals)
        if {"first_response_hours", "resolution_hours"} & vals.keys():
            self._recount_running()
        return result

    def _recount_running(self):
        """Let what runs under these policies follow them; a ticket's choice of a policy stays as it is."""
        running = self.env["servicedesk.sla.clock"].sudo()._read_group(  # sudo: whoever writes policies, all follow
            Domain("policy_id", "in", self.ids) & Domain("state", "in", ("running", "paused")), ["department_id"])
        self.env["servicedesk.department"].union(*(department for (department,) in running))._await_recount()

    @api.model
    @tools.ormcache()
    def _get_all(self):
        """Return ``{company id: [policy dicts]}`` by their sequence; hot paths ask it without a query."""
        result = {}
        # sudo: promises hold whoever files the ticket
        policies = self.sudo().search(Domain.TRUE)
        departments = self.env["servicedesk.department"].sudo().search(  # sudo: as above
            [("sla_policy_id", "!=", False)])
        defaults = departments.sla_policy_id
        for policy in policies:
            conditions = {
                "service": frozenset(policy.service_ids.ids), "client": frozenset(policy.partner_ids.ids),
                "category": frozenset(policy.category_ids.ids), "department": frozenset(policy.department_ids.ids)}
            strongest = next((name for name in ("service", "client", "category") if conditions[name]), None)
            general = "conditions" if policy.priority or conditions["department"] else "all"
            if general == "all" and policy in defaults:
                general = False  # only where it was chosen
            result.setdefault(policy.company_id.id, []).append(conditions | {
                "id": policy.id, "name": policy.name, "priority": policy.priority, "source": strongest or general,
                "first_response": round(policy.first_response_hours * 3600),
                "resolution": round(policy.resolution_hours * 3600)})
        return result

    @api.model
    def _get_name(self, policy_id):
        """Return the name of an active policy without a query, else ``''``."""
        return next((policy["name"] for policies in self._get_all().values() for policy in policies
                     if policy["id"] == policy_id), "")

    @api.model
    def _choose(self, ticket):
        """Return ``(policy dict or None, source)`` for a ticket."""
        policies = self._get_all().get(ticket.company_id.id, ())
        default = ticket.department_id.sla_policy_id.id if policies else False
        found = [(RANK[policy["source"]], order, policy["source"], policy)
                 for order, policy in enumerate(policies) if policy["source"] and self._fits(policy, ticket)]
        found += [(RANK["department"], 0, "department", policy) for policy in policies if policy["id"] == default]
        if not found:
            return None, False
        _rank, _order, source, policy = min(found, key=lambda row: row[:2])
        return policy, source

    @api.model
    def _fits(self, policy, ticket):
        ticket = ticket.sudo()  # sudo: which client or service it is, also where its card is closed to the user
        if policy["priority"] and policy["priority"] != ticket.priority:
            return False
        if policy["department"] and ticket.department_id.id not in policy["department"]:
            return False
        if policy["service"] and ticket.service_id.id not in policy["service"]:
            return False
        category = ticket.category_id
        if policy["category"] and not policy["category"] & {category.id, category.parent_id.id}:
            return False
        client = ticket.partner_id
        return not policy["client"] or bool(policy["client"] & {client.id, client.commercial_partner_id.id})

    def action_open_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_ticket_action")
        return action | {"display_name": self.name, "context": {}, "domain": [
            ("sla_clock_ids", "any", [("policy_id", "=", self.id), ("state", "in", ("running", "paused"))])]}

    def action_apply(self):
        """Start the clocks of tickets that are not closed and have none, from now on; the history stays as it is.

        :return: a word about how many, for the administrator
        """
        self.check_access("write")
        company = self.company_id
        tickets = self.env["servicedesk.ticket"].search(
            Domain("company_id", "in", company.ids) & Domain("state", "in", ("open", "waiting"))
            & Domain("sla_state", "=", False), limit=10_000)
        self.env["servicedesk.sla.clock"]._start(tickets, fields.Datetime.now())
        started = len(tickets.filtered("sla_state"))
        return {"type": "ir.actions.client", "tag": "display_notification", "params": {
            "type": "success", "message": self.env._("SLA timers started from now on: %s", started)}}
