from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ...tools.mail import addresses
from ..access.relations import RuledOne2many
from ..html.clean_html import CleanHtml

# Read out of Odoo's cache wherever a ticket is opened.
CACHED = {"assignment", "sla_policy_id", "sms_enabled", "sms_gateway_id", "channel_call", "channel_meeting"}
# Changes of these move clocks that run; another default policy counts for new tickets only.
COUNTED = {"calendar_id", "sla_warning_percent", "sla_warning_minutes"}


class ServicedeskDepartment(models.Model):
    """A mailbox and the people behind it."""

    _name = "servicedesk.department"
    _inherit = ["mail.alias.mixin.optional"]
    _description = "Service Desk department"
    _parent_store = True
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    parent_id = fields.Many2one("servicedesk.department", "Parent department", index=True, ondelete="restrict",
                                domain="[('company_id', '=', company_id)]")
    parent_path = fields.Char("Parent path", index=True)
    manager_id = fields.Many2one("res.users", "Department manager", domain=[("share", "=", False)],
                                 index="btree_not_null",
                                 help="Sees this department and all below it.")
    membership_ids = fields.One2many("servicedesk.membership", "department_id", "Memberships", copy=True)
    member_ids = fields.Many2many("res.users", compute="_compute_member_ids", string="Members")

    email = fields.Char("E-mail address", help="Customers write here, and answers leave from here.")
    email_normalized = fields.Char(compute="_compute_email_normalized", store=True, index="btree_not_null",
                                   export_string_translation=False)
    mailbox_ids = fields.One2many("fetchmail.server", "department_id", "Mailboxes")
    mail_server_id = fields.Many2one("ir.mail_server", "Outgoing mail server",
                                     help="Leave empty to let Odoo choose the server by the sender's address.")
    signature = CleanHtml(translate=True)

    portal_visible = fields.Boolean("Show in the portal", default=True,
                                    help="Customers who sign in follow their requests here and open new ones.")

    ticket_ids = RuledOne2many("servicedesk.ticket", "department_id", "Tickets")
    open_count = fields.Integer("Open tickets", compute="_compute_counts")
    unassigned_count = fields.Integer("Unassigned", compute="_compute_counts")
    unread_count = fields.Integer("Unread", compute="_compute_counts")

    _email_uniq = models.UniqueIndex(
        "(email_normalized) WHERE email_normalized <> ''", "Another department has this e-mail address."
    )

    @api.depends("email")
    def _compute_email_normalized(self):
        for department in self:
            department.email_normalized = addresses.normalize(department.email) or False

    @api.depends("membership_ids.user_id")
    def _compute_member_ids(self):
        for department in self:
            department.member_ids = department.membership_ids.user_id

    @api.depends("ticket_ids.state", "ticket_ids.owner_id", "ticket_ids.unread")
    def _compute_counts(self):
        Ticket = self.env["servicedesk.ticket"]
        counts = {department.id: [0, 0, 0] for department in self}
        groups = Ticket._read_group(
            Domain("department_id", "in", self.ids) & Domain("state", "=", "open"),
            ["department_id", "unread"], ["__count", "owner_id:count"])
        for department, unread, total, owned in groups:
            for index, count in enumerate((total, total - owned, total if unread else 0)):
                counts[department.id][index] += count
        for department in self:
            department.open_count, department.unassigned_count, department.unread_count = counts[department.id]

    @api.constrains("email")
    def _check_email(self):
        for department in self:
            if department.email and not department.email_normalized:
                raise ValidationError(self.env._("“%s” is not an e-mail address.", department.email))

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A department cannot be its own superior."))

    @api.model_create_multi
    def create(self, vals_list):
        companies = self.env["res.company"].browse
        departments = super().create([
            vals | self._prepare_sms_number(vals, companies(vals.get("company_id")) or self.env.company)
            for vals in vals_list])
        self.env["res.users"]._forget_servicedesk_rights()
        if any(vals.get("sla_policy_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return departments

    def write(self, vals):
        vals = vals | self._prepare_sms_number(vals, self[:1].company_id)
        if not vals.get("active", True):
            self._stop_mailboxes()
        result = super().write(vals)
        if vals.keys() & {"manager_id", "parent_id"}:
            self.env["res.users"]._forget_servicedesk_rights()
        if vals.keys() & CACHED:
            self.env.registry.clear_cache()
        if vals.keys() & COUNTED:
            self._await_recount()
        return result

    def unlink(self):
        self._release_accounts()
        return super().unlink()

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("servicedesk.ticket")
        if self.id:
            values["alias_defaults"] = {"department_id": self.id}
        return values

    def _get_sender(self):
        """Return the bare address from which the department's answers leave, or ``''``."""
        self.ensure_one()
        return self.email_normalized or (self.alias_name and self.alias_email) or ""

    def _filter_right(self, right):
        """Return those of these departments in which the user has a right, a key of ``RIGHTS``."""
        allowed = None if self.env.su else self.env.user._get_servicedesk_right(right)
        return self if allowed is None else self.filtered(lambda department: department.id in allowed)

    def _check_right(self, right):
        """Raise AccessError unless the user may do ``right`` (a key of RIGHTS) in all these departments."""
        if refused := self - self._filter_right(right):
            raise AccessError(self.env._(
                "You do not have this right in the department %s.",
                ", ".join(refused.sudo().mapped("name"))))  # sudo: only the names, for the message

    def action_open_tickets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_ticket_action")
        return action | {"display_name": self.name, "domain": [("department_id", "=", self.id)],
                         "context": {"default_department_id": self.id, "search_default_open": 1}}
