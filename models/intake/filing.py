import re
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.fields import Domain

from ...tools import addresses, inbound, mail_text, mime, threading

# Kinds of mail that never open a ticket; they are shown on the ticket that they belong to, or wait in quarantine.
QUIET = ("auto_reply", "receipt")
MAX_POSTPONED = 6


@dataclass
class Found:
    """Where a mail belongs: its ticket, the item that it answers, the evidence, and whether a stranger sent it."""

    ticket: object
    parent: object
    reason: str = ""
    mentioned: object = None
    third_party: bool = False


class ServicedeskIntake(models.Model):
    """From a ledger row to an item on a ticket: which ticket, whose client, what text, which files."""

    _inherit = "servicedesk.intake"

    def _file(self, mail):
        """File a parsed mail; every way out of here is an outcome with its reason.

        In this order: known already, our own, banned, flood, bounce or complaint, then the ticket that it
        answers, else a new one, if the department's policy lets its sender in.
        """
        self.ensure_one()
        department = self.department_id or self._get_department(mail)
        if not department:
            return self._finish("failed", False, self.env._("No department has one of the addressed mailboxes."))
        if not self.department_id:
            self.department_id = department
        sender = addresses.normalize(mail.sender)
        if self._stop_early(mail, department, sender):
            return None
        kind = inbound.classify(mail)
        if kind in ("bounce", "complaint"):
            return self._file_report(mail, kind)
        if notice := self._find_answered_notice(mail):
            return self._file_own_answer(mail, notice, sender, kind)
        found = self._find_ticket(mail, department, sender)
        if agent := self._find_agent(found, sender):
            return self._file_claimed(mail, found.ticket, agent, self.env._(
                "It came from your address, but not as an answer to a notice."))
        if found.ticket:
            return self._file_on_ticket(mail, found, sender, kind)
        if self._must_wait_for(mail):
            return self._postpone()
        if kind in QUIET:
            return self._finish("quarantined", kind, self.env._(
                "An automatic answer that belongs to no ticket; release it if it is a request."))
        client = self.env["res.partner"]._find_servicedesk_client(sender, department.company_id)
        if not self.released and not department._lets_in(client, sender):
            return self._refuse(department, mail, sender)
        return self._file_as_new(mail, department, found, sender, client)

    def _stop_early(self, mail, department, sender):
        """Finish what needs no look at its text; tell whether that was all."""
        if department._take_test_mail(*mail.recipients):
            self._finish("done", "own", self.env._("The test of reply addresses came back: they are used from now on."))
        elif known := self._find_known(department):
            self._finish("done", "duplicate", self.env._("The same message is already filed."), known.item_id)
        elif sender and sender in (department.email_normalized, department.alias_email):
            self._finish("refused", "own", self.env._("Sent by the department itself."))
        else:
            return self._quarantine(department, sender)
        return True

    def _quarantine(self, department, sender):
        """Let what is banned or comes in floods wait, unless somebody released it; tell whether it waits."""
        if self.released:
            return False
        if ban := self.env["servicedesk.ban"]._find(sender, department.company_id):
            self._finish("quarantined", "banned", self.env._(
                "%(value)s is banned: %(reason)s", value=ban.value, reason=ban.reason or "-"))
        elif self._is_flood(department):
            self._finish("quarantined", "flood", self.env._(
                "More than %s messages of the same kind from this sender within an hour.", department.flood_limit))
        else:
            return False
        return True

    def _find_known(self, department):
        """Return an earlier row of the same department with the same Message-Id and the same bytes."""
        return self.search(
            Domain("sha256", "=", self.sha256) & Domain("message_id", "=", self.message_id)
            & Domain("department_id", "=", department.id) & Domain("id", "!=", self.id)
            & Domain("state", "=", "done"), limit=1) if self.message_id else self.browse()

    def _find_ticket(self, mail, department, sender):
        """Return a :class:`Found` by the strongest evidence that the mail carries.

        Message-Ids that we gave or received come first, then the number in the subject, which counts only
        for a sender who belongs to that ticket. What answers an archived ticket starts a new one.
        """
        Ticket, Item = self.env["servicedesk.ticket"], self.env["servicedesk.item"]
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        if ids:
            by_id = {item.message_id: item for item in Item.search_fetch(
                Domain("message_id", "in", ids) & Domain("ticket_id.company_id", "=", department.company_id.id),
                ["ticket_id", "message_id", "kind", "direction", "state", "third_party", "author_user_id"])}
            for item in (by_id[message_id] for message_id in ids if message_id in by_id):
                ticket = item.ticket_id._get_survivors()
                if ticket.state == "archived":
                    return Found(Ticket, Item, f"archived:{ticket.number}", ticket)
                direct = item.message_id in threading.message_ids(mail.in_reply_to)
                stranger = sender not in ticket._get_participants()[ticket.id]
                parent = item if item.ticket_id == ticket else Item
                return Found(ticket, parent, "in-reply-to" if direct else "references", None, stranger)
        signed = self.env["servicedesk.department"]._find_signed_ticket(*mail.recipients)._get_survivors()
        if signed and signed.company_id == department.company_id:
            if signed.state == "archived":
                return Found(Ticket, Item, f"archived:{signed.number}", signed)
            stranger = sender not in signed._get_participants()[signed.id]
            return Found(signed, Item, "reply-address", None, stranger)
        return self._find_by_number(mail, department, sender) or Found(Ticket, Item)

    def _find_by_number(self, mail, department, sender):
        Ticket, Item = self.env["servicedesk.ticket"], self.env["servicedesk.item"]
        numbers = threading.numbers_in(mail.subject)
        tickets = Ticket.search(Domain("number", "in", numbers) & Domain(
            "company_id", "=", department.company_id.id))._get_survivors() if numbers else Ticket
        participants = tickets._get_participants() if tickets else {}
        for ticket in tickets:
            if sender in participants[ticket.id]:
                if ticket.state == "archived":
                    return Found(Ticket, Item, f"archived:{ticket.number}", ticket)
                return Found(ticket, Item, f"number:{ticket.number}")
        return Found(Ticket, Item, f"stranger:{tickets[0].number}", tickets[0]) if tickets else None

    def _file_on_ticket(self, mail, found, sender, kind):
        """Add the mail to its ticket; a person's words reopen it, a robot's and a stranger's do not."""
        client = self.env["res.partner"]._find_servicedesk_client(sender, found.ticket.company_id)
        quiet = kind in QUIET
        item = self._create_item(mail, found, sender, client, automatic=quiet)
        if not quiet and not found.third_party:
            found.ticket._on_customer_answer()
        return self._finish("done", kind if quiet else "reply", self._describe_problems(mail), item)

    def _file_as_new(self, mail, department, found, sender, client):
        ticket = self._create_ticket(mail, department, sender, client)
        ticket._relate(found.mentioned)
        ticket._relate(self._find_twins().ticket_id)
        found.ticket = ticket
        item = self._create_item(mail, found, sender, client, from_robot=inbound.classify(mail) != "ordinary")
        item._acknowledge(item, mail)
        return self._finish("done", "new", self._describe_problems(mail), item)

    def _describe_problems(self, mail):
        """Say in the ledger what of the mail had to be repaired or left out; the codes are those of tools/mime."""
        words = {
            "boundary-repaired": self.env._("the line between its parts was broken"),
            "boundary-missing": self.env._("the line between its parts was missing"),
            "empty-html": self.env._("its HTML was empty, the plain text is shown"),
            "html-too-heavy": self.env._("its HTML was too heavy, it is a file now"),
            "no-from": self.env._("it named no sender"),
            "text-of-attached-mail": self.env._("its text is that of the attached mail"),
            "text-too-long": self.env._("its text was too long, the whole is a file"),
            "time-limit": self.env._("reading it took too long, the whole mail is a file"),
            "too-deep": self.env._("its parts were nested too deep, the whole mail is a file"),
            "too-many-parts": self.env._("it had too many parts, the whole mail is a file"),
            "unreadable": self.env._("it could not be read, the whole mail is a file"),
            "winmail-unpacked": self.env._("its winmail.dat was unpacked"),
            "winmail-unreadable": self.env._("its winmail.dat could not be unpacked, it is a file"),
        }
        return self.env._("Repaired: %s", ", ".join(words.get(code, code) for code in mail.problems)) \
            if mail.problems else ""

    def _must_wait_for(self, mail):
        """Tell whether an earlier mail that this one answers is still waiting, perhaps in the other worker's hands."""
        ids = threading.nearest_first(mail.in_reply_to, mail.references)
        return bool(ids) and self.attempts < MAX_POSTPONED and bool(self.search_count(
            Domain("message_id", "in", ids) & Domain("state", "=", "new") & Domain("id", "<", self.id), limit=1))

    def _postpone(self):
        at = fields.Datetime.now() + timedelta(seconds=10)
        self.write({"attempts": self.attempts + 1, "next_attempt_at": at})
        self._wake_jobs("cron_intake_1", at=at)

    def _find_twins(self):
        """Return the rows by which the same mail, addressed to several departments, became other tickets."""
        if not self.message_id:
            return self.browse()
        return self.search(Domain("message_id", "=", self.message_id) & Domain("email_from", "=", self.email_from)
                           & Domain("department_id", "!=", self.department_id.id) & Domain("outcome", "=", "new")
                           & Domain("department_id.company_id", "=", self.department_id.company_id.id))

    def _create_ticket(self, mail, department, sender, client):
        contact = client if client._has_servicedesk_address(sender) else client.browse()
        name = next((name for name, _address in addresses.split(mail.sender)), "")
        with self.env["servicedesk.change"]._span(channel="email"):
            return self.env["servicedesk.ticket"].create({
                "subject": mail.subject[:250] or self.env._("(no subject)"),
                "department_id": department.id,
                "partner_id": client.commercial_partner_id.id,
                "contact_id": contact.id,
                "contact_email": sender or False,
                "contact_name": name or False,
            })

    def _create_item(self, mail, found, sender, client, automatic=False, from_robot=False):
        name = next((name for name, _address in addresses.split(mail.sender)), "")
        item = self.env["servicedesk.item"].create({
            "ticket_id": found.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "date": self.received_at, "subject": mail.subject, "email_from": mail.sender, "email_to": mail.to,
            "email_cc": mail.cc, "message_id": mail.message_id or False,
            "references": " ".join(threading.message_ids(mail.references, mail.in_reply_to)) or False,
            "author_partner_id": client.id if client._has_servicedesk_address(sender) else False,
            "author_name": name or sender, "parent_item_id": found.parent.id, "thread_reason": found.reason or False,
            "third_party": found.third_party, "intake_id": self.id, "automatic": automatic,
            "from_robot": from_robot or automatic,
            "body": mail.html or mail_text.text_to_html(mail.text),
        })
        self._attach(item, mail)
        return item

    def _attach(self, item, mail):
        """Keep the mail's files on the item; pictures that the text shows inline are pointed at."""
        if not mail.files:
            return
        # Pictures are kept as they came, whatever they are: nobody looks into them here.
        attachments = self.env["ir.attachment"].with_context(image_no_postprocess=True).create([{
            "name": file.name, "raw": file.content, "res_model": item._name, "res_id": item.id,
            "mimetype": mime.harmless_type(file.mimetype), "company_id": item.ticket_id.company_id.id,
        } for file in mail.files])
        shown = {file.cid: attachment for file, attachment in zip(mail.files, attachments, strict=True) if file.cid}
        body = str(item.body or "")
        used = {cid for cid in shown if f"cid:{cid}" in body}
        if used:
            pattern = "|".join(re.escape(cid) for cid in used)
            item.body = Markup(re.sub(f"cid:({pattern})", lambda m: f"/web/image/{shown[m.group(1)].id}", body))
            for cid in used:
                shown[cid].description = "inline"
