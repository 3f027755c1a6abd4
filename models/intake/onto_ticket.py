import re

from markupsafe import Markup

from odoo import models
from odoo.fields import Domain

from ...tools.mail import addresses, mime, threading
from ...tools.mail.html_cleaner import Clean
from .steps import QUIET


class ServicedeskIntake(models.Model):
    """What a mail becomes: a ticket where it opens one, and the item with its files."""

    _inherit = "servicedesk.intake"

    def _step_new_ticket(self, filing):
        """Open a ticket for what answers none, and link it with the tickets that have to do with it."""
        if filing.ticket:
            return
        name = next((name for name, _address in addresses.split(filing.mail.sender)), "")
        with self.env["servicedesk.change"]._span(channel="email"):
            filing.ticket = self.env["servicedesk.ticket"].create({
                "subject": filing.subject[:250] or self.env._("(no subject)"),
                "department_id": filing.department.id,
                "partner_id": filing.client.commercial_partner_id.id,
                "contact_id": filing.contact.id,
                "contact_email": filing.sender or False,
                "contact_name": name or False,
            })
        filing.opened = True
        filing.third_party = filing.verdict == "failed"  # not the words of whom the ticket is opened for
        filing.ticket._relate(filing.mentioned)
        filing.ticket._relate(self._find_twins().ticket_id)

    def _find_twins(self):
        """Return the rows by which the same mail, addressed to several departments, became other tickets."""
        if not self.message_id:
            return self.browse()
        return self.search(Domain("message_id", "=", self.message_id) & Domain("email_from", "=", self.email_from)
                           & Domain("department_id", "!=", self.department_id.id) & Domain("outcome", "=", "new")
                           & Domain("department_id.company_id", "=", self.department_id.company_id.id))

    def _step_item(self, filing):
        filing.item = self._create_item(filing)
        self._attach(filing.item, filing.mail)

    def _create_item(self, filing):
        mail, quiet = filing.mail, filing.kind in QUIET
        name = next((name for name, _address in addresses.split(mail.sender)), "")
        return self.env["servicedesk.item"].create({
            "ticket_id": filing.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "date": self.received_at, "subject": mail.subject, "email_from": mail.sender, "email_to": mail.to,
            "email_cc": mail.cc, "message_id": mail.message_id or False,
            "references": " ".join(threading.message_ids(mail.references, mail.in_reply_to)) or False,
            "author_partner_id": filing.contact.id, "author_name": name or filing.sender,
            "parent_item_id": filing.parent.id, "thread_reason": filing.reason or False,
            "third_party": filing.third_party, "sender_verdict": filing.verdict or False, "intake_id": self.id,
            "automatic": quiet,
            "from_robot": quiet or (filing.opened and filing.kind != "ordinary"),
            "body": filing.body or self._describe_unreadable(filing), "left_out": filing.left_out,
        })

    def _describe_unreadable(self, filing):
        """Say in place of words why there are none to be read here, or ``""``."""
        if "encrypted" not in filing.mail.problems:
            return ""
        speaking = self.with_context(lang=filing.department.company_id.partner_id.lang)
        return Markup("<p><em>%s</em></p>") % speaking.env._(
            "This message is encrypted. Download it and open it in a mail program that has the key.")

    def _attach(self, item, mail):
        """Keep the mail's files on the item; pictures that the text shows inline are pointed at."""
        if not mail.files:
            return
        attachments = self.env["ir.attachment"]._servicedesk_store([{
            "name": file.name, "raw": file.content, "res_model": item._name, "res_id": item.id,
            "mimetype": mime.harmless_type(file.mimetype), "company_id": item.ticket_id.company_id.id,
        } for file in mail.files])
        shown = {file.cid: attachment for file, attachment in zip(mail.files, attachments, strict=True) if file.cid}
        body = str(item.body or "")
        used = {cid for cid in shown if f"cid:{cid}" in body}
        if used:
            pattern = "|".join(re.escape(cid) for cid in used)
            item.body = Clean.of(re.sub(f"cid:({pattern})", lambda m: f"/web/image/{shown[m.group(1)].id}", body))
            for cid in used:
                shown[cid].description = "inline"
