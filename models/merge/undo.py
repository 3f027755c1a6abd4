from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .move import SUMMARY_FIELDS


class ServicedeskMerge(models.Model):
    """Undoing a merge: what moved goes back, row by row; what came or was changed since stays as it is now."""

    _inherit = "servicedesk.merge"

    def action_show(self):
        """Open the merge with what its undo would do."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window", "res_model": self._name, "res_id": self[:1].id, "target": "new",
            "views": [(False, "form")], "name": self.env._("Merge"), "context": {"dialog_size": "medium"},
        }

    def _get_newer_items(self):
        """Return what was said on the survivor since the merge."""
        self.ensure_one()
        return self.env["servicedesk.item"].search(
            Domain("ticket_id", "=", self.survivor_id.id) & Domain("id", ">", self.newest_item_id)
            & Domain("state", "!=", "draft"))

    def action_undo(self):
        """Bring the merged tickets back as they were.

        :raise AccessError: without the right to change every one of the tickets
        :raise UserError: where it is too late, or another merge has to be undone first
        """
        self.ensure_one()
        everything = self.sudo()  # sudo: reading them as the user would leave out those to be refused
        tickets = (everything.survivor_id | everything.source_ids).sudo(self.env.su)
        tickets.check_access("write")
        self._check_undoable()
        tickets.lock_for_update()
        # sudo: the rights have been checked on every ticket; what hangs on them goes back whoever wrote it
        work = self.sudo().with_context(mail_notrack=True, tracking_disable=True)
        newer, clocks = work._get_newer_items(), work._get_untouched_clocks()
        for line in work.lines:
            if "rows" in line:
                work._return_rows(line)
        for line in work.lines:
            if "links" in line:
                work._return_links(line)
        # An answer that stays no longer hangs on an item that went back.
        newer.filtered(lambda item: item.parent_item_id.ticket_id - item.ticket_id).parent_item_id = False
        kept, changed = [], set()
        with self.env["servicedesk.change"]._span(cause=self, quiet=True):
            for line in work.lines:
                if "values" in line and (labels := work._return_values(line)):
                    kept += labels
                    changed.add((line["values"], line["id"]))
        work._return_clocks([line for line in clocks if (tickets._name, line["clocks"]) not in changed])
        work._let_reads_follow(tickets)
        work.write({"state": "undone", "undone_at": fields.Datetime.now()})
        self._log_undone(newer, kept)
        tickets._notify_changed()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _check_undoable(self):
        survivor = self.survivor_id
        if self.state != "done":
            raise UserError(self.env._("This merge has been undone already."))
        if not self.can_undo:
            raise UserError(self.env._("The time in which this merge could be undone is over."))
        if survivor.merged_into_id:
            raise UserError(self.env._(
                "%(survivor)s has itself been merged into %(other)s since. Undo that first.",
                survivor=survivor.number, other=survivor.sudo().merged_into_id.number))  # sudo: only its number

    def _return_rows(self, line):
        """Let the records of a line hang again on the ticket that they came from."""
        if line["rows"] not in self.env or not self.env["servicedesk.ticket"].browse(line["from"]).exists():
            return
        field, survivor = line["field"], self.survivor_id
        records = self.env[line["rows"]].browse(line["ids"]).exists()
        records = records.filtered(lambda record: (
            record[field] if isinstance(record[field], int) else record[field].id) == survivor.id)
        if records._name == "servicedesk.item":
            records = self._untie(records, line["from"])
        records.write({field: line["from"]})

    def _untie(self, items, ticket_id):
        """Cut the ties between items that go back and what stays; return them without drafts that would collide.

        A draft stays where its author has begun another one on the merged ticket.
        """
        Item = self.env["servicedesk.item"]
        begun = {(draft.author_user_id, draft._get_composer()) for draft in Item.search(
            [("ticket_id", "=", ticket_id), ("state", "=", "draft")])}
        items = items.filtered(lambda item: item.state != "draft" or (
            item.author_user_id, item._get_composer()) not in begun)
        torn = items.filtered(lambda item: item.parent_item_id and item.parent_item_id not in items
                              and item.parent_item_id.ticket_id.id != ticket_id)
        torn.parent_item_id = False
        Item.search([("parent_item_id", "in", items.ids), ("id", "not in", items.ids), ("state", "=", "draft")
                     ]).parent_item_id = False
        return items

    def _return_links(self, line):
        field = self.env["servicedesk.ticket"]._fields.get(line["links"])
        if not field:
            return
        Ticket, Other = self.env["servicedesk.ticket"], self.env[field.comodel_name]
        removed = [tuple(row) for row in line["removed"]]
        there = set(Ticket.browse({row[0] for row in removed}).exists().ids)
        others = set(Other.browse({row[1] for row in removed}).exists().ids)
        self.env.flush_all()
        self._write_links(field, {row for row in removed if row[0] in there and row[1] in others},
                          {tuple(row) for row in line["added"]})

    def _return_values(self, line):
        """Set what belongs together as it was, unless somebody changed any of it since.

        :return: labels of what stays as it was set since
        """
        record = self.env[line["values"]].browse(line["id"]).exists()
        if not record:
            return []
        if self._get_values(record, line["new"]) == line["new"]:
            record.write(line["old"])
            return []
        if set(line["new"]) == set(SUMMARY_FIELDS):
            record._refresh_summary()
            return []
        changed = [name for name, value in self._get_values(record, line["new"]).items() if value != line["new"][name]]
        return [record._fields[name]._description_string(self.env) for name in changed]

    def _log_undone(self, newer, kept):
        stays = []
        if newer:
            stays.append(self.env._("messages that have arrived since: %s", len(newer)))
        if kept:
            stays.append(self.env._("changed since: %s", ", ".join(dict.fromkeys(kept))))
        survivor, sources = self.survivor_id, self.source_ids
        note = self.env._(" (stays with %(number)s – %(what)s)", number=survivor.number, what="; ".join(stays))
        self.env["servicedesk.event"]._log_fact("merge_undone", [
            (survivor, sources, note if stays else False), *((source, survivor) for source in sources)])
