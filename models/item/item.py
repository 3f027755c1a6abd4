from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.filing import describe_left_out
from ...tools.mail import html_cleaner, mail_text
from ..html.clean_html import CleanHtml
from ..reasons.reason import ReasonChar
from .channel import MARKS

OUTGOING_STATES = ("queued", "sending", "sent", "delivered", "bounced", "failed", "unknown")


class ServicedeskItem(models.Model):
    """One piece of communication on a ticket: an e-mail in or out, an internal note.

    The item is the truth: its body is what was said, its state is how far it got. Direction and state are
    set by the server only; agents write drafts and send them, everything else is done by the workers.
    """

    _name = "servicedesk.item"
    _inherit = ["servicedesk.scope"]
    _description = "Ticket message"
    _rec_name = "preview"
    _order = "date desc, id desc"
    _ticket_path = "ticket_id"

    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [("email", "E-mail"), ("sms", "SMS"), ("call", "Call"), ("meeting", "Meeting"), ("portal", "Portal"),
         ("note", "Internal note")], required=True)
    direction = fields.Selection([("in", "Incoming"), ("out", "Outgoing"), ("internal", "Internal")], required=True)
    state = fields.Selection(
        [
            ("received", "Received"),
            ("draft", "Draft"),
            ("scheduled", "Scheduled"),
            ("queued", "Queued"),
            ("sending", "Sending"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("bounced", "Bounced"),
            ("failed", "Not sent"),
            ("unknown", "Delivery unknown"),
            ("done", "Saved"),
        ],
        required=True,
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    author_user_id = fields.Many2one("res.users", "Agent", index="btree_not_null", ondelete="set null")
    author_partner_id = fields.Many2one("res.partner", "Author", index="btree_not_null", ondelete="set null")
    author_name = fields.Char("Author name", help="As the sender wrote it.")

    subject = fields.Char()
    email_from = fields.Char("From")
    email_to = fields.Char("To")
    email_cc = fields.Char("Cc")
    email_bcc = fields.Char("Bcc")
    body = CleanHtml(prefetch=False)
    body_clean = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                                help="Cleaned by the cleaner of today; what was stored before waits for its turn.")
    left_out = ReasonChar("Left out", readonly=True, copy=False,
                          help="What of the message is not shown, although somebody wrote it.")
    preview = fields.Char(compute="_compute_preview", store=True, precompute=True)
    important = fields.Boolean()
    third_party = fields.Boolean(
        "Third party", help="From or to somebody who is not part of the ticket. Hidden from the customer until shared.")
    sender_verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed"), ("unknown", "Unknown")], readonly=True, copy=False,
        export_string_translation=False, help="Whether our own mail server vouches for the sender of this mail.")

    parent_item_id = fields.Many2one("servicedesk.item", "In reply to", index="btree_not_null", ondelete="set null")
    message_id = fields.Char("Message-ID", index="btree_not_null", readonly=True, copy=False)
    references = fields.Char(readonly=True, copy=False, prefetch=False)
    thread_reason = fields.Char(readonly=True, copy=False, export_string_translation=False,
                                help="The evidence by which the mail found its ticket.")
    intake_id = fields.Many2one("servicedesk.intake", "Original", readonly=True, copy=False, index="btree_not_null",
                                ondelete="set null")
    attachment_ids = fields.One2many("ir.attachment", "res_id", "Files",
                                     domain=[("res_model", "=", "servicedesk.item"), ("res_field", "=", False)])

    claimed_by = fields.Integer(readonly=True, copy=False, export_string_translation=False,
                                help="Number of the worker that is sending this message.")
    queued_at = fields.Datetime("Queued at", readonly=True, copy=False)
    sent_at = fields.Datetime("Sent at", readonly=True, copy=False)
    failure_reason = ReasonChar("Failure reason", readonly=True, copy=False)
    failure_detail = fields.Text("Technical details", compute="_compute_failure_detail",
                                 help="What the server said, in its own words.")
    undelivered_to = fields.Char(readonly=True, copy=False, export_string_translation=False,
                                 help="Addresses from which it is known to have come back, each counted once.")
    delivery_note = ReasonChar("Delivery note", readonly=True, copy=False,
                               help="Delivery messages, for example about a delay.")
    sent_envelopes = fields.Char(readonly=True, copy=False, export_string_translation=False,
                                 help="Envelopes that have left (to, bcc): never sent again.")

    _ticket_idx = models.Index("(ticket_id, date DESC, id DESC)")
    _queue_idx = models.Index("(id) WHERE state IN ('queued', 'scheduled', 'sending')")
    _draft_uniq = models.UniqueIndex(
        "(ticket_id, author_user_id, kind, COALESCE(third_party, FALSE)) WHERE state = 'draft'",
        "There is already a draft of yours in this ticket.")

    @api.depends(lambda self: ["body", "kind", *{
        name for channel in self.env["servicedesk.channel"]._get_all() for name in channel._preview_fields}])
    def _compute_preview(self):
        for item in self:
            item.preview = mail_text.preview(item.body) or item._get_channel()._describe(item)

    @api.depends("failure_reason", "delivery_note")
    def _compute_failure_detail(self):
        for item in self:
            found = [self._fields[name].get_details(item) for name in ("failure_reason", "delivery_note")]
            item.failure_detail = "\n".join(filter(None, found))

    def _get_failure_reasons(self):
        """Return why it failed as it is stored, for whoever passes it on."""
        return self._fields["failure_reason"].get_reasons(self)

    @api.depends("preview")
    @api.depends_context("uid")
    def _compute_display_name(self):
        hidden = self._get_out_of_sight()
        hidden.display_name = "…"
        for item in self - hidden:
            item.display_name = item.preview or ""

    @api.constrains("parent_item_id", "ticket_id")
    def _check_parent_item(self):
        items = self.sudo()  # sudo: an item out of sight must be recognised too
        if any(item.parent_item_id and item.parent_item_id.ticket_id != item.ticket_id for item in items):
            raise ValidationError(self.env._("A reply belongs to the ticket of the message that it replies to."))

    @api.model
    def _get_user_scope_domain(self):
        """Items follow their ticket; a draft is its author's alone until it is shared."""
        drafts = Domain("state", "!=", "draft") | Domain("author_user_id", "=", self.env.uid) | Domain(
            "shared", "=", True)
        return super()._get_user_scope_domain() & drafts

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._prepare_own_draft_vals(vals) for vals in vals_list]
        vals_list = [self._prepare_clean_vals(vals) for vals in vals_list]
        items = super(ServicedeskItem, self._without_defaults(self._fields)).create(vals_list).with_env(self.env)
        with self.env["servicedesk.change"]._span():
            items.filtered(lambda item: item.state not in ("draft", "scheduled"))._touch_tickets()
            items._keep_first_response()
        return items

    def _prepare_own_draft_vals(self, vals):
        """Return what an agent cannot choose: whatever is created by hand starts as the agent's own draft."""
        ticket = self.env["servicedesk.ticket"].browse(vals.get("ticket_id"))
        ticket.check_access("write")
        channel = self.env["servicedesk.channel"]._get(vals.get("kind"))
        written = channel._get_writable_fields() & vals.keys()
        own = {"direction": channel._direction} | {name: vals[name] for name in written} | {
            "ticket_id": ticket.id, "kind": channel._kind, "state": "draft", "author_user_id": self.env.uid,
            "author_partner_id": self.env.user.partner_id.id,
        }
        # What a draft of one's own has anyway may be said, and what is empty.
        if other := sorted(name for name, value in vals.items() if value and own.get(name) != value and name != "kind"):
            raise UserError(self.env._(
                "What is created here is a draft of yours, these fields cannot be set: %s. Messages that were sent or"
                " received elsewhere cannot be imported; give the original e-mails to the department's mailbox, or"
                " write an internal note.", ", ".join(other)))
        return own

    @api.model
    def load(self, fields, data):
        """Refuse imports: what was said is sent or comes in, it is never written down as if it had been.

        :raise UserError: what to do instead
        """
        if self.env.su:
            return super().load(fields, data)
        raise UserError(self.env._(
            "Messages cannot be imported. Give the original e-mails to the department's mailbox: they are filed with"
            " their dates and senders. What is no e-mail can be the description of an imported ticket, or an internal"
            " note."))

    @api.model
    def _prepare_clean_vals(self, vals):
        """Return ``vals`` with the body of what strangers wrote cleaned, and a note where words of it are left out."""
        result = vals | {"body_clean": True}
        if vals.get("direction") == "in" and vals.get("body"):
            shown = html_cleaner.examine(vals["body"], stored=True)
            result["body"] = shown.html
            if shown.left_out and not vals.get("left_out"):
                result["left_out"] = describe_left_out([], True)
        return result

    def _get_clean_body(self):
        """Return the body as it may be shown outside of the time line, also where it was stored by a former version."""
        self.ensure_one()
        if self.body_clean or not self.body:
            return self.body or Markup()
        return html_cleaner.clean(self.body, own=self.direction != "in", stored=True)

    def _get_channel(self):
        """Return the channel of this item, an abstract model (``channel.py``)."""
        self.ensure_one()
        return self.env["servicedesk.channel"]._of(self.kind, self.third_party)

    def _by_channel(self):
        """Return ``[(channel, items)]``."""
        Channel = self.env["servicedesk.channel"]
        return [(Channel._of(*key), items) for key, items in self.grouped(
            lambda item: (item.kind, item.third_party)).items()]

    def write(self, vals):
        self._check_may_write(vals)
        vals = self._prepare_state_vals(vals)
        if "body" in vals:
            vals = vals | {"body_clean": True}
        result = super().write(vals)
        if "state" in vals:
            self._follow_state()
        return result

    def _check_may_write(self, vals):
        """:raise UserError: for what has been said
        :raise AccessError: for a colleague's draft, or fields that are the system's
        """
        if self.env.su:
            return
        self._check_own_drafts()
        if set(vals) - MARKS:
            if fixed := self.filtered(lambda item: item.state != "draft"):
                raise UserError(self.env._("What has been said cannot be changed: %s", fixed[0].preview))
            if forbidden := set().union(*(
                    vals.keys() - channel._get_writable_fields() for channel, _items in self._by_channel())):
                raise AccessError(self.env._("These fields are set by the system: %s", ", ".join(sorted(forbidden))))

    def _prepare_state_vals(self, vals):
        """Return ``vals`` with what a new state brings along."""
        if "state" not in vals:
            return vals
        if vals["state"] == "draft":
            lost = [channel._prepare_withdrawn_vals(items) for channel, items in self._by_channel()]
            return vals | lost[0] if len(lost) == 1 else vals
        return {"shared": False, **vals}  # what has left its author's hands is not offered any more

    def _follow_state(self):
        """Do what follows from a new state of items: whose work it was, promises that are kept, who is told."""
        self._mark_absent()
        self._keep_first_response()
        self._notify_undelivered()
        self.ticket_id._notify_changed()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_without_right(self):
        self._check_own_drafts()
        said = self.filtered(lambda item: item.state != "draft")
        said.ticket_id.department_id._check_right("delete")

    @api.model
    def _prepare_note_vals(self, ticket, body, user):
        """Return the values of a finished internal note by ``user``."""
        return {
            "ticket_id": ticket.id, "kind": "note", "direction": "internal", "state": "done", "body": body,
            "author_user_id": user.id, "author_partner_id": user.partner_id.id,
        }

    def _touch_tickets(self):
        """Let the tickets show their newest item, and tell people of it; what lists sort and show is stored."""
        self = self.browse().union(*(channel._get_newest(items) for channel, items in self._by_channel()))
        first = self.filtered(lambda item: not item.ticket_id.last_item_kind and item.direction == "in")
        newest = {}
        for item in self.sorted(lambda item: (item.date, item.id)):
            newest[item.ticket_id] = item
        for ticket, item in newest.items():
            vals = {
                "last_item_at": max(filter(None, (item.date, ticket.last_item_at))),
                "last_item_kind": item.kind,
                "last_item_direction": item.direction,
                "last_item_preview": item.preview,
            }
            by_other = ticket.owner_id and ticket.owner_id != item.author_user_id
            if by_other if item.author_user_id or item.direction != "in" else not item.automatic:
                vals["unread"] = True
            # sudo: summary fields are the system's, whoever wrote the item
            ticket.sudo().write(vals)
        self._notify_said(first)

    def action_toggle_important(self):
        for item in self:
            item.important = not item.important
