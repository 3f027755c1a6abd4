from odoo import fields, models

UNDELIVERED = ("failed", "bounced", "unknown")


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    on_duty_ids = fields.Many2many(
        "res.users", "servicedesk_department_on_duty_rel", string="On duty", domain=[("share", "=", False)],
        help="Told of tickets of the highest priority that nobody owns, day and night, unless they are on leave. "
             "Left empty, or all of them away: the manager.")

    def _get_on_duty(self):
        """Return who is told of an urgent matter that nobody owns: those on duty who are not away, else the manager."""
        self.ensure_one()
        on_duty = self.on_duty_ids.sudo()  # sudo: whether they are away; agents may not read leaves
        there = on_duty.filtered(lambda user: not user.servicedesk_away).sudo(self.env.su)
        return there or self.manager_id or self.on_duty_ids


class ResUsers(models.Model):
    _inherit = "res.users"

    servicedesk_away = fields.Boolean(compute="_compute_servicedesk_away", compute_sudo=True,
                                      groups="base.group_system", export_string_translation=False)

    def _compute_servicedesk_away(self):
        """Who is on leave at this moment, or whose work a colleague does; a field, so that it is asked once for all."""
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].search([
            ("resource_id.user_id", "in", self.ids), ("date_from", "<=", now), ("date_to", ">", now),
            ("time_type", "=", "leave")])
        away = set(leaves.resource_id.user_id.ids) | set(
            self.env["servicedesk.substitution"]._get_substitutes(set(self.ids)))
        for user in self:
            user.servicedesk_away = user.id in away


class ServicedeskTicket(models.Model):
    _inherit = "servicedesk.ticket"

    def _get_instead_of_owner(self):
        """Return who is told of a ticket whose owner has left: who gives tickets out there, else all who work there."""
        department = self.sudo().department_id  # sudo: who is in it, also for those who may not read the department
        dispatchers = department.dispatcher_ids.filtered("active") if self._get_assignment() == "dispatcher" else None
        return dispatchers or (department.member_ids | department.manager_id).filtered("active")

    def _get_told_of_urgent(self):
        """Return who is told of an urgent ticket: the owner, else whoever is on duty."""
        # sudo: who is on duty, also for those who may not read the department
        return self.owner_id.filtered("active") or self.sudo().department_id._get_on_duty()


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def _notify_said(self, first):
        """Tell owners and followers what others wrote in their tickets, and those who asked for it of new tickets.

        :param first: the items among these with which a ticket began
        """
        Notice = self.env["servicedesk.notice"]
        for item in self:
            owner = item.ticket_id.owner_id
            if item.direction == "in" and not item.automatic and owner:
                Notice._notify(owner.filtered("active") or item.ticket_id._get_instead_of_owner(), "answer",
                               item.ticket_id, item=item)
            elif item.kind == "note" and owner and owner != item.author_user_id:
                Notice._notify(owner, "note", item.ticket_id, item=item)
            if item in first and not owner:
                department = item.ticket_id.department_id
                if wanting := self.env["servicedesk.notice.setting"]._get_wanting("new", department):
                    Notice._notify(wanting, "new", item.ticket_id, item=item)
            if item.ticket_id.watched and not item.automatic:
                item.ticket_id._notify_watchers(item)

    def _notify_undelivered(self):
        """Tell who wrote it, or who has the ticket, that a message did not arrive."""
        for item in self.filtered(lambda item: item.direction == "out" and item.state in UNDELIVERED):
            person = item.author_user_id.filtered("active") or item.ticket_id.owner_id
            if person:
                self.env["servicedesk.notice"]._notify(person, "undelivered", item.ticket_id, item=item)
