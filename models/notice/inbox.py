from odoo import api, fields, models
from odoo.fields import Domain

BUNDLED = 500  # notices that are put together into lines at most


class ServicedeskNotice(models.Model):
    """The lifebuoy in the top bar: one line for each ticket, however much happened on it."""

    _inherit = "servicedesk.notice"

    @api.model
    @api.readonly
    def get_inbox(self, limit=20):
        """Return ``{unread: number of tickets, notices: [lines]}`` of the current user, the newest first.

        A line tells what is unread about one ticket, else the last that was read; see :meth:`_prepare_line`. Only
        tickets that the user sees now are among them.
        """
        shown = Domain("user_id", "=", self.env.uid) & Domain("inbox", "=", True)
        groups = self._read_group(shown, ["ticket_id"], ["id:max"], order="id:max desc", limit=min(limit, 100))
        newest = [notice_id for _ticket, notice_id in groups]
        lines = self.search(
            shown & Domain("ticket_id", "in", [ticket.id for ticket, _id in groups])
            & (Domain("read_at", "=", False) | Domain("id", "in", newest)), limit=BUNDLED).grouped("ticket_id")
        return {
            "unread": self._read_group(shown & Domain("read_at", "=", False), [], ["ticket_id:count_distinct"])[0][0],
            "notices": [lines[ticket]._prepare_line() for ticket, _id in groups if ticket in lines],
        }

    def _prepare_line(self):
        """Return the line about these notices of one ticket, given newest first, as a dict.

        ``ids``, ``count`` and ``words`` ("answer", "priority") are those of what is unread; ``item_id`` is where
        reading begins; ``kind``, ``title``, ``text`` and ``date`` are the newest's.
        """
        newest, ticket = self[0], self[0].ticket_id
        unread = self.filtered(lambda notice: not notice.read_at)
        # sudo: names of who caused it, or is absent, perhaps colleagues out of one's reach
        authors, absent = unread.sudo().author_id or newest.sudo().author_id, newest.sudo().for_user_id
        return {
            "ids": (unread or newest).ids, "count": len(unread), "words": unread.sorted("id")._get_words(),
            "kind": newest.kind, "title": dict(self._selection_kind())[newest.kind], "text": newest._get_text(),
            "author": ", ".join(authors.mapped("name")), "absent": absent.name or "", "date": str(newest.create_date),
            "read": not unread, "ticket_id": ticket.id, "item_id": (unread or newest)._get_first_item().id,
            "number": ticket.number, "subject": ticket.subject,
        }

    def _get_words(self):
        """Return in one or two words each what these notices are about, each once."""
        short = self._get_short_kinds()
        words = []
        for notice in self:
            # Who follows a ticket is told which fields changed.
            words += [label.lower() for label in notice._get_changed()] or [short[notice.kind]]
        return list(dict.fromkeys(words))

    @api.model
    def _get_short_kinds(self):
        return {
            "mention": self.env._("mention"), "assigned": self.env._("assignment"),
            "dispatch": self.env._("waits for an owner"), "answer": self.env._("answer"),
            "note": self.env._("note"), "watched": self.env._("news"),
            "undelivered": self.env._("not delivered"), "new": self.env._("new ticket"),
            "urgent": self.env._("highest priority"), "reminder": self.env._("reminder"),
            "sla_warning": self.env._("deadline approaching"), "sla_breach": self.env._("overdue"),
            "escalation": self.env._("escalation"), "confirm": self.env._("to be confirmed"),
        }

    def _get_first_item(self):
        """Return the item at which one begins to read: the oldest that one of these notices is about."""
        return self.sorted("id").item_id[:1]

    @api.model
    def mark_read(self, notice_ids=None, ticket_id=None):
        """Take notices as read: the given ones, those of a ticket, or all; a mail that has not left is not needed."""
        self.browse().check_access("read")
        domain = Domain("user_id", "=", self.env.uid) & Domain("read_at", "=", False)
        if notice_ids is not None:
            domain &= Domain("id", "in", notice_ids)
        if ticket_id:
            domain &= Domain("ticket_id", "=", ticket_id)
        # sudo: one's own notices, also of tickets that went out of sight meanwhile
        notices = self.sudo().search(domain)
        if notices:
            notices.write({"read_at": fields.Datetime.now(), "mail_due_at": False})
            self.env["bus.bus"]._sendone(self.env.user.partner_id, "servicedesk.notice/new", {})
        return len(notices)

    def action_open(self):
        """Open the ticket of these notices at the oldest item they are about; all about the ticket is read then."""
        ticket = self.ticket_id.ensure_one()
        item = self._get_first_item()
        self.mark_read(ticket_id=ticket.id)
        return {
            "type": "ir.actions.act_window", "res_model": "servicedesk.ticket", "res_id": ticket.id,
            "views": [(False, "form")], "context": {"servicedesk_item": item.id},
        }
