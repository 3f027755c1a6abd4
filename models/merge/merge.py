from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..access.relations import RuledMany2many


class ServicedeskMerge(models.Model):
    """Several tickets became one: who did it, and row by row what moved, so that it can be undone exactly.

    ``lines`` is a list of these kinds of entries, with that of ``merge_clocks.py``:

    - ``{"rows": model, "field", "from": ticket id, "ids": [...]}`` – records that hung on a merged ticket
    - ``{"links": ticket field, "added": [[ticket, other]], "removed": [[ticket, other]]}`` – rows of a relation table
    - ``{"values": model, "id", "old": {...}, "new": {...}}`` – fields of one record that belong together
    """

    _name = "servicedesk.merge"
    _inherit = ["servicedesk.scope"]
    _description = "Merge of tickets"
    _order = "id desc"
    _ticket_path = "survivor_id"

    survivor_id = fields.Many2one("servicedesk.ticket", "Target ticket", required=True, readonly=True,
                                  ondelete="cascade", index=True)
    source_ids = RuledMany2many("servicedesk.ticket", "servicedesk_merge_source_rel", "merge_id", "ticket_id",
                                  "Merged tickets", readonly=True)
    user_id = fields.Many2one("res.users", "By", readonly=True, default=lambda self: self.env.user)
    state = fields.Selection([("done", "Merged"), ("undone", "Undone")], default="done", required=True, readonly=True)
    undo_until = fields.Datetime("Can be undone until", readonly=True)
    undone_at = fields.Datetime("Undone on", readonly=True)
    lines = fields.Json(readonly=True, prefetch=False, export_string_translation=False)
    numbers = fields.Char(compute="_compute_numbers")
    can_undo = fields.Boolean(compute="_compute_can_undo", export_string_translation=False)
    newest_item_id = fields.Integer(readonly=True, export_string_translation=False,
                                    help="The newest message at that moment: what is newer stays in the target ticket.")
    newer_count = fields.Integer("Messages that have arrived since", compute="_compute_newer_count",
                                 help="They stay in the target ticket.")

    @api.depends("source_ids")
    def _compute_numbers(self):
        for merge in self:
            merge.numbers = ", ".join(merge.sudo().source_ids.mapped("number"))  # sudo: only the numbers

    @api.depends("numbers", "survivor_id")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = f"{merge.numbers} → {merge.survivor_id.number}"

    @api.depends("state", "undo_until")
    def _compute_can_undo(self):
        for merge in self:
            merge.can_undo = merge.state == "done" and bool(
                merge.undo_until and merge.undo_until >= fields.Datetime.now())

    @api.depends("state", "survivor_id.item_ids")
    def _compute_newer_count(self):
        for merge in self:
            merge.newer_count = len(merge._get_newer_items())

    @api.model
    def _merge(self, tickets, survivor, partner=None):
        """Merge ``tickets`` into ``survivor``, which is one of them; return the record of it.

        :param partner: the client, one of the tickets', where they differ
        :raise AccessError: without the right to change every one of them
        :raise UserError: where they cannot be merged
        """
        tickets, survivor = (tickets | survivor).with_env(self.env), survivor.with_env(self.env)
        sources = tickets - survivor
        tickets.check_access("write")
        sources._check_right_to("assign")
        self._check_mergeable(survivor, sources)
        tickets.lock_for_update()
        # sudo: the rights have been checked on every ticket; what hangs on them goes along whoever wrote it
        work = self.sudo().with_context(mail_notrack=True, tracking_disable=True)
        survivor, sources = survivor.sudo(), sources.sudo()  # sudo: as above
        clocks = work._read_clocks(survivor | sources)
        lines = work._detach_conflicting(survivor, sources)
        lines += work._move_rows(survivor, sources)
        lines += work._move_links(survivor, sources)
        # Nothing has happened to the matter: nobody is told, and the clocks stand right before they are compared.
        with self.env["servicedesk.change"]._span(cause=survivor, quiet=True):
            lines += work._move_values(survivor, sources, partner)
        lines += work._get_clock_lines(clocks, survivor | sources)
        work._let_reads_follow(survivor | sources)
        days = survivor.department_id.merge_undo_days
        newest = work.env["servicedesk.item"].search([], order="id desc", limit=1)
        merge = work.create({
            "newest_item_id": newest.id,
            "survivor_id": survivor.id, "source_ids": [(6, 0, sources.ids)], "lines": lines,
            "user_id": self.env.uid, "undo_until": days and fields.Datetime.now() + timedelta(days=days),
        })
        Event = self.env["servicedesk.event"]
        Event._log_fact("merged", [(survivor, sources)])
        Event._log_fact("merged_into", [(source, survivor) for source in sources])
        (survivor | sources)._notify_changed()
        return merge.with_env(self.env)

    def _check_mergeable(self, survivor, sources):
        if not sources:
            raise UserError(self.env._("Choose at least two tickets."))
        if len((survivor | sources).company_id) > 1:
            raise UserError(self.env._("Tickets of different companies cannot be merged."))
        if merged := (survivor | sources).filtered("merged_into_id"):
            raise UserError(self.env._("%s is already merged into another ticket.", merged[0].number))
        if survivor.state == "archived":
            raise UserError(self.env._("%s is archived. Reopen it first, or choose another target ticket.",
                                       survivor.number))
