import json
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..access.relations import RuledOne2many

# Where the change that is going on is kept: with the cursor, so with the transaction. A client can send any context,
# and a key of it would let him silence history.
OPEN = "servicedesk.change"


class TicketChange:
    """What one act changes on tickets, from the outermost ``write`` (or the act around it) to its end.

    A write inside another belongs to it, on other tickets too. Old values are read once, new ones when the act is
    over: what a savepoint has taken back in between differs from nothing and leaves no trace.
    """

    def __init__(self, outer=None, channel="", reason="", cause=None, quiet=False, keeps_promises=False):
        """
        :param outer: the change around this one
        :param channel: the kind of message by which tickets come into being in it
        :param reason: why it is done, in the words of who does it
        :param cause: the record that it belongs to, such as a macro
        :param quiet: nobody is told of it: it is about how tickets are kept, nothing happened to the matter
        :param keeps_promises: the clocks go on by the policies that they have
        """
        self.outer = outer
        self.channel = channel or (outer.channel if outer else "")
        self.reason, self.cause = reason, cause
        self.quiet = quiet or bool(outer and outer.quiet)
        self.keeps_promises = keeps_promises
        self.written, self.created, self.kept = set(), set(), set()
        self.told = outer.told if outer else {}  # {(user id, ticket id): id of the notice}
        self._old = {}  # {ticket id: {field: raw value}}
        self._said = {}  # {ticket id: {field that was written by name: id of who wrote it, or False}}

    @property
    def is_outermost(self):
        return self.outer is None

    def remember(self, tickets, names, said=(), author=False):
        """Keep what stands in the fields ``names`` of tickets, unless it is known already.

        :param said: those of them that history tells of; the others come along with these
        :param author: id of the user who writes them, in the lines of history
        """
        self.written.update(tickets.ids)
        if self.keeps_promises:
            self.kept.update(tickets.ids)
        if not names:
            return
        for ticket in tickets:
            known = self._old.setdefault(ticket.id, {})
            for name in names:
                if name not in known:
                    known[name] = read_raw(ticket, name)
            self._said.setdefault(ticket.id, {}).update(dict.fromkeys(said, author))

    def absorb(self, inner):
        """Take over what a change inside this one has done."""
        self.written |= inner.written
        self.created |= inner.created
        self.kept |= inner.kept
        self.reason = self.reason or inner.reason
        for ticket_id, values in inner._old.items():
            self._old[ticket_id] = values | self._old.get(ticket_id, {})
            self._said.setdefault(ticket_id, {}).update(inner._said.get(ticket_id, {}))

    def changed(self, tickets, *names):
        """Return those of ``tickets`` on which one of the fields is not what it was when this change began."""
        return tickets.filtered(lambda ticket: any(
            name in self._old.get(ticket.id, ()) and self._old[ticket.id][name] != read_raw(ticket, name)
            for name in names))

    def old(self, ticket, name):
        """Return the raw value that a field had, ids of records as a tuple; for one not remembered its present one."""
        known = self._old.get(ticket.id, {})
        return known[name] if name in known else read_raw(ticket, name)

    def get_differences(self, tickets):
        """Return ``{ticket id: {field: (old, new)}}``, raw, of the fields that differ."""
        found = {}
        for ticket in tickets:
            for name, old in self._old.get(ticket.id, {}).items():
                if old != (new := read_raw(ticket, name)):
                    found.setdefault(ticket.id, {})[name] = (old, new)
        return found

    def has_differences(self):
        """Tell whether anything was remembered that might differ now."""
        return bool(self._old)

    def is_said(self, ticket, name):
        return name in self._said.get(ticket.id, ())

    def get_author_id(self, ticket, name):
        """Return who wrote a field within this act, the last one: rules are the system's, whoever's message it was."""
        return self._said[ticket.id][name]


def read_raw(ticket, name):
    """Return the value of a field as it can be compared and stored: ids of records as a tuple, the rest as it is."""
    if ticket._fields[name].type in ("one2many", "many2many"):
        ticket = ticket.sudo()  # sudo: compared and stored; as the user some of the linked records would be left out
    value = ticket[name]
    return tuple(value.ids) if isinstance(value, models.BaseModel) else value or False


