from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

# What may still be changed on an item that has left or arrived: marks, never what was said.
MARKS = {"important"}
# What `prepare_draft` says beside a draft's fields; a composer may give it back, it is not stored.
ECHOED = {"id", "kind", "email_from", "shared", "attachments", "known", "text", "person", "people", "phone_from",
          "variables"}


class ServicedeskChannel(models.AbstractModel):
    """One way to speak with people: what its drafts hold, when they are complete, what becomes of them when sent.

    A channel is an abstract model of its own, named after its composer (``servicedesk.channel.sms``); items and
    drafts ask theirs (``item._get_channel()``) wherever channels differ. How to add one: ``docs/channels.md``. The
    model itself is the channel of what nobody writes by hand, such as the words of a customer in the portal.
    """

    _name = "servicedesk.channel"
    _description = "Channel"

    _kind = ""  # of its items
    _sequence = 0  # among the tabs of the composer; without a number it has no tab of its own
    _direction = "out"
    _leaves = False  # through a queue and a server; what does not is finished when it is saved
    _draft_fields = ()  # what the composer reads and saves
    _recipients = ""  # the field that says whom it goes to
    _preview_fields = ()  # what the preview of an item without a text is made of

    @api.model
    def _get(self, composer):
        """Return the channel whose composer has this name.

        :raise AccessError: where nobody writes such items
        """
        name = f"servicedesk.channel.{composer}"
        if name not in self.env:
            raise AccessError(self.env._("Messages of this kind cannot be written manually."))
        return self.env[name]

    @api.model
    def _of(self, kind, third_party=False):
        """Return the channel of such items; what goes to somebody outside the matter has a composer of its own."""
        composer = "forward" if kind == "email" and third_party else kind
        return self.env.get(f"servicedesk.channel.{composer}", self.env["servicedesk.channel"])

    @api.model
    def _get_all(self):
        return [self.env[name] for name in self.env.registry if name.startswith("servicedesk.channel.")]

    @api.model
    def _get_composer(self):
        return self._name.removeprefix("servicedesk.channel.")

    @api.model
    def _is_on(self, department):
        """Tell whether items of this channel are written in a department (superuser mode; kept in the cache)."""
        return True

    @api.model
    def _get_portal_presentation(self, department):
        """Return how customers see such items in the portal: ``full``, ``record`` (date, kind and duration, never a
        word of the content) or None, where they do not exist for them."""
        return None

    # the draft

    @api.model
    def _get_draft_fields(self):
        """Return the names of the fields that the composer reads and saves."""
        return (*self._draft_fields, "draft_window")

    @api.model
    def _get_writable_fields(self):
        """Return all that an agent writes on a draft; empty where such items are not written by hand."""
        return MARKS.union(self._get_draft_fields()) if self._draft_fields else set()

    @api.model
    def _get_domain(self):
        """Return which items are written in this channel's composer."""
        return Domain("kind", "=", self._kind)

    @api.model
    def _prepare_draft(self, ticket, draft, parent, reply_all):
        """Return what the composer opens with: the author's draft, or what a new one starts from.

        :param parent: the item that is answered, perhaps none
        """
        if not draft:
            return self._prepare_start(ticket, parent, reply_all)
        # What is written stays, only the addresses follow the item that is answered now.
        if parent and (vals := self._prepare_answer(ticket, parent, reply_all)):
            draft.write(vals)
        return self._format(draft)

    @api.model
    def _prepare_start(self, ticket, parent, reply_all):
        """Return a new draft as the composer reads it: ``id`` False, nothing is stored yet."""
        return dict.fromkeys(self._draft_fields, "") | self._prepare_answer(ticket, parent, reply_all) | {
            "id": False, "kind": self._kind, "attachments": []}

    @api.model
    def _prepare_answer(self, ticket, parent, reply_all):
        """Return to whom and under which subject an answer goes, by default to the customer's newest words."""
        return {}

    @api.model
    def _format(self, draft):
        """Return a stored draft as the composer reads it."""
        values = draft.read(["id", "kind", *self._get_draft_fields()], load=None)[0]
        return {name: value or "" for name, value in values.items()} | {
            "parent_item_id": draft.parent_item_id.id, "shared": draft.shared,
            "attachments": self.env["servicedesk.timeline"]._format_attachments(draft)[draft.id],
        }

    @api.model
    def _prepare_vals(self, values):
        """Return the values of the fields from what the composer sends."""
        return {name: values[name] for name in self._get_draft_fields() if name in values}

    @api.model
    def _check_known_names(self, values):
        """:raise UserError: for a value that would be left out without a word"""
        if unknown := sorted(values.keys() - ECHOED.union(self._get_draft_fields())):
            raise UserError(self.env._("A draft of this kind does not have: %s", ", ".join(unknown)))

    @api.model
    def _create_draft(self, ticket, vals):
        return self.env["servicedesk.item"].create({"ticket_id": ticket.id, "kind": self._kind, **vals})

    # sending

    @api.model
    def _check_complete(self, item):
        """:raise UserError: where something is missing or wrong; the draft stays as it was"""

    @api.model
    def _store_contacts(self, items):
        """Keep the people who were typed with name and address: on the customer, else as the ticket's contact."""

    @api.model
    def _prepare_finished_vals(self, item):
        """Return what is settled at the moment when an item that does not leave is saved."""
        return {}

    @api.model
    def _prepare_queue_vals(self, item):
        """Return all that an item will say of itself when it leaves, fixed when it is queued."""
        return {"state": "queued"}

    @api.model
    def _prepare_departure_vals(self, item, now, send_at):
        """Return when an item that leaves may do so, and what is needed to have it back until then.

        :param send_at: the minute that the author has chosen, else None
        """
        if send_at:
            return {"state": "scheduled", "send_at": send_at, "ticket_was_open": False}
        return {
            "send_at": now + timedelta(seconds=item.ticket_id.department_id.undo_seconds),
            "ticket_was_open": item.ticket_id.state == "open" and not item.third_party,
        }

    @api.model
    def _on_sent(self, items):
        """Do what comes after drafts have been saved or queued (as their author)."""

    @api.model
    def _wake(self, items):
        """Wake the workers that carry these items, now or at the minute at which they become due."""

    # afterwards

    @api.model
    def _prepare_retry(self, items):
        """Make ready what hangs on items that are queued again (the ticket's access has been checked)."""

    @api.model
    def _check_editable(self, item):
        """:raise UserError: where an item that failed cannot be made a draft again, for part of it has left"""

    @api.model
    def _on_marked_sent(self, items):
        """Settle what hangs on items of which somebody knows that they were sent (access has been checked)."""

    @api.model
    def _prepare_withdrawn_vals(self, items):
        """Return what else an item loses that becomes a draft again, whatever would make it leave is gone."""
        return {}

    # on the time line

    @api.model
    def _describe(self, item):
        """Return in words what an item without a text is, for its preview."""
        return item.subject or ""

    @api.model
    def _get_newest(self, items):
        """Return those of items just saved that are their ticket's newest words."""
        return items

    @api.model
    def _format_items(self, items):
        """Return ``{item id: {…}}``: what the time line shows of items of this channel beside what all have."""
        return {}
