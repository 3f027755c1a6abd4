from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty


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
        channel = self.env["servicedesk.channel"]._get(kind)
        return channel._prepare_draft(ticket, self._find_own_draft(ticket, kind), self.browse(reply_to_id), reply_all)

    @api.model
    def _find_own_draft(self, ticket, kind):
        """Return the current user's draft of this kind on a ticket; there is at most one."""
        return self._find_draft_of(self.env.user, ticket, kind)

    @api.model
    def _find_draft_of(self, user, ticket, kind):
        """Return the draft that ``user`` has open in the composer of ``kind``."""
        own = Domain("ticket_id", "=", ticket.id) & Domain("state", "=", "draft") & Domain(
            "author_user_id", "=", user.id)
        return self.search(own & self.env["servicedesk.channel"]._get(kind)._get_domain(), limit=1)

    def _get_composer(self):
        """Return the composer that writes on this draft."""
        return self._get_channel()._get_composer()

    @api.model
    def _name_composer(self, kind, third_party):
        """Return the composer of such items, named as the kind of item; a forward has one of its own."""
        return self.env["servicedesk.channel"]._of(kind, third_party)._get_composer()

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

    @api.model
    def save_draft(self, ticket_id, kind, values):
        """Store the author's draft and return its id; called a second after typing stops.

        :raise UserError: for values that this kind of draft does not have
        :raise DraftConflict: where another window of the author has changed it (``draft_windows.py``)
        """
        channel, ticket = self.env["servicedesk.channel"]._get(kind), self.env["servicedesk.ticket"].browse(ticket_id)
        channel._check_known_names(values)
        vals = channel._prepare_vals(values)
        draft = self._find_own_draft(ticket, kind)
        draft._check_known(values)
        if draft:
            draft.write(vals)
        else:
            draft = channel._create_draft(ticket, vals)
        return draft.id

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
