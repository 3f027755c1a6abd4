from odoo import fields, models
from odoo.tools import SQL

SUMMARY_FIELDS = ("last_item_at", "last_item_kind", "last_item_direction", "last_item_preview")
CLIENT_FIELDS = ("partner_id", "contact_id", "contact_email", "contact_name", "service_id")
# Other models point at a ticket by two columns.
REFERENCES = (("mail.message", "model"), ("mail.activity", "res_model"), ("ir.attachment", "res_model"))
# Labels describe both tickets; all other links move.
SHARED_LINKS = {"tag_ids"}


class ServicedeskMerge(models.Model):
    """What moves in a merge; every step returns the lines by which it can be taken back (superuser mode)."""

    _inherit = "servicedesk.merge"

    def _get_kept_models(self):
        """Return the models whose records stay with a merged ticket: they tell of that ticket alone."""
        return {"servicedesk.ticket", "servicedesk.merge", "servicedesk.read", "servicedesk.sla.clock"}

    def _get_row_fields(self):
        """Return ``[(model, field, domain)]`` of everything that hangs on one ticket by a field of its own."""
        found = []
        for name in sorted(self.env.registry):
            Model = self.env[name]
            if Model._abstract or Model._transient or not Model._auto or name in self._get_kept_models():
                continue
            found += [(name, field.name, []) for field in Model._fields.values()
                      if field.type == "many2one" and field.comodel_name == "servicedesk.ticket" and field.store
                      and not field.compute and not field.related]
        return found + [(name, "res_id", [(column, "=", "servicedesk.ticket")]) for name, column in REFERENCES]

    def _detach_conflicting(self, survivor, sources):
        """Let an agent's draft stay where it is if the survivor has one of the same agent: two would collide.

        It no longer answers an item that goes away.
        """
        lines = []
        for draft in self._get_staying_drafts(survivor, sources).filtered("parent_item_id"):
            lines.append({"values": draft._name, "id": draft.id, "old": {"parent_item_id": draft.parent_item_id.id},
                          "new": {"parent_item_id": False}})
            draft.parent_item_id = False
        return lines

    def _get_staying_drafts(self, survivor, sources):
        drafts = self.env["servicedesk.item"].search(
            [("ticket_id", "in", (survivor | sources).ids), ("state", "=", "draft")], order="id")
        taken = {(draft.author_user_id, draft._get_composer()) for draft in drafts if draft.ticket_id == survivor}
        staying = drafts.browse()
        for draft in drafts.filtered(lambda draft: draft.ticket_id != survivor):
            key = (draft.author_user_id, draft._get_composer())
            if key in taken:
                staying |= draft
            taken.add(key)
        return staying

    def _move_rows(self, survivor, sources):
        lines = []
        staying = self._get_staying_drafts(survivor, sources)
        for name, field, domain in self._get_row_fields():
            records = self.env[name].with_context(active_test=False).search(
                [*domain, (field, "in", sources.ids)], order="id")
            if name == "servicedesk.item":
                records -= staying
            lines += self._hand_over(records, field, survivor)
        return lines + self._hand_over(self._get_new_followers(survivor, sources), "res_id", survivor)

    def _hand_over(self, records, field, survivor):
        """Let records of one model hang on the survivor; return the lines that tell where they came from."""
        if not records:
            return []
        origin = {}
        for record in records:
            value = record[field]
            origin.setdefault(value if isinstance(value, int) else value.id, []).append(record.id)
        records.write({field: survivor.id})
        return [{"rows": records._name, "field": field, "from": ticket_id, "ids": ids}
                for ticket_id, ids in origin.items()]

    def _get_new_followers(self, survivor, sources):
        """Return one follower of the sources for each person who does not follow the survivor yet."""
        Follower = self.env["mail.followers"]
        followers = Follower.search(
            [("res_model", "=", survivor._name), ("res_id", "in", (survivor | sources).ids)], order="id")
        known = followers.filtered(lambda follower: follower.res_id == survivor.id).partner_id
        new = Follower
        for follower in followers:
            if follower.partner_id not in known:
                known |= follower.partner_id
                new |= follower
        return new

    def _move_links(self, survivor, sources):
        lines, own = [], set(sources.ids)

        def follow(ticket_id):
            return survivor.id if ticket_id in own else ticket_id

        self.env.flush_all()
        for field in self._get_link_fields():
            between_tickets = field.comodel_name == survivor._name
            found = {tuple(row) for row in self.env.execute_query(SQL(
                "SELECT %(first)s, %(second)s FROM %(table)s WHERE %(first)s IN %(tickets)s OR %(other)s",
                table=SQL.identifier(field.relation), first=SQL.identifier(field.column1),
                second=SQL.identifier(field.column2), tickets=(survivor | sources)._ids,
                other=SQL("%s IN %s", SQL.identifier(field.column2), (survivor | sources)._ids)
                if between_tickets else SQL("FALSE")))}
            moving = {row for row in found if row[0] in own or (between_tickets and row[1] in own)}
            wanted = {(follow(first), follow(second) if between_tickets else second) for first, second in moving}
            added = {row for row in wanted - found if not between_tickets or row[0] != row[1]}
            removed = set() if field.name in SHARED_LINKS else moving
            if added or removed:
                self._write_links(field, added, removed)
                lines.append({"links": field.name, "added": sorted(added), "removed": sorted(removed)})
        return lines

    def _get_link_fields(self):
        """Return the many-to-many fields of tickets that are kept in a table of their own."""
        return [field for name, field in sorted(self.env["servicedesk.ticket"]._fields.items())
                if field.type == "many2many" and field.store and not field.compute and field.relation]

    def _write_links(self, field, added, removed):
        table = SQL.identifier(field.relation)
        first, second = SQL.identifier(field.column1), SQL.identifier(field.column2)
        if removed:
            self.env.cr.execute(SQL("DELETE FROM %s WHERE (%s, %s) IN %s", table, first, second, tuple(removed)))
        if added:
            rows = SQL(", ").join(SQL("(%s, %s)", *row) for row in sorted(added))
            self.env.cr.execute(SQL("INSERT INTO %s (%s, %s) VALUES %s ON CONFLICT DO NOTHING",
                                    table, first, second, rows))
        self.env.invalidate_all()

    def _move_values(self, survivor, sources, partner):
        now, lines = fields.Datetime.now(), []
        family = survivor | sources
        newest = max(family, key=lambda ticket: (ticket.last_item_at, ticket.id))
        if newest != survivor:
            lines += self._set_values(survivor, {name: newest[name] for name in SUMMARY_FIELDS})
        if any(sources.mapped("unread")) and not survivor.unread:
            lines += self._set_values(survivor, {"unread": True})
        if survivor.state != "open" and "open" in sources.mapped("state"):
            lines += self._set_values(survivor, {
                "state": "open", "waiting_for": False, "reopen_at": False, "closed_at": False, "resolved_at": False,
                "state_since": now, "closing_announced_at": False, "status_id": False, "merged_into_id": False})
        if partner and partner != survivor.partner_id:
            lines += self._set_values(survivor, self._get_client_vals(survivor, sources, partner))
        lines += self._move_family(survivor, sources)
        for source in sources:
            lines += self._set_values(source, {
                "state": "archived", "merged_into_id": survivor.id, "waiting_for": False, "reopen_at": False,
                "remind_at": False, "closed_at": source.closed_at or now, "state_since": now,
                "closing_announced_at": False, "unread": False})
        return lines

    def _get_client_vals(self, survivor, sources, partner):
        """Return whose matter the survivor becomes: that of a source with this client."""
        donor = sources.filtered(lambda ticket: ticket.partner_id == partner)[:1] or survivor
        vals = {name: donor[name] for name in CLIENT_FIELDS} | {"partner_id": partner}
        if survivor.service_id and survivor.service_id.partner_id == partner.commercial_partner_id:
            vals["service_id"] = survivor.service_id
        return vals

    def _move_family(self, survivor, sources):
        """Let the children of the sources be the survivor's, and their parent too where it has none of its own."""
        lines, family = [], survivor | sources
        parent = (survivor.parent_id - sources) or (sources.parent_id - family)[:1]
        if survivor.parent_id != parent:
            lines += self._set_values(survivor, {"parent_id": parent})
        for source in sources.filtered("parent_id"):
            lines += self._set_values(source, {"parent_id": False})
        for child in sources.child_ids - family:
            lines += self._set_values(child, {"parent_id": survivor})
        return lines

    def _set_values(self, record, vals):
        """Write what differs and return the line that tells what it was."""
        wanted = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in vals.items()}
        old = self._get_values(record, wanted)
        record.write(wanted)
        return [{"values": record._name, "id": record.id, "old": old, "new": self._get_values(record, wanted)}]

    def _get_values(self, record, names):
        """Return the values of some fields as they can be kept in JSON and compared later."""
        result = {}
        for name in names:
            value = record[name]
            if isinstance(value, models.BaseModel):
                value = value.id
            result[name] = fields.Datetime.to_string(value) if record._fields[name].type == "datetime" else value
        return result
