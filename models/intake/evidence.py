from odoo import models
from odoo.fields import Domain

from ...tools.mail import threading


class ServicedeskIntake(models.Model):
    """To which ticket a mail belongs, by the strongest evidence that it carries."""

    _inherit = "servicedesk.intake"

    def _step_ticket(self, filing):
        """Find the ticket that a mail answers.

        Message-Ids that we gave or received come first, then a signed reply address, then the number in the subject,
        which counts only for a sender who belongs to that ticket and is not found to be forged. What answers an
        archived ticket starts a new one.
        """
        for find in (self._find_by_message_ids, self._find_by_reply_address, self._find_by_number):
            if find(filing):
                break

    def _find_by_message_ids(self, filing):
        mail, Item = filing.mail, self.env["servicedesk.item"]
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        if not ids:
            return False
        by_id = {item.message_id: item for item in Item.search_fetch(
            Domain("message_id", "in", ids) & Domain("ticket_id.company_id", "=", filing.department.company_id.id),
            ["ticket_id", "message_id", "kind", "direction", "state", "third_party", "author_user_id"])}
        item = next((by_id[message_id] for message_id in ids if message_id in by_id), None)
        if not item:
            return False
        ticket = item.ticket_id._get_survivors()
        direct = item.message_id in threading.message_ids(mail.in_reply_to)
        if self._join(filing, ticket, "in-reply-to" if direct else "references"):
            filing.parent = item if item.ticket_id == ticket else Item
        return True

    def _find_by_reply_address(self, filing):
        signed = self.env["servicedesk.department"]._find_signed_ticket(*filing.mail.recipients)._get_survivors()
        if not signed or signed.company_id != filing.department.company_id:
            return False
        self._join(filing, signed, "reply-address")
        return True

    def _join(self, filing, ticket, reason):
        """Let a mail join the ticket that it answers, be its sender a stranger there; tell whether it does."""
        if ticket.state == "archived":
            self._mention(filing, ticket, "archived")
            return False
        filing.ticket, filing.reason = ticket, reason
        filing.third_party = filing.verdict == "failed" or filing.sender not in ticket._get_participants()[ticket.id]
        return True

    def _mention(self, filing, ticket, why):
        filing.mentioned, filing.reason = ticket, f"{why}:{ticket.number}"

    def _find_by_number(self, filing):
        numbers = threading.numbers_in(filing.mail.subject)
        if not numbers:
            return None
        tickets = self.env["servicedesk.ticket"].search(Domain("number", "in", numbers) & Domain(
            "company_id", "=", filing.department.company_id.id))._get_survivors()
        if filing.verdict == "failed":
            return self._mention(filing, tickets[0], "stranger") if tickets else None
        participants = tickets._get_participants() if tickets else {}
        for ticket in tickets:
            if filing.sender in participants[ticket.id]:
                if ticket.state == "archived":
                    self._mention(filing, ticket, "archived")
                else:
                    filing.ticket, filing.reason = ticket, f"number:{ticket.number}"
                return None
        if tickets:
            self._mention(filing, tickets[0], "stranger")
            self._join_as_asked(filing, tickets[0])
        return None
