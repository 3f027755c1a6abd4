from odoo import models


class ServicedeskTicket(models.Model):
    """Who else has a ticket open, and who is writing on it.

    Nothing is stored: screens tell each other over the ticket's bus channel (``live.py`` lets only those listen who
    may read the ticket) and forget whom they have not heard of for a while. So it works with any number of workers.
    """

    _inherit = "servicedesk.ticket"

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
