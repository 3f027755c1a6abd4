from odoo import api, fields, models
from odoo.tools import SQL


class ServicedeskRead(models.Model):
    """Who has read what: one row per person and ticket, and one per person and item, from first to last time.

    Rows are written in one statement when a ticket is opened or items come into sight; see :meth:`_record`.
    """

    _name = "servicedesk.read"
    _inherit = ["servicedesk.scope"]
    _description = "Read mark"
    _log_access = False
    _order = "first_at, id"
    _ticket_path = "ticket_id"

    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade")
    item_id = fields.Many2one("servicedesk.item", "Message", ondelete="cascade", index="btree_not_null",
                              help="Empty on the row of the ticket as a whole.")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True)
    first_at = fields.Datetime("First read", required=True)
    last_at = fields.Datetime("Last read", required=True)

    _once_uniq = models.UniqueIndex("(ticket_id, user_id, COALESCE(item_id, 0))",
                                    "Each person has one read mark per ticket and message.")

    @api.model
    def _record(self, tickets, item_ids=()):
        """Note that the current user has the tickets open and sees these items of theirs; one INSERT for all.

        The caller has checked access to the tickets; ids that are no items of them, or drafts, are passed over.
        """
        self.env["servicedesk.item"].flush_model(["ticket_id", "state"])
        tickets.flush_recordset(["subject"])
        now, ids = fields.Datetime.now(), tuple(tickets.ids) or (0,)
        self.env.cr.execute(SQL(
            """INSERT INTO servicedesk_read (ticket_id, item_id, user_id, first_at, last_at)
               SELECT ticket.id, NULL::integer, %(user)s, %(now)s, %(now)s
                 FROM servicedesk_ticket ticket
                WHERE ticket.id IN %(tickets)s
            UNION ALL
               SELECT item.ticket_id, item.id, %(user)s, %(now)s, %(now)s
                 FROM servicedesk_item item
                WHERE item.ticket_id IN %(tickets)s AND item.id IN %(items)s AND item.state <> 'draft'
          ON CONFLICT (ticket_id, user_id, COALESCE(item_id, 0)) DO UPDATE SET last_at = EXCLUDED.last_at""",
            user=self.env.uid, now=now, tickets=ids, items=tuple(item_ids) or (0,)))

    @api.model
    def _get_marks(self, ticket, item_ids):
        """Return who has read the ticket and these items, and how many items wait for the current user.

        :return: ``(rows, unread)``; rows of ``(item id or None, user id, name, first time, last time)``, the
            earliest reader first. The caller has checked access to the ticket
        """
        self.env["servicedesk.item"].flush_model(["ticket_id", "state", "date", "author_user_id"])
        rows = self.env.execute_query(SQL(
            """SELECT mark.item_id, mark.user_id, partner.name, mark.first_at, mark.last_at,
                      (SELECT count(*)
                         FROM servicedesk_item item
                         JOIN servicedesk_read visit ON visit.ticket_id = item.ticket_id
                          AND visit.user_id = %(user)s AND visit.item_id IS NULL
                        WHERE item.ticket_id = %(ticket)s AND item.state <> 'draft'
                          AND GREATEST(item.create_date, item.date) > visit.first_at
                          AND item.author_user_id IS DISTINCT FROM %(user)s
                          AND NOT EXISTS (SELECT 1 FROM servicedesk_read seen
                                           WHERE seen.ticket_id = item.ticket_id AND seen.user_id = %(user)s
                                             AND COALESCE(seen.item_id, 0) = item.id))
                 FROM servicedesk_read mark
                 JOIN res_users person ON person.id = mark.user_id
                 JOIN res_partner partner ON partner.id = person.partner_id
                WHERE mark.ticket_id = %(ticket)s AND (mark.item_id IS NULL OR mark.item_id IN %(items)s)
             ORDER BY mark.first_at, mark.id""",
            user=self.env.uid, ticket=ticket.id, items=tuple(item_ids) or (0,)))
        return [row[:5] for row in rows], rows[0][5] if rows else 0


class ServicedeskTimeline(models.AbstractModel):
    _inherit = "servicedesk.timeline"

    @api.model
    @api.readonly
    def get_page(self, ticket_id, cursor=None, limit=30):
        """Add ``readers`` (colleagues who have read it) to every item, and ``unread`` where the reader has not.

        The newest page has ``readers`` of the ticket, too, and ``unread``: how many items of any age are new.
        An item is new when it came after the reader's first visit and has never been in the reader's sight.
        """
        page = super().get_page(ticket_id, cursor=cursor, limit=limit)
        items = [entry for entry in [*page["entries"], *page.get("unsettled", ())] if entry["type"] == "item"]
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        marks, unread = self.env["servicedesk.read"]._get_marks(ticket, [entry["id"] for entry in items])
        me, first_visit, seen, readers = self.env.uid, None, set(), {}
        for item_id, user_id, name, first_at, last_at in marks:
            if user_id == me:
                seen.add(item_id)
                first_visit = first_visit if item_id else first_at
            else:
                readers.setdefault(item_id, []).append({
                    "id": user_id, "name": name, "first": fields.Datetime.to_string(first_at),
                    "last": fields.Datetime.to_string(last_at)})
        for entry in items:
            item = self.env["servicedesk.item"].browse(entry["id"])
            entry["readers"] = [reader for reader in readers.get(item.id, ())
                                if reader["id"] != entry["author"]["user_id"]]
            entry["unread"] = bool(first_visit and item.id not in seen and entry["author"]["user_id"] != me
                                and max(item.create_date, item.date) > first_visit)
        return page if cursor else page | {"readers": readers.get(None, []), "unread": unread}
