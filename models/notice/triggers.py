from odoo import api, fields, models

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

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._notify_owners(tickets.filtered("owner_id"))
        tickets.filtered(lambda ticket: ticket.priority == "3")._notify_urgent()
        return tickets

    def write(self, vals):
        before = {ticket: (ticket.owner_id, ticket.priority) for ticket in self} \
            if vals.keys() & {"owner_id", "priority"} else {}
        result = super().write(vals)
        if before:
            self._notify_owners(self.filtered(lambda ticket: ticket.owner_id and ticket.owner_id != before[ticket][0]))
            self.filtered(
                lambda ticket: ticket.priority == "3" and before[ticket][1] != "3")._notify_urgent()
        return result

    def mark_read(self):
        for ticket in self:
            self.env["servicedesk.notice"].mark_read(ticket_id=ticket.id)
        return super().mark_read()

    @api.model
    def _notify_owners(self, tickets):
        """Tell people what has been handed to them."""
        if tickets:
            self.env["servicedesk.notice"]._notify_many(
                [(ticket, ticket.owner_id) for ticket in tickets], "assigned",
                text=self.env.context.get("servicedesk_reason", ""))

    def _get_instead_of_owner(self):
        """Return who is told of a ticket whose owner has left: who gives tickets out there, else all who work there."""
        department = self.sudo().department_id  # sudo: who is in it, also for those who may not read the department
        dispatchers = department.dispatcher_ids.filtered("active") if self._get_assignment() == "dispatcher" else None
        return dispatchers or (department.member_ids | department.manager_id).filtered("active")

    def _notify_urgent(self):
        """Tell the owner, else whoever is on duty, of tickets of the highest priority, once each."""
        if self:
            self.env["servicedesk.notice"]._notify_many([
                # sudo: who is on duty, also for those who may not read the department
                (ticket, ticket.owner_id.filtered("active") or ticket.sudo().department_id._get_on_duty())
                for ticket in self], "urgent")


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    def _touch_tickets(self):
        first = self.filtered(lambda item: not item.ticket_id.last_item_kind and item.direction == "in")
        result = super()._touch_tickets()
        self._notify_said(first)
        return result

    def _notify_said(self, first):
        """Tell owners what others wrote in their tickets, and those who asked for it of new tickets.

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

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in UNDELIVERED:
            for item in self.filtered(lambda item: item.direction == "out"):
                person = item.author_user_id.filtered("active") or item.ticket_id.owner_id
                if person:
                    self.env["servicedesk.notice"]._notify(person, "undelivered", item.ticket_id, item=item)
        return result
