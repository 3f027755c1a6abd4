from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..reasons.reason import ReasonChar

KEPT_DAYS = 90


class ServicedeskQueueMark(models.Model):
    """What a queue remembers of one of its rows: that it is in work just now, or why it was set aside.

    The first lives for a moment (see ``trial.py``); the second is there to be read by an administrator, and ends when
    the row gets through.
    """

    _name = "servicedesk.queue.mark"
    _description = "Set aside by a worker"
    _rec_name = "reason"
    _order = "id desc"

    queue = fields.Char(required=True, readonly=True)
    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True, readonly=True)
    in_work = fields.Boolean(readonly=True, default=False, export_string_translation=False)
    alone = fields.Boolean(readonly=True, default=False, export_string_translation=False)
    suspect = fields.Boolean(readonly=True, default=False, export_string_translation=False)
    deaths = fields.Integer(readonly=True, default=0, export_string_translation=False)
    attempts = fields.Integer(readonly=True, default=0)
    next_at = fields.Datetime("Next try", readonly=True)
    aside = fields.Boolean("Waits for somebody", readonly=True, default=False)
    reason = ReasonChar(readonly=True)
    traceback = fields.Text(readonly=True, prefetch=False)

    _row_uniq = models.UniqueIndex("(queue, res_id)")
    _aside_idx = models.Index("(queue, next_at) WHERE next_at IS NOT NULL OR aside IS TRUE")

    def action_process_again(self):
        """Let what was set aside be tried by the next run of its queue, which comes within minutes."""
        self.check_access("read")
        again = self.sudo()  # sudo: marks are the system's; who may read them may have another try
        again.write({"aside": False, "next_at": False, "attempts": 0, "deaths": 0})

    @api.model
    def _get_resting(self, queue):
        """Return the ids of the rows that this queue passes over for the time being."""
        resting = Domain("aside", "=", True) | Domain("next_at", ">", fields.Datetime.now())
        marks = self.sudo().search_fetch(Domain("queue", "=", queue) & resting, ["res_id"])  # sudo: the system's
        return set(marks.mapped("res_id"))

    @api.autovacuum
    def _gc_marks(self):
        """Forget what was in work when a process died and went its way otherwise, and what nobody asked for."""
        now = fields.Datetime.now()
        old = Domain("attempts", "=", 0) & Domain("aside", "=", False) & Domain("write_date", "<", now - timedelta(1))
        self.search(old | Domain("write_date", "<", now - timedelta(days=KEPT_DAYS)), limit=10_000).unlink()