class ServicedeskChange(models.Model):
    """One act of somebody on tickets: who, when, what it belongs to, and the raw values before and after it.

    The lines of the history are its lines. It spans everything between the beginning of the outermost ``write`` and its
    end, so that each person is told of it once and it can be taken back as one.
    """

    _name = "servicedesk.change"
    _description = "Change of tickets"
    _order = "id desc"

    date = fields.Datetime(required=True, default=fields.Datetime.now, readonly=True)
    user_id = fields.Many2one("res.users", "By", ondelete="set null", readonly=True, index="btree_not_null")
    cause_model = fields.Char(readonly=True, export_string_translation=False)
    cause_id = fields.Many2oneReference("Belongs to", model_field="cause_model", readonly=True)
    reversible = fields.Boolean(readonly=True, help="It can be undone by setting the old values again.")
    values = fields.Json(readonly=True, prefetch=False, export_string_translation=False,
                         help="{ticket id: {field: [old, new]}}, ids of records as lists, times as UTC strings.")
    line_ids = RuledOne2many("servicedesk.event", "change_id", "History", readonly=True)

    @api.model
    def _get_open(self):
        """Return the :class:`TicketChange` that is going on in this transaction, or None."""
        return self.env.cr.cache.get(OPEN)

    @api.model
    @contextmanager
    def _span(self, tickets=None, vals=(), **about):
        """Let everything in the block be one change, which is stored and told of when the outermost block ends.

        :param tickets: those that are written
        :param vals: what is written on them
        :param about: see :class:`TicketChange`
        """
        cache = self.env.cr.cache
        outer = cache.get(OPEN)
        change = TicketChange(outer, **about)
        if tickets:
            names = tickets._get_tracked_fields(vals)
            change.remember(tickets, names, names & set(vals), self.env["servicedesk.event"]._get_author_id())
        cache[OPEN] = change
        try:
            yield change
            if outer:
                outer.absorb(change)
            else:
                self.env["servicedesk.ticket"]._settle_change(change)
        finally:
            if outer:
                cache[OPEN] = outer
            else:
                cache.pop(OPEN, None)

    @api.model
    def _store(self, change, tickets):
        """Write down a change with the lines of its history, in one statement for any number of tickets.

        :return: whether anything is worth a line
        """
        Event = self.env["servicedesk.event"]
        differences = change.get_differences(tickets)
        lines = Event._prepare_for_absent(Event._prepare_lines(change, tickets, differences))
        if not lines:
            return False
        values = {ticket_id: {name: [to_json(old), to_json(new)] for name, (old, new) in found.items()}
                  for ticket_id, found in differences.items()}
        cause = change.cause
        # Two inserts of the ORM would be two round trips in the hottest path of all.
        self.env.execute_query(SQL(
            """WITH change AS (
                   INSERT INTO servicedesk_change (date, user_id, cause_model, cause_id, reversible, "values",
                                                   create_uid, create_date, write_uid, write_date)
                   VALUES (%(now)s, %(author)s, %(model)s, %(cause)s, %(reversible)s, %(values)s,
                           %(uid)s, %(now)s, %(uid)s, %(now)s)
                RETURNING id)
               INSERT INTO servicedesk_event (change_id, ticket_id, date, user_id, for_user_id, kind, old_value,
                                              new_value, old_ids, new_ids, create_uid, create_date, write_uid,
                                              write_date)
               SELECT change.id, line.ticket_id, %(now)s, line.user_id, line.for_user_id, line.kind, line.old_value,
                      line.new_value, line.old_ids, line.new_ids, %(uid)s, %(now)s, %(uid)s, %(now)s
                 FROM change, jsonb_to_recordset(%(lines)s) AS line(
                      ticket_id integer, user_id integer, for_user_id integer, kind varchar, old_value varchar,
                      new_value varchar, old_ids jsonb, new_ids jsonb)
            RETURNING id""",
            now=fields.Datetime.now(), author=Event._get_author_id() or None, model=cause._name if cause else None,
            cause=cause.id if cause else None, reversible=not change.quiet and not change.created,
            values=json.dumps(values), uid=self.env.uid, lines=json.dumps([
                {name: value for name, value in line.items() if value is not False} for line in lines])))
        tickets.invalidate_recordset(["event_ids"])
        return True

    @api.autovacuum
    def _gc_changes(self):
        """Forget the changes of tickets that are gone."""
        self.search(Domain("line_ids", "=", False), limit=10_000).unlink()


def to_json(value):
    return fields.Datetime.to_string(value) if hasattr(value, "tzinfo") else value
