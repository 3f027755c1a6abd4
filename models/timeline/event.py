from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

# Lines that are no change of a field but tell of other tickets, by their ids.
TICKET_FACTS = {"child_added", "child_removed", "related", "unrelated", "split", "split_from", "merged", "merged_into",
                "merge_undone"}


class ServicedeskEvent(models.Model):
    """What happened to a ticket, when and by whom: one line of the time line.

    Lines about changed fields hang on the stored change that they belong to (``change.py``). What they name, they
    keep by id: names are read under the rights of whoever reads the history, see ``docs/adr/0007-changes.md``.
    Lines of before hold the names as they were read when they were written.
    """

    _name = "servicedesk.event"
    _inherit = ["servicedesk.scope"]
    _description = "Ticket event"
    _order = "date desc, id desc"
    _ticket_path = "ticket_id"

    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade")
    change_id = fields.Many2one("servicedesk.change", ondelete="set null", index="btree_not_null", readonly=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one("res.users", "By", ondelete="set null")
    for_user_id = fields.Many2one("res.users", "Instead of", ondelete="set null", readonly=True)
    kind = fields.Char(required=True, export_string_translation=False,
                       help="'created', a fact, or the name of the field.")
    old_value = fields.Char("Old value")
    new_value = fields.Char("New value")
    old_ids = fields.Json(export_string_translation=False, help="Ids of the records that were there before.")
    new_ids = fields.Json(export_string_translation=False, help="Ids of the records that are there now.")

    _ticket_idx = models.Index("(ticket_id, date DESC, id DESC)")

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._prepare_for_absent(vals_list))

    @api.model
    def _prepare_for_absent(self, vals_list):
        """Return the values of lines that say of what a substitute did instead of whom it was."""
        Substitution = self.env["servicedesk.substitution"]
        if not Substitution._get_periods():
            return vals_list
        Ticket, Users = self.env["servicedesk.ticket"], self.env["res.users"]
        return [vals | {"for_user_id": Substitution._get_substituted(
            Users.browse(vals.get("user_id")), Ticket.browse(vals["ticket_id"])).id} for vals in vals_list]

    @api.model
    def _history_fields(self):
        """Return the names of the ticket's fields whose changes are kept; add-ons add theirs."""
        return ["subject", "state", "owner_id", "department_id", "category_id", "priority", "partner_id",
                "contact_id", "contact_email", "tag_ids", "parent_id", "team_id", "service_id", "status_id",
                "waiting_for", "reopen_at", "planned_start", "planned_end"]

    @api.model
    def _prepare_lines(self, change, tickets, differences):
        """Return the values of one line per ticket and field that a change has set by name and that differs."""
        rows, fields_ = [], tickets._fields
        for ticket in tickets:
            differing = differences.get(ticket.id, {})
            for name in self._history_fields():
                if name not in differing or not change.is_said(ticket, name):
                    continue
                old, new = differing[name]
                # An ordinary wait for the customer needs no second line beside that of the state.
                if name == "waiting_for" and "state" in differing and new in (False, "customer"):
                    continue
                rows.append({"ticket_id": ticket.id, "kind": name, "user_id": change.get_author_id(ticket, name)}
                            | self._prepare_values(fields_[name], old, new))
        return rows

    def _prepare_values(self, field, old, new):
        if field.relational:
            return {"old_ids": list(old) or False, "new_ids": list(new) or False}
        if field.type == "datetime":  # shown in the reader's time zone
            old, new = (fields.Datetime.to_string(value) if value else False for value in (old, new))
        return {"old_value": old or False, "new_value": new or False}  # a selection is translated when it is shown

    @api.model
    def _log_created(self, tickets, channel=""):
        """Note that tickets have come into being, by which kind of message where it was one."""
        author = self._get_author_id()
        # sudo: history is written by the system, agents only read it
        self.sudo().create([{"ticket_id": ticket.id, "kind": "created", "user_id": author, "new_value": channel}
                            for ticket in tickets])

    @api.model
    def _log_fact(self, kind, values):
        """Write what happened once and is no change of a field (a child came, an item was split off).

        :param values: list of ``(ticket, what it is about)``: words, or tickets and perhaps more words; where there is
            no ticket on which to write it, it is passed over
        """
        rows = []
        for ticket, about, *words in values:
            if ticket:
                rows.append({"ticket_id": ticket.id, "kind": kind, "user_id": self._get_author_id()} | (
                    {"new_ids": about.ids, "new_value": words[0] if words else False}
                    if isinstance(about, models.BaseModel) else {"new_value": about}))
        if rows:
            self.sudo().create(rows)  # sudo: history is written by the system, agents only read it

    def _get_author_id(self):
        """Return who acts: nobody when the system files a mail."""
        return False if self.env.uid == SUPERUSER_ID else self.env.uid

    def _read_values(self):
        """Return ``{event id: (old, new)}`` as the current user may read it, without selections put into words.

        One query for each kind of record that is named. What the reader may not see has a neutral word, a ticket its
        number; so has what was deleted.
        """
        names = self._read_names()

        def words(event, ids, value):
            model = event._get_named_model()
            listed = ", ".join(names[model][record_id] for record_id in ids or ()) if model else ""
            return "".join(filter(None, (listed, value)))

        return {event.id: (words(event, event.old_ids, event.old_value), words(event, event.new_ids, event.new_value))
                for event in self}

    def _get_named_model(self):
        """Return the name of the model whose ids this line keeps, or None."""
        if self.kind in TICKET_FACTS:
            return "servicedesk.ticket"
        field = self.env["servicedesk.ticket"]._fields.get(self.kind)
        return field.comodel_name if field is not None and field.relational else None

    def _read_names(self):
        wanted = {}
        for event in self:
            if model := event._get_named_model():
                wanted.setdefault(model, set()).update(event.old_ids or (), event.new_ids or ())
        return {model: self._read_names_of(self.env[model].browse(ids)) if ids else {}
                for model, ids in wanted.items()}

    def _read_names_of(self, records):
        """Return ``{id: name}`` under the user's own rights."""
        visible = records.browse()
        if records.has_access("read"):
            visible = records.with_context(active_test=False).search_fetch(
                Domain("id", "in", records.ids), ["display_name"])
        names = {record.id: record.display_name or "" for record in visible}
        if hidden := records - visible:
            there = hidden.sudo().exists()  # sudo: whether it is gone or only out of sight
            numbered = there if records._name == "servicedesk.ticket" else there.browse()
            names |= dict.fromkeys((hidden - there).ids, self.env._("(deleted)"))
            names |= dict.fromkeys(there.ids, self.env._("(not visible to you)"))
            names |= {ticket.id: ticket.number for ticket in numbered}
        return names
