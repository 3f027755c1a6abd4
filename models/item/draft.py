from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools import addresses, threading

# What writing an answer and sending it reads of the item that it answers.
ANSWERED_FIELDS = ("ticket_id", "kind", "direction", "state", "date", "subject", "email_from", "email_to", "email_cc",
                   "third_party", "message_id", "references", "parent_item_id", "author_user_id", "automatic")
DRAFT_FIELDS = ("subject", "email_to", "email_cc", "email_bcc", "body", "parent_item_id")


class ServicedeskItem(models.Model):
    """Writing: a draft per ticket, author and kind, saved while one types, then sent or discarded."""

    _inherit = "servicedesk.item"

    @api.model
    def prepare_draft(self, ticket_id, kind, reply_to_id=False, reply_all=False):
        """Return the author's draft of this kind, or what a new one starts from (``id`` False: nothing stored yet).

        :return: dict of ``id, kind, subject, email_from, email_to, email_cc, email_bcc, body, parent_item_id,
            attachments``; addresses are comma separated strings as in a mail header
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("write")
        draft = self._find_own_draft(ticket, kind)
        if draft and not reply_to_id:
            return draft._format_draft()
        vals = self._prepare_answer_vals(ticket, self.browse(reply_to_id), reply_all) if kind == "email" else {}
        if draft:  # what is written stays, only the addresses follow the item that is answered now
            draft.write(vals)
            return draft._format_draft()
        return dict.fromkeys(DRAFT_FIELDS, "") | vals | {
            "id": False, "kind": kind, "email_from": ticket.department_id._get_sender(), "attachments": [],
            "body": self._get_signature(ticket) if kind == "email" else "",
        }

    @api.model
    def _find_own_draft(self, ticket, kind):
        """Return the current user's draft of this kind on a ticket; there is at most one."""
        return self._find_draft_of(self.env.user, ticket, kind)

    @api.model
    def _find_draft_of(self, user, ticket, kind):
        """Return the draft that ``user`` has open in the composer of ``kind``."""
        return self.search(Domain("ticket_id", "=", ticket.id) & self._get_composer_domain(kind)
                           & Domain("state", "=", "draft") & Domain("author_user_id", "=", user.id), limit=1)

    @api.model
    def _get_composer_domain(self, kind):
        """Return which drafts the composer of ``kind`` writes on."""
        if kind in ("email", "forward"):
            return Domain("kind", "=", "email") & Domain("third_party", "=", kind == "forward")
        return Domain("kind", "=", kind)

    def _get_composer(self):
        """Return the composer that writes on this draft."""
        self.ensure_one()
        return self._name_composer(self.kind, self.third_party)

    @api.model
    def _name_composer(self, kind, third_party):
        """Return the composer of such items, named as the kind of item; a forward has one of its own."""
        return "forward" if kind == "email" and third_party else kind

    @api.model
    def _get_draft_fields(self, kind):
        """Return the names of the fields that the composer of ``kind`` reads and saves."""
        return DRAFT_FIELDS

    def _prepare_answer_vals(self, ticket, parent, reply_all):
        """Return addresses and subject of an answer to ``parent``, by default to the customer's newest mail."""
        if not parent:
            parent = self.search_fetch(
                Domain("ticket_id", "=", ticket.id) & Domain("kind", "in", ["email", "portal"])
                & Domain("direction", "=", "in") & Domain("third_party", "=", False), ANSWERED_FIELDS, limit=1)
        own = {ticket.department_id._get_sender(), ticket.department_id.email_normalized} - {False, ""}
        if parent.direction == "out":
            to, cc = parent.email_to or "", parent.email_cc if reply_all else ""
        elif parent:
            to = parent.email_from or ""
            own.add(addresses.normalize(to))
            others = [addresses.display(name, email)
                      for name, email in addresses.split(parent.email_to, parent.email_cc)
                      if ticket.department_id._without_signature(email) not in own]
            cc = ", ".join(others) if reply_all else ""
        else:
            to, cc = addresses.display(ticket.contact_id.name or ticket.contact_name, ticket.contact_email), ""
        return {
            "email_to": to, "email_cc": cc or "", "parent_item_id": parent.id or False,
            "subject": threading.reply_subject(ticket.subject) if parent else ticket.subject,
        }

    def _get_signature(self, ticket):
        """Return what stands below a new answer: one's own signature and the department's, as the contact speaks."""
        department = ticket.department_id.with_context(**self._get_speaking_context(ticket))
        parts = [part for part in (self._get_user_signature(ticket), department.signature) if not is_html_empty(part)]
        return f'<p><br/></p><div class="o_sd_signature">{"".join(parts)}</div>' if parts else ""

    @api.model
    def _get_user_signature(self, ticket):
        """Return the current user's own signature in the language of a ticket's contact, or ``""``."""
        user = self.env.user.with_context(**self._get_speaking_context(ticket))
        return "" if is_html_empty(user.servicedesk_signature) else user.servicedesk_signature

    @api.model
    def _get_speaking_context(self, ticket):
        """Return the context in which texts are read for a ticket's contact; there is nothing to choose from one."""
        several = len(self.env["res.lang"].get_installed()) > 1
        return {"lang": self._get_requester_lang(ticket)} if several else {}

    def _format_draft(self):
        self.ensure_one()
        values = self.read(["id", "kind", *self._get_draft_fields(self.kind)], load=None)[0]
        return {name: value or "" for name, value in values.items()} | {
            "email_from": self.ticket_id.department_id._get_sender(),
            "parent_item_id": self.parent_item_id.id, "shared": self.shared,
            "attachments": self.env["servicedesk.timeline"]._format_attachments(self)[self.id],
        }

    @api.model
    def save_draft(self, ticket_id, kind, values):
        """Store the author's draft and return its id; called a second after typing stops.

        :raise DraftConflict: where another window of the author has changed it (``item_draft_windows.py``)
        """
        vals = {name: values[name] for name in self._get_draft_fields(kind) if name in values}
        draft = self._find_own_draft(self.env["servicedesk.ticket"].browse(ticket_id), kind)
        draft._check_known(values)
        if draft:
            draft.write(vals)
        else:
            draft = self._create_draft(ticket_id, kind, vals)
        return draft.id

    @api.model
    def _create_draft(self, ticket_id, kind, vals):
        return self.create({"ticket_id": ticket_id, "kind": kind, **vals})

    def discard_draft(self):
        """Delete one's draft with its files; what has been sent is refused."""
        if any(item.state != "draft" for item in self):
            raise UserError(self.env._("Only a draft can be discarded."))
        self.unlink()

    @api.model
    def suggest_addresses(self, ticket_id, term, limit=8):
        """Return ``[{name, email, partner_id}]`` for an address field: the ticket's client first."""
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        Partner = self.env["res.partner"]
        matches = Domain("email_normalized", "!=", False)
        if term:
            matches &= Domain("name", "ilike", term) | Domain("email_normalized", "ilike", term)
        own = Domain("id", "child_of", ticket.partner_id.ids) if ticket.partner_id else Domain.FALSE
        found = Partner.search(matches & own, limit=limit) if ticket.partner_id else Partner
        if term and len(found) < limit:
            found |= Partner.search(matches & ~own if ticket.partner_id else matches, limit=limit - len(found))
        return [{"name": partner.name, "email": partner.email_normalized, "partner_id": partner.id}
                for partner in found]
