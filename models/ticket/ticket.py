from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import choices
from ...tools.mail import addresses
from ..access.relations import RuledMany2many
from ..html.clean_html import CleanHtml

# Set once or kept in step with items and clocks; agents never write them, whatever the client sends.
SYSTEM_FIELDS = {"number", "unread", "closed_at", "resolved_at", "state_since", "closing_announced_at",
                 "merged_into_id", "former_numbers", "last_item_at", "last_item_kind", "last_item_direction",
                 "last_item_preview", "watched", "assignment_due", "company_id", "form_category_id",
                 "first_response_deadline", "resolution_deadline", "sla_deadline", "sla_state", "sla_promise",
                 "sla_remaining", "sla_soon", "sla_policy", "sla_clock_ids"}
# What a change of state brings along, and with it a change of what a ticket waits for.
STATE_FIELDS = {"state", "waiting_for", "status_id", "state_since", "resolved_at", "closed_at", "reopen_at",
                "closing_announced_at"}
# Fields that something follows from when they change, beside those that history tells of (`_history_fields`).
TRACKED = STATE_FIELDS | {"manual_deadline", "manual_deadline_reason", "related_ids", "contact_name"}


class ServicedeskTicket(models.Model):
    """One matter of one client. What was said stands in its items; here is whose it is and where it stands."""

    _name = "servicedesk.ticket"
    _inherit = ["mail.thread", "mail.activity.mixin", "servicedesk.scope"]
    _description = "Ticket"
    _primary_email = "contact_email"
    _rec_name = "subject"
    _rec_names_search = ("number", "former_numbers", "subject")
    _order = "last_item_at desc, id desc"

    number = fields.Char(readonly=True, copy=False, default="", index="trigram")
    subject = fields.Char(required=True, index="trigram")
    department_id = fields.Many2one("servicedesk.department", required=True, ondelete="restrict",
                                    default=lambda self: self._default_department_id())
    company_id = fields.Many2one(related="department_id.company_id", store=True, index=True, precompute=True)
    owner_id = fields.Many2one("res.users", index="btree_not_null",
                               domain="[('servicedesk_department_ids', 'in', department_id)]")
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids", export_string_translation=False)
    category_id = fields.Many2one("servicedesk.category", index="btree_not_null", ondelete="restrict",
                                  domain="[('company_id', 'in', (company_id, False))]")
    tag_ids = fields.Many2many("servicedesk.tag", string="Tags")
    priority = fields.Selection(
        choices.PRIORITIES, default="1", required=True, index=True)

    state = fields.Selection(
        [("open", "Open"), ("waiting", "Waiting"), ("closed", "Closed"), ("archived", "Archived")],
        default="open", required=True, copy=False, group_expand=True)
    waiting_for = fields.Selection(
        choices.REASONS_TO_WAIT,
        "Waiting for", copy=False)
    closed_at = fields.Datetime("Closed on", readonly=True, copy=False)

    partner_id = fields.Many2one("res.partner", "Customer",
                                 help="The company or person the ticket belongs to.")
    contact_id = fields.Many2one("res.partner", index="btree_not_null",
                                 domain="partner_id and [('id', 'child_of', partner_id)] or []",
                                 help="The person who asks, for example an employee of the customer.")
    contact_email = fields.Char("Contact's e-mail", compute="_compute_contact_email", store=True, readonly=False,
                                precompute=True)
    contact_name = fields.Char("Contact's name")

    related_ids = RuledMany2many("servicedesk.ticket", "servicedesk_ticket_related_rel", "ticket_id", "related_id",
                                   "Related tickets", copy=False)

    item_ids = fields.One2many("servicedesk.item", "ticket_id", "Ticket messages")
    event_ids = fields.One2many("servicedesk.event", "ticket_id", "Events")
    description = CleanHtml(compute="_compute_description", inverse="_inverse_description",
                            help="Kept as the first message, an internal note.")
    last_item_at = fields.Datetime("Last message", default=fields.Datetime.now, readonly=True, copy=False)
    last_item_kind = fields.Char(readonly=True, copy=False, export_string_translation=False)
    last_item_direction = fields.Char(readonly=True, copy=False, export_string_translation=False)
    last_item_preview = fields.Char("Last message text", readonly=True, copy=False)
    unread = fields.Boolean(copy=False, help="Something new that the owner, or any member of the department for "
                                             "an unassigned ticket, has not opened.")
    requester = fields.Char("Contact or sender", compute="_compute_requester", compute_sudo=True)

    _number_uniq = models.UniqueIndex("(company_id, number)", "This ticket number is already in use.")
    _open_idx = models.Index("(last_item_at DESC, id DESC) WHERE state = 'open'")
    _order_idx = models.Index("(last_item_at DESC, id DESC)")
    # The company is in them because the rule of companies is in every query: without it the table is read.
    _department_idx = models.Index("(department_id, company_id, state, last_item_at DESC, id DESC)")
    _count_idx = models.Index("(company_id, state, priority)")
    _partner_idx = models.Index("(partner_id, company_id, state) WHERE partner_id IS NOT NULL")

    def init(self):
        """Let PostgreSQL know subjects well: by its usual sample it takes a rare word for a common one."""
        self.env.cr.execute(SQL("ALTER TABLE %s ALTER COLUMN subject SET STATISTICS 1000",
                                SQL.identifier(self._table)))
        return super().init()

    def _default_department_id(self):
        mine = self.env.user._get_servicedesk_departments()
        return self.env["servicedesk.department"].search(
            Domain("id", "in", list(mine)) if mine else Domain("company_id", "=", self.env.company.id), limit=1)

    @api.depends("number", "subject")
    @api.depends_context("uid")
    def _compute_display_name(self):
        hidden = self._get_out_of_sight()
        for ticket in hidden:
            ticket.display_name = ticket.number
        for ticket in self - hidden:
            ticket.display_name = f"{ticket.number} · {ticket.subject}" if ticket.number else ticket.subject or ""

    @api.depends("department_id")
    def _compute_candidate_ids(self):
        for ticket in self:
            ticket.candidate_ids = ticket.department_id.member_ids | ticket.department_id.manager_id

    @api.depends("contact_id", "partner_id")
    def _compute_contact_email(self):
        for ticket in self:
            # A stranger's address stays although a client has been chosen: answers go where the question came from.
            person = ticket.contact_id or ticket.partner_id
            ticket.contact_email = ticket.contact_email or person._get_servicedesk_mail_address()

    @api.depends("contact_id.name", "contact_name", "contact_email", "partner_id.name")
    def _compute_requester(self):
        for ticket in self:
            ticket.requester = (
                ticket.contact_id.name or ticket.contact_name or ticket.contact_email or ticket.partner_id.name)

    @api.depends("item_ids")
    def _compute_description(self):
        Item = self.env["servicedesk.item"]
        for ticket in self:
            # A ticket that is not saved yet has no number to be searched by.
            ticket.description = Item.search_fetch(
                [("ticket_id", "=", ticket.id)], ["body"], order="id", limit=1).body if ticket.id else False

    def _inverse_description(self):
        Item = self.env["servicedesk.item"]
        if self.filtered(lambda ticket: ticket.description and ticket.item_ids):
            raise UserError(self.env._(
                "The description is the first message of a new ticket and cannot be changed later."
                " Add an internal note."))
        # sudo: agents may only create drafts; this note is complete and signed by the same agent
        Item.sudo().create([
            Item._prepare_note_vals(ticket, ticket.description, self.env.user)
            for ticket in self if ticket.description
        ])

    @api.onchange("contact_id")
    def _onchange_contact_id(self):
        if self.contact_id:
            self.partner_id = self.contact_id.commercial_partner_id
            self.contact_email = self.contact_id._get_servicedesk_mail_address() or self.contact_email

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.contact_id and self.contact_id.commercial_partner_id != self.partner_id.commercial_partner_id:
            self.contact_id = False

    @api.model_create_multi
    def create(self, vals_list):
        self._check_system_fields(set().union(*vals_list))
        self._check_not_ignored(set().union(*vals_list))
        self._check_parent_in_sight(vals_list)
        self._check_external_refs(vals_list)
        vals_list = [dict(vals) for vals in vals_list]  # the caller's are the caller's
        self._prepare_category_vals(vals_list)
        self._prepare_first_state_vals(vals_list)
        self._assign_numbers(vals_list)
        # History is kept as events; followers and a "created" message per ticket would cost nine queries each.
        quiet = self._without_defaults(SYSTEM_FIELDS).with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        with self.env["servicedesk.change"]._span() as change:
            tickets = super(ServicedeskTicket, quiet).create(vals_list).with_env(self.env)
            tickets._check_first_deadline(vals_list)
            self.env["servicedesk.event"]._log_created(tickets, change.channel)
            tickets._log_children_of(vals_list)
            self.env["servicedesk.sla.clock"]._start(tickets)
            change.created.update(tickets.ids)
        return tickets

    def write(self, vals):
        self._check_system_fields(vals.keys())
        self._check_not_ignored(vals.keys())
        self._check_change(vals)
        self._check_targets(vals)
        vals = self._prepare_reason_vals(self._prepare_department_vals(vals))
        lost = self._get_lost_contacts(vals)
        with self.env["servicedesk.change"]._span(self, vals) as change:
            for tickets, values in self._prepare_state_changes(vals):
                super(ServicedeskTicket, tickets).write(values)
            for ticket, values in lost.items():
                ticket.write(values)  # as the system: the move may have taken it out of its author's sight
            self._log_moved_children(change, vals)
            self._mirror_related(change, vals)
            self._apply_category(change, vals)  # a write inside belongs to the change around it
            self._close_children(change, vals)
        return True

    @api.model
    def _get_tracked_fields(self, vals):
        """Return the names of the fields whose old values a write of ``vals`` has to remember.

        Those that history tells of or that something follows from, and what a change of state brings along.
        """
        names = vals.keys() & TRACKED.union(self.env["servicedesk.event"]._history_fields())
        if names & {"state", "waiting_for"}:
            names |= STATE_FIELDS
        return names | {"unread"} if names else names

    @api.model
    def _settle_change(self, change):
        """Do once, for all tickets of a change that is over, what follows from it: history, clocks, who is told.

        In this order: clocks go by the new state, owners are chosen for what still has none, and people are told of
        what came of it all.
        """
        tickets = self.browse()
        if change.has_differences() or change.created:
            # sudo: the change may have taken tickets out of its author's sight; each step looks to whom it shows what
            tickets = self.sudo().browse(sorted(change.written | change.created))._filter_there()
        if tickets:
            self.env["servicedesk.change"]._store(change, tickets)
            self.env["servicedesk.sla.clock"]._follow_change(change, tickets)
            tickets._await_owners_after(change)
            self.env["servicedesk.notice"]._notify_change(change, tickets)
            self.env["servicedesk.requester.message"]._notify_change(change, tickets)
        self.browse(change.written)._notify_screens()

    def _filter_there(self):
        """Return those that still are: one that a savepoint took back is in no cache, only these are asked for."""
        unsure = self.filtered(lambda ticket: "department_id" not in ticket._cache)
        return self - (unsure - unsure.exists())

    def _check_targets(self, vals):
        """:raise AccessError: where a ticket would go to a department, or under a parent, out of the user's sight"""
        if vals.get("department_id"):
            self.env["servicedesk.department"].browse(vals["department_id"]).check_access("read")
        if vals.get("parent_id"):
            self.with_context(default_parent_id=False)._check_parent_in_sight([vals])

    @api.model
    def _prepare_department_vals(self, vals):
        """Return ``vals`` without the former department's group, where another department is given."""
        return vals | {"team_id": False} if "department_id" in vals and "team_id" not in vals else vals

    def _check_system_fields(self, names):
        if not self.env.su and (fixed := SYSTEM_FIELDS & names):
            raise AccessError(self.env._("These fields are set by the system: %s", ", ".join(sorted(fixed))))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_without_right(self):
        self.department_id._check_right("delete")

    def unlink(self):
        # The ORM cascades in SQL; items must go through it, so that their files go too.
        self.sudo().item_ids.unlink()  # sudo: the right to delete the ticket covers its items, colleagues' drafts too
        return super().unlink()

    def _assign_numbers(self, vals_list):
        """Give every new ticket a number of its company's sequence, all with one ``nextval``."""
        Sequence = self.env["ir.sequence"].sudo()  # sudo: sequences are closed to agents
        missing = {}
        for vals in vals_list:
            if not vals.get("number"):
                department = self.env["servicedesk.department"].browse(
                    vals.get("department_id") or self.env.context.get("default_department_id")
                    or self._default_department_id().id)
                missing.setdefault(department.sudo().company_id.id, []).append(vals)  # sudo: only the company
        for company_id, needing in missing.items():
            sequence = Sequence.search([("code", "=", "servicedesk.ticket"), ("company_id", "in", [company_id, False])],
                                       order="company_id", limit=1)
            if sequence.implementation == "standard" and not sequence.use_date_range:
                rows = self.env.execute_query(SQL(
                    "SELECT nextval(%s) FROM generate_series(1, %s)", f"ir_sequence_{sequence.id:03d}", len(needing)))
                numbers = [sequence.get_next_char(row[0]) for row in rows]
            else:
                numbers = [sequence.next_by_id() for _vals in needing]
            for vals, number in zip(needing, numbers, strict=True):
                vals["number"] = number

    def _store_contact(self, name, email):
        """Make somebody known by hand a contact of the ticket's client; without one, the contact of the ticket."""
        self.ensure_one()
        Partner = self.env["res.partner"]
        if Partner._find_servicedesk_client(email, self.company_id)._has_servicedesk_address(email):
            return
        if self.partner_id:
            # sudo: agents need no right to create contacts for this one use; name and address are all it takes
            Partner.sudo().create({"name": name, "email": email, "parent_id": self.partner_id.id})
        elif not self.contact_name or self.contact_email == email:
            self.write({"contact_name": name, "contact_email": email})

    def _relate(self, others):
        """Link tickets with each other, both ways (``related.py``)."""
        for other in (others or self.browse()) - self:
            self.related_ids |= other

    def _get_participants(self):
        """Return the normalised addresses of all who have a part in the ticket, per ticket id.

        The contact and the client's people, and whoever wrote or was written to in an item that counts
        (a third party's unreleased mail does not make its sender a participant). What these people only claim to be
        theirs is none: mail from there may be somebody else's.
        """
        result = {}
        items = self.env["servicedesk.item"].search_fetch(
            Domain("ticket_id", "in", self.ids) & Domain("kind", "=", "email")
            & Domain("third_party", "=", False) & Domain("state", "not in", ["draft", "scheduled"]),
            ["ticket_id", "email_from", "email_to", "email_cc", "email_bcc"])
        claimed = {}
        for ticket in self:
            people = ticket.contact_id | ticket.partner_id | ticket.partner_id.child_ids
            proven, claimed[ticket.id] = people._split_servicedesk_addresses()
            result[ticket.id] = {ticket.contact_email, *proven}
        for item in items:
            fields_ = (item.email_from, item.email_to, item.email_cc, item.email_bcc)
            result[item.ticket_id.id].update(address for _name, address in addresses.split(*fields_))
        return {ticket_id: found - claimed[ticket_id] - {False, "", None} for ticket_id, found in result.items()}
