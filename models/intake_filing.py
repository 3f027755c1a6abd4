import re
from markupsafe import Markup

from odoo import models
from odoo.fields import Domain

from ..tools import addresses, mail_text, threading


class ServicedeskIntake(models.Model):
    """From a ledger row to an item on a ticket: which ticket, whose client, what text, which files."""

    _inherit = "servicedesk.intake"

    def _file(self, mail):
        """File a parsed mail: known already, our own, an answer on its ticket, or a new ticket."""
        self.ensure_one()
        department = self.department_id or self._get_department(mail)
        if not self.department_id and department:
            self.department_id = department
        if not department:
            return self._finish("failed", False, self.env._("No department has one of the addressed mailboxes."))
        if known := self._find_known(department):
            return self._finish("done", "duplicate", self.env._("The same message is already filed."), known.item_id)
        sender = addresses.normalize(mail.sender)
        if sender and sender in (department.email_normalized, department.alias_email):
            return self._finish("refused", "own", self.env._("Sent by the department itself."))
        if not self.released and (ban := self.env["servicedesk.ban"]._find(sender, department.company_id)):
            return self._finish("quarantined", "banned", self.env._(
                "%(value)s is banned: %(reason)s", value=ban.value, reason=ban.reason or "-"))
        ticket, parent, reason = self._find_ticket(mail, department, sender)
        client = self._find_client(sender)
        outcome = "reply" if ticket else "new"
        third_party = bool(ticket) and sender not in ticket._get_participants()[ticket.id]
        if not ticket:
            ticket = self._create_ticket(mail, department, sender, client)
        item = self._create_item(mail, ticket, parent, sender, client, reason, third_party)
        if outcome == "reply" and not third_party:
            ticket._on_customer_answer()
        if outcome == "new":
            item._acknowledge(item, mail)
        return self._finish("done", outcome, "", item)

    def _find_known(self, department):
        """Return an earlier row of the same department with the same Message-Id and the same bytes."""
        return self.search(
            Domain("sha256", "=", self.sha256) & Domain("message_id", "=", self.message_id)
            & Domain("department_id", "=", department.id) & Domain("id", "!=", self.id)
            & Domain("state", "=", "done"), limit=1) if self.message_id else self.browse()

    def _find_ticket(self, mail, department, sender):
        """Return ``(ticket, answered item, reason)`` by the strongest evidence that the mail carries.

        Message-Ids that we gave or received come first, then the number in the subject, which counts only
        for a sender who belongs to that ticket. What answers an archived ticket starts a new one.
        """
        Ticket, Item = self.env["servicedesk.ticket"], self.env["servicedesk.item"]
        company = Domain("ticket_id.company_id", "=", department.company_id.id)
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        if ids:
            items = Item.search(Domain("message_id", "in", ids) & company)
            by_id = {item.message_id: item for item in items}
            for message_id in ids:
                if item := by_id.get(message_id):
                    if item.ticket_id.state == "archived":
                        return Ticket, Item, f"archived:{item.ticket_id.number}"
                    direct = message_id in threading.message_ids(mail.in_reply_to)
                    return item.ticket_id, item, "in-reply-to" if direct else "references"
        numbers = threading.numbers_in(mail.subject)
        if numbers:
            tickets = Ticket.search(
                Domain("number", "in", numbers) & Domain("company_id", "=", department.company_id.id))
            participants = tickets._get_participants()
            for ticket in tickets:
                if sender in participants[ticket.id]:
                    if ticket.state == "archived":
                        return Ticket, Item, f"archived:{ticket.number}"
                    return ticket, Item, f"number:{ticket.number}"
            if tickets:
                return Ticket, Item, f"stranger:{tickets[0].number}"
        return Ticket, Item, ""

    def _find_client(self, sender):
        """Return the partner that a sender is: by e-mail, else by the domain of a company (see res_partner)."""
        return self.env["res.partner"]._find_servicedesk_client(sender)

    def _create_ticket(self, mail, department, sender, client):
        contact = client if client.email_normalized == sender else client.browse()
        name = next((name for name, _address in addresses.split(mail.sender)), "")
        return self.env["servicedesk.ticket"].with_context(servicedesk_channel="email").create({
            "subject": mail.subject[:250] or self.env._("(no subject)"),
            "department_id": department.id,
            "partner_id": client.commercial_partner_id.id,
            "contact_id": contact.id,
            "contact_email": sender or False,
            "contact_name": name or False,
        })

    def _create_item(self, mail, ticket, parent, sender, client, reason, third_party):
        name = next((name for name, _address in addresses.split(mail.sender)), "")
        item = self.env["servicedesk.item"].create({
            "ticket_id": ticket.id, "kind": "email", "direction": "in", "state": "received",
            "date": self.received_at, "subject": mail.subject, "email_from": mail.sender, "email_to": mail.to,
            "email_cc": mail.cc, "message_id": mail.message_id or False,
            "references": " ".join(threading.message_ids(mail.references, mail.in_reply_to)) or False,
            "author_partner_id": client.id if client.email_normalized == sender else False,
            "author_name": name or sender, "parent_item_id": parent.id, "thread_reason": reason or False,
            "third_party": third_party, "intake_id": self.id,
            "body": mail.html or mail_text.text_to_html(mail.text),
        })
        self._attach(item, mail)
        return item

    def _attach(self, item, mail):
        """Keep the mail's files on the item; pictures that the text shows inline are pointed at."""
        if not mail.files:
            return
        attachments = self.env["ir.attachment"].create([{
            "name": file.name, "raw": file.content, "res_model": item._name, "res_id": item.id,
            "mimetype": file.mimetype, "company_id": item.ticket_id.company_id.id,
        } for file in mail.files])
        shown = {file.cid: attachment for file, attachment in zip(mail.files, attachments, strict=True) if file.cid}
        body = str(item.body or "")
        used = {cid for cid in shown if f"cid:{cid}" in body}
        if used:
            pattern = "|".join(re.escape(cid) for cid in used)
            item.body = Markup(re.sub(f"cid:({pattern})", lambda m: f"/web/image/{shown[m.group(1)].id}", body))
            for cid in used:
                shown[cid].description = "inline"
