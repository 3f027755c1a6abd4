from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain


class ServicedeskEvent(models.Model):
    """What changed on a ticket, when and by whom: one line of the time line.

    Odoo's tracking would post one message per changed record (about 15 queries each); these lines are
    written in one INSERT for any number of tickets, see ``docs/adr/0003-events.md``. Old and new value
    are kept as they read at that moment, so that a later renaming does not rewrite history.
    """

    _name = "servicedesk.event"
    _inherit = ["servicedesk.scope"]
    _description = "Ticket event"
    _order = "date desc, id desc"

    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", ondelete="set null")
    kind = fields.Char(required=True, export_string_translation=False,
                       help="'created', a fact, or the name of the field.")
    old_value = fields.Char()
    new_value = fields.Char()

    _ticket_idx = models.Index("(ticket_id, date DESC, id DESC)")

    @api.model
    def _get_user_scope_domain(self):
        domain = self._get_ticket_scope_domain()
        return domain if domain.is_true() else Domain("ticket_id", "any!", domain)

    @api.model
    def _history_fields(self):
        """Return the names of the ticket's fields whose changes are kept; add-ons and topics add theirs."""
        return ["subject", "state", "owner_id", "department_id", "category_id", "priority", "partner_id",
                "contact_id", "contact_email", "tag_ids", "parent_id", "team_id", "service_id"]

    @api.model
    def _snapshot(self, tickets, vals):
        """Return ``{field: {ticket id: raw value}}`` of what ``vals`` may change and history keeps."""
        names = [name for name in self._history_fields() if name in vals]
        return {name: {ticket.id: ticket[name] for ticket in tickets} for name in names}

    @api.model
    def _log_changes(self, tickets, history):
        """Write one event per ticket and field whose value differs from the snapshot."""
        rows, author = [], self._get_author_id() if history else False
        for name, old_values in history.items():
            field = tickets._fields[name]
            for ticket in tickets:
                old, new = old_values[ticket.id], ticket[name]
                if old != new:
                    rows.append({
                        "ticket_id": ticket.id, "kind": name, "user_id": author,
                        "old_value": self._describe(ticket, field, old),
                        "new_value": self._describe(ticket, field, new),
                    })
        if rows:
            self.sudo().create(rows)  # sudo: history is written by the system, agents only read it

    @api.model
    def _log_created(self, tickets):
        author = self._get_author_id()
        # sudo: history is written by the system, agents only read it
        self.sudo().create([{"ticket_id": ticket.id, "kind": "created", "user_id": author,
                             "new_value": self.env.context.get("servicedesk_channel", "")} for ticket in tickets])

    @api.model
    def _log_fact(self, kind, values):
        """Write what happened once and is no change of a field (a child came, an item was split off).

        :param values: list of ``(ticket, what stands behind the words)``; empty tickets are passed over
        """
        values = [(ticket, value) for ticket, value in values if ticket]
        if values:
            author = self._get_author_id()
            # sudo: history is written by the system, agents only read it
            self.sudo().create([{"ticket_id": ticket.id, "kind": kind, "user_id": author, "new_value": value}
                                for ticket, value in values])

    def _get_author_id(self):
        """Return who acts: nobody when the system files a mail."""
        return False if self.env.uid == SUPERUSER_ID else self.env.uid

    def _describe(self, ticket, field, value):
        if field.relational:
            return ", ".join(value.sudo().mapped("display_name")) or False  # sudo: names as history saw them
        if field.type == "selection":
            return value  # translated when shown, as the reader speaks
        if field.type == "datetime":
            return fields.Datetime.to_string(value) if value else False  # shown in the reader's time zone
        return value or False
