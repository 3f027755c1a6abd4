from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools import limits

PAGE = limits.FEED_PAGE
UNSETTLED = ("failed", "unknown", "scheduled")
ITEM_FIELDS = ("create_date", "kind", "direction", "state", "date", "author_user_id", "author_partner_id",
               "author_name", "subject", "email_from", "email_to", "email_cc", "email_bcc", "body", "preview",
               "important", "third_party", "sender_verdict", "automatic", "parent_item_id", "thread_reason",
               "intake_id",
               "left_out", "failure_reason", "sent_at", "delivery_note", "claimed_user_id", "for_user_id", "phone_from",
               "phone_to", "segment_count", "send_at")


class ServicedeskTimeline(models.AbstractModel):
    """All that was said and done on one ticket as the agent's screen shows it, in pages, with a constant number of
    queries: our items and events, and what other apps have posted.
    """

    _name = "servicedesk.timeline"
    _description = "Ticket timeline"

    @api.model
    @api.readonly
    def get_page(self, ticket_id, cursor=None, limit=PAGE):
        """Return the newest entries of a ticket that lie before ``cursor``, oldest first.

        :param cursor: what an earlier call returned, None for the newest page
        :return: ``{entries: [item, event or message dicts], cursor: dict or None}``; times are UTC strings. The newest
            page also has ``counts`` (``{kind: n, important: n}``), ``unsettled`` (items of any age that wait for a
            decision or lie shared, and are not among the entries) and ``drafts`` (composers in which the user has one)
        :raise AccessError: where the ticket is out of sight
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        cursor = cursor or {}
        Item, Event = self.env["servicedesk.item"], self.env["servicedesk.event"]
        items = Item.search_fetch(
            self._get_page_domain(ticket, cursor.get("item")) & Domain("state", "!=", "draft"),
            ITEM_FIELDS, limit=limit + 1)
        events = Event.search_fetch(
            self._get_page_domain(ticket, cursor.get("event")),
            ["date", "user_id", "for_user_id", "kind", "old_value", "new_value", "old_ids", "new_ids"],
            limit=limit + 1)
        messages = self._find_app_messages(ticket, cursor.get("message"), limit + 1)
        # Within one second: the beginning, then what was said, then what it brought about.
        def position(entry):
            rank = 1 if entry._name != Event._name else 0 if entry.kind == "created" else 2
            return entry.date, rank, entry.id

        newest = sorted([*items, *events, *messages], key=position, reverse=True)
        page = newest[:limit]
        shown_items = Item.union(*(entry for entry in page if entry._name == Item._name))
        shown_events = Event.union(*(entry for entry in page if entry._name == Event._name))
        shown_messages = messages.browse().union(*(entry for entry in page if entry._name == messages._name))
        formatted = {entry["key"]: entry for entry in
                     self._format_items(shown_items) + self._format_events(ticket, shown_events)
                     + self._format_app_messages(shown_messages)}
        result = {
            "entries": [formatted[f"{entry._name}-{entry.id}"] for entry in reversed(page)],
            "cursor": self._next_cursor(cursor, shown_items, shown_events, shown_messages)
            if len(newest) > limit else None,
        }
        return result if cursor else result | self._summarise(ticket, shown_items)

    def _summarise(self, ticket, shown):
        """Return what the newest page says about all items, from one grouped query."""
        Item = self.env["servicedesk.item"]
        whole = Domain("ticket_id", "=", ticket.id)
        counts, drafts, unsettled, shared = {}, [], 0, Item
        for kind, state, important, is_shared, third_party, count in Item._read_group(
                whole, ["kind", "state", "important", "shared", "third_party"], ["__count"]):
            if state == "draft":
                if is_shared:
                    shared |= Item.search_fetch(whole & Domain("state", "=", "draft") & Domain("kind", "=", kind)
                                                & Domain("shared", "=", True), ITEM_FIELDS)
                else:
                    drafts.append(Item._name_composer(kind, third_party))
                continue
            counts[kind] = counts.get(kind, 0) + count
            counts["important"] = counts.get("important", 0) + count * important
            unsettled += count * (state in UNSETTLED)
        hidden = Item
        if unsettled > len(shown.filtered(lambda item: item.state in UNSETTLED)):
            hidden = Item.search_fetch(
                whole & Domain("state", "in", UNSETTLED) & Domain("id", "not in", shown.ids), ITEM_FIELDS)
        own = shared.filtered(lambda item: item.author_user_id == self.env.user)
        drafts += [item._get_composer() for item in own]
        apart = hidden | (shared - own)
        return {"counts": counts, "drafts": drafts, "unsettled": self._format_items(apart) if apart else []}

    def _get_page_domain(self, ticket, position):
        return Domain("ticket_id", "=", ticket.id) & self._get_older_domain(position)

    def _get_older_domain(self, position):
        """Return the domain of what lies before a place ``[date, id]``, everything where there is none."""
        domain = Domain.TRUE
        if position:
            date, last_id = position
            domain &= Domain("date", "<", date) | (Domain("date", "=", date) & Domain("id", "<", last_id))
        return domain

    def _next_cursor(self, cursor, items, events, messages):
        result = dict(cursor)
        for name, records in (("item", items), ("event", events), ("message", messages)):
            if records:
                last = min(records, key=lambda record: (record.date, record.id))
                result[name] = [str(last.date), last.id]
        return result

    def _format_items(self, items):
        attachments, more = self._format_attachments(items), {}
        for channel, theirs in items._by_channel():
            more |= channel._format_items(theirs)
        return [{
            "key": f"{item._name}-{item.id}", "type": "item", "id": item.id, "kind": item.kind,
            "direction": item.direction, "state": item.state, "date": str(item.date),
            "author": self._format_author(item), "subject": item.subject or "",
            "email_from": item.email_from or "", "email_to": item.email_to or "", "email_cc": item.email_cc or "",
            "email_bcc": item.email_bcc or "", "phone_from": item.phone_from or "", "phone_to": item.phone_to or "",
            "segment_count": item.segment_count, "body": item.body or "", "preview": item.preview or "",
            "important": item.important, "third_party": item.third_party, "automatic": item.automatic,
            "left_out": item.left_out or "", "forged": item.sender_verdict == "failed",
            "parent_id": item.parent_item_id.id,
            "reason": self._describe_reason(item), "original_id": item.intake_id.id,
            "delivery_note": item.delivery_note or "", "failure_detail": item.failure_detail or "",
            # The author-to-be alone can say whether it is true.
            "claimed": {"mine": item.sudo().claimed_user_id.id == self.env.uid,  # sudo: only who it is
                        "name": item.sudo().claimed_user_id.name or ""}  # sudo: same
            if item.thread_reason == "claimed" else False,
            "send_at": str(item.send_at) if item.send_at else "", "remaining": self._get_remaining(item),
            "failure_reason": item.failure_reason or "", "sent_at": str(item.sent_at) if item.sent_at else "",
            "attachments": attachments[item.id],
        } | more.get(item.id, {}) for item in items]

    def _get_remaining(self, item):
        """Return for how many seconds the current user may still take the mail back."""
        if item.state != "queued" or not item.send_at or item.author_user_id != self.env.user:
            return 0
        return max((item.send_at - fields.Datetime.now()).total_seconds(), 0)

    def _format_author(self, item):
        # sudo: names of authors are part of the item, also of colleagues and contacts out of one's reach
        user, partner = item.sudo().author_user_id, item.sudo().author_partner_id
        name = user.name or partner.name or item.author_name or item.email_from or ""
        if absent := item.sudo().for_user_id:  # sudo: as above
            name = self.env._("%(author)s for %(absent)s", author=name, absent=absent.name)
        return {"name": name, "user_id": user.id, "partner_id": partner.id or user.partner_id.id}

    def _describe_reason(self, item):
        """Return in words why the mail was filed here, or ``''``."""
        reason = item.thread_reason or ""
        kind, _sep, detail = reason.partition(":")
        return {
            "in-reply-to": self.env._("because it answers an earlier message (In-Reply-To)"),
            "references": self.env._("because it refers to an earlier message (References)"),
            "reply-address": self.env._("because it was sent to the reply address of this ticket"),
            "number": self.env._("because its subject has the number %s", detail),
            "sms": self.env._("because its sender's newest ticket is this one"),
            "archived": self.env._("answer to the archived ticket %s", detail),
            "stranger": self.env._("mentions %s, but the sender has no part in that ticket", detail),
        }.get(kind, "")

    def _format_attachments(self, items):
        """Return ``{item id: [file dicts]}``, one query for all items; the caller has checked the items."""
        result = {item.id: [] for item in items}
        # sudo: who sees the item sees its files; portal and other users never get here
        found = self.env["ir.attachment"].sudo().search_fetch(
            [("res_model", "=", "servicedesk.item"), ("res_id", "in", items.ids), ("res_field", "=", False)],
            ["name", "mimetype", "file_size", "res_id", "description", "checksum", "servicedesk_client_file_id"],
            order="id")
        for attachment in found:
            result[attachment.res_id].append(self._format_attachment(attachment))
        return result

    def _format_events(self, ticket, events):
        labels = ticket.fields_get(self.env["servicedesk.event"]._history_fields(), ["string", "selection", "type"])

        def read(name, value):
            label = labels.get(name, {})
            if value and label.get("type") == "datetime":
                return format_datetime(self.env, value, dt_format="short")
            return dict(label.get("selection") or {}).get(value, value) or ""

        values = events._read_values()
        return [{
            "key": f"{event._name}-{event.id}", "type": "event", "id": event.id, "kind": event.kind,
            "date": str(event.date), "label": labels.get(event.kind, {}).get("string", ""),
            "old": read(event.kind, values[event.id][0]), "new": read(event.kind, values[event.id][1]),
            "author": self._format_event_author(event), "user_id": event.sudo().user_id.id,  # sudo: as the name
        } for event in events]

    def _format_event_author(self, event):
        user, absent = event.sudo().user_id, event.sudo().for_user_id  # sudo: names are part of the history
        if absent:
            return self.env._("%(author)s for %(absent)s", author=user.name, absent=absent.name)
        return user.name or ""
