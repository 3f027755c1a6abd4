from odoo import api, models


class ServicedeskTicket(models.Model):
    """Who else has a ticket open, and who is writing on it.

    Nothing is stored: screens tell each other over the ticket's bus channel (``ir_websocket.py`` lets only those
    listen who may read the ticket) and forget whom they have not heard of for a while. So it works with any number of
    workers.
    """

    _inherit = "servicedesk.ticket"

    @api.model
    def _filter_audible(self, ticket_ids):
        """Return the ids of those tickets to which the current user may listen now, as a list."""
        if not self.env.uid or not self.env.user.has_group("servicedesk.group_user"):
            return []
        return self.search([("id", "in", list(ticket_ids))]).ids

    def _notify_changed(self):
        """Tell open screens that something happened, once where a change goes on: when it is over."""
        if change := self.env["servicedesk.change"]._get_open():
            change.written.update(self.ids)
        else:
            self._notify_screens()

    def _notify_screens(self):
        """Tell open screens; they fetch what happened themselves, under their own rights."""
        for ticket in self:
            self.env["bus.bus"]._sendone(ticket, "servicedesk.ticket/changed", {"id": ticket.id})

    def announce(self, writing="", hello=False, leaving=False):
        """Tell the other screens that the current user is here.

        :param str writing: kind of item that is being written, ``""`` for reading only
        :param bool hello: ask those who are here to answer
        :param bool leaving: the user has gone
        """
        self.ensure_one()
        self.check_access("read")
        kinds = dict(self.env["servicedesk.item"]._fields["kind"]._description_selection(self.env))
        self.env["bus.bus"]._sendone(self, "servicedesk.ticket/presence", {
            "id": self.id, "user_id": self.env.uid, "name": self.env.user.name,
            "writing": writing if writing in kinds else "", "hello": bool(hello), "leaving": bool(leaving)})

    def mark_read(self):
        result = super().mark_read()
        self.env["servicedesk.read"]._record(self)
        return result

    def mark_shown(self, item_ids):
        """Note which items of the ticket have come into the current user's sight."""
        self.ensure_one()
        self.check_access("read")
        self.env["servicedesk.read"]._record(self, [int(item_id) for item_id in item_ids])

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell of what apps post on a ticket those alone who see it now, whoever followed it once.

        A contact without an account is told where the message names it, not for following.
        """
        told = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        named = set((msg_vals or {}).get("partner_ids") or message.sudo().partner_ids.ids)  # sudo: whom it names
        seeing = {data["uid"] for data in told if data["uid"]
                  and self.with_user(data["uid"])._filtered_access("read")}
        return [data for data in told if (data["uid"] in seeing if data["uid"] else data["id"] in named)]

    def _message_post_after_hook(self, message, msg_values):
        """Let open screens show what an app has just posted."""
        result = super()._message_post_after_hook(message, msg_values)
        self._notify_changed()
        return result

    def message_get_followers(self, after=None, limit=100, filter_recipients=False):
        """Name followers to those who see the ticket; Odoo names them to every employee."""
        self.check_access("read")
        return super().message_get_followers(after=after, limit=limit, filter_recipients=filter_recipients)
