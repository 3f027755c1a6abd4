from odoo import api, fields, models


class ServicedeskTicket(models.Model):
    """Following a ticket: colleagues who are told of what happens on it, by their own choice."""

    _inherit = "servicedesk.ticket"

    watcher_ids = fields.Many2many("res.users", "servicedesk_ticket_watcher_rel", string="Following agents", copy=False)
    watched = fields.Boolean(readonly=True, copy=False, export_string_translation=False,
                             help="Somebody follows it; spares looking for them where nobody does.")
    watched_by_me = fields.Boolean(compute="_compute_watched_by_me", export_string_translation=False)

    def _get_instead_of_owner(self):
        """Return who is told of a ticket whose owner has left: who gives tickets out there, else all who work there."""
        department = self.sudo().department_id  # sudo: who is in it, also for those who may not read the department
        dispatchers = department.dispatcher_ids.filtered("active") if self._get_assignment() == "dispatcher" else None
        return dispatchers or (department.member_ids | department.manager_id).filtered("active")

    def _get_told_of_urgent(self):
        """Return who is told of an urgent ticket: the owner, else whoever is on duty."""
        # sudo: who is on duty, also for those who may not read the department
        return self.owner_id.filtered("active") or self.sudo().department_id._get_on_duty()

    @api.depends("watcher_ids")
    @api.depends_context("uid")
    def _compute_watched_by_me(self):
        for ticket in self:
            ticket.watched_by_me = ticket.watched and self.env.user in ticket.watcher_ids

    def action_watch(self):
        self.check_access("read")
        # sudo: following is reading; who may read may follow
        self.sudo().write({"watcher_ids": [(4, self.env.uid)], "watched": True})

    def action_unwatch(self):
        self.check_access("read")
        self.sudo().write({"watcher_ids": [(3, self.env.uid)]})  # sudo: as above
        left = self.filtered(lambda ticket: not ticket.watcher_ids)
        left.sudo().watched = False  # sudo: as above

    def _notify_watchers(self, item):
        """Tell those who follow these tickets of an item, but for the owners, who are told anyway."""
        self.env["servicedesk.notice"]._notify_many(
            [(ticket, ticket.watcher_ids - ticket.owner_id) for ticket in self], "watched", item=item)
