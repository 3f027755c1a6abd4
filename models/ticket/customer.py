from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from ...tools import limits
from ...tools.filing import Filing
from ...tools.mail import addresses, html_pictures, long_text, mail_text, mime, threading
from ...tools.sms import phone

# What a customer may ever be shown; everything else does not exist for them. Which kinds: see the department.
SHOWN_STATES = ("received", "sent", "delivered", "bounced")
CONVERSATIONS = ("call", "meeting")


class ServicedeskTicket(models.Model):
    """The customer's door: which tickets are theirs and what of them may be seen. Portal controllers know no other.

    Customers have no access rights on any model of ours. They come in through :meth:`_customer_tickets` and get
    dictionaries from :meth:`_serialize_for_customer`, an allow-list of kinds, states and fields.
    """

    _inherit = "servicedesk.ticket"

    @api.model
    def _get_customer_domain(self, partner):
        """Return the domain of a person's tickets: own ones, and the whole company's where that is allowed.

        The person's e-mail address is no proof: customers may change it in their account.
        """
        mine = Domain("contact_id", "=", partner.id) | Domain("partner_id", "=", partner.id)
        partner = partner.sudo()  # sudo: the switch that lets the person see the company's tickets
        company = partner.commercial_partner_id
        if partner.servicedesk_sees_company and company != partner:
            mine |= Domain("partner_id", "=", company.id)
        return mine & Domain("department_id.portal_visible", "=", True)

    @api.model
    def _customer_tickets(self, domain=Domain.TRUE, **options):
        """Search the current user's own tickets, in superuser mode; the only way to a record for customers.

        :param options: ``limit``, ``offset``, ``order`` as for ``search``; without ``order`` the newest request is
            first, for the desk's own order moves with what is said internally
        """
        user = self.env.user
        if user._is_public():
            return self.browse().sudo()  # sudo: nothing to see
        # sudo: customers have no rights on tickets; the domain of their own is what lets them in
        return self.sudo().search(self._get_customer_domain(user.partner_id) & Domain(domain),
                                  **{"order": "create_date desc, id desc"} | options)

    def _get_lost_contacts(self, vals):
        """Return ``{ticket: values}`` that take off whoever asked, where a move to another client leaves them behind.

        Somebody of the former client would go on reading. An address that nobody of theirs has stays: answers go
        where the question came from.
        """
        if "partner_id" not in vals or "contact_id" in vals:
            return {}
        # sudo: whose people they are, also where contacts are out of the writer's reach
        client = self.env["res.partner"].sudo().browse(vals["partner_id"] or []).commercial_partner_id
        lost = {}
        for ticket in self.sudo():  # sudo: as above, for customers and contacts
            former = ticket.partner_id.commercial_partner_id or ticket.contact_id.commercial_partner_id
            if not former or former == client:
                continue
            values = {"contact_id": False} if ticket.contact_id.commercial_partner_id != client else {}
            theirs = (ticket.contact_id | former | former.child_ids)._get_servicedesk_addresses()
            if client and ticket.contact_email in theirs and "contact_email" not in vals:
                values |= {"contact_email": client.email_normalized, "contact_name": False}
            if values:
                lost[ticket] = values
        return lost

    def _get_customer_addresses(self):
        """Return the normalised addresses of the customer's side: the contact and the client's people.

        An address that one of them only claims is none of theirs: what comes from there may be another customer's.
        """
        self.ensure_one()
        proven, claimed = self._get_customer_people()._split_servicedesk_addresses()
        return ({self.contact_email} | proven) - claimed - {False}

    def _get_customer_people(self):
        """Return the contact, the client and the client's people."""
        self.ensure_one()
        client = self.partner_id.commercial_partner_id
        return self.contact_id | client | client.child_ids

    def _get_customer_numbers(self):
        """Return the proven telephone numbers of the customer's side, as E.164."""
        return {value for value in self._get_customer_people()._get_servicedesk_addresses() if "@" not in value}

    def _get_customer_items(self):
        """Return the items that the customer wrote or got, oldest first.

        A mail to or from somebody else on the same ticket is none of them, whatever its kind. It counts whose they
        are, not how they came here: after a merge, a move to another client or a split each sees the own ones.
        """
        self.ensure_one()
        return self._get_customer_items_by_ticket()[self]

    def _get_customer_items_by_ticket(self):
        """Return ``{ticket: its customer's items, oldest first}``, with one query for the items of all."""
        shown = Domain.FALSE
        for department, tickets in self.grouped("department_id").items():
            kinds = department._get_portal_presentation()
            messages = Domain("kind", "in", [kind for kind in kinds if kind not in CONVERSATIONS])
            talks = Domain("kind", "in", [kind for kind in kinds if kind in CONVERSATIONS])
            shown |= Domain("ticket_id", "in", tickets.ids) & (
                messages & Domain("state", "in", SHOWN_STATES) | talks & Domain("state", "=", "done"))
        items = self.env["servicedesk.item"].search(
            shown & Domain("direction", "in", ("in", "out"))
            & Domain("third_party", "=", False) & Domain("automatic", "=", False), order="date, id")
        by_ticket = items.grouped("ticket_id")
        return {ticket: ticket._filter_customer_items(by_ticket.get(ticket, items.browse())) for ticket in self}

    def _filter_customer_items(self, items):
        """Return those of this ticket's items that the customer's side had a part in."""
        own, numbers = self._get_customer_addresses(), set()
        claimed = self._get_customer_people()._split_servicedesk_addresses()[1]
        if items.filtered(lambda item: item.kind in ("sms", "call")):
            numbers = self._get_customer_numbers()
        people = self._get_customer_people()
        country = self.company_id.country_code

        def concerns(item):
            if item.kind == "portal" and item.direction == "in" and item.author_partner_id:
                author = item.author_partner_id
                return author in people or author.commercial_partner_id == self.partner_id.commercial_partner_id
            if item.kind == "meeting":
                return bool(item.participant_ids & people)
            if item.kind == "call" and item.person_id:
                return item.person_id in people
            if item.kind in ("call", "sms"):
                written = {"call": item.phone_number,
                           "sms": item.phone_from if item.direction == "in" else item.phone_to}[item.kind]
                return any(number in numbers for _name, number, _raw in phone.split(written, country))
            if item.direction == "in":
                return any(email in own for _name, email in addresses.split(item.email_from))
            # Answers to what they wrote here are theirs wherever they went; not those to a mail from such an address.
            answered = item.parent_item_id
            quotes = answered.kind == "email" and answered.direction == "in"
            return any(email in own or email in claimed and not quotes
                       for _name, email in addresses.split(item.email_to, item.email_cc))

        return items.filtered(concerns)

    def _get_customer_file_items(self):
        """Return the items whose files the customer may open: those that are shown with their content."""
        self.ensure_one()
        kinds = self.department_id._get_portal_presentation()
        return self._get_customer_items().filtered(lambda item: kinds[item.kind] == "full")

    def _serialize_for_customer(self, details=False, items=None):
        """Return the ticket as its customer sees it; ``details`` adds the history with its files.

        :param items: the customer's items of this ticket, where the caller has looked them up for many at once.
            ``updated`` is the newest of them: what the desk says among itself moves nothing that a customer sees
        """
        self.ensure_one()
        items = self._get_customer_items() if items is None else items
        result = {
            "id": self.id, "number": self.number, "subject": self.subject, "state": self.state,
            "waiting_for": self.waiting_for or "",
            "created": self.create_date, "department": self.department_id.name,
            "requester": self.requester, "service": self.service_id.name or "",
            "owner": self.owner_id.name or "", "can_answer": self.state != "archived",
        }
        newest = items[-1:]
        result["updated"] = newest.date or self.create_date
        if details:
            kinds = self.department_id._get_portal_presentation()
            full = items.filtered(lambda item: kinds[item.kind] == "full")
            files = self.env["servicedesk.timeline"]._format_attachments(full)
            result["form"] = self._get_customer_form()
            result["items"] = [
                self._serialize_item(item, files[item.id]) if item in full else self._serialize_record(item)
                for item in items]
        return result

    def _serialize_list_for_customer(self):
        """Return these tickets as a list of the portal shows them, without their history."""
        items = self._get_customer_items_by_ticket()
        return [ticket._serialize_for_customer(items=items[ticket]) for ticket in self]

    def _serialize_record(self, item):
        """Return that something was said, when and how long; not a word of it, nor who said it."""
        return {
            "id": item.id, "record": True, "kind": item.kind, "mine": item.direction == "in",
            "date": item.date, "until": item.date + timedelta(seconds=item.duration) if item.duration else False,
            "minutes": max(1, round(item.duration / 60)) if item.duration else 0, "body": "", "files": [], "author": "",
        }

    def _serialize_item(self, item, files):
        return {
            "id": item.id, "record": False, "mine": item.direction == "in", "kind": item.kind, "date": item.date,
            "author": item.author_partner_id.name or item.author_name or ""
            if item.direction == "in" else item.author_user_id.name or self.department_id.name,
            "body": self._point_files_at_portal(item),
            "files": [{"id": file["id"], "name": file["name"], "mimetype": file["mimetype"], "size": file["size"]}
                      for file in files if not file["inline"]],
        }

    def _point_files_at_portal(self, item):
        """Return the body with its inline pictures behind the customer's own door, and no remote ones.

        What is very long is folded, as on the screens of the desk.
        """
        body = html_pictures.rewrite(
            item._get_clean_body(), lambda attachment_id: f"/my/requests/{self.id}/file/{attachment_id}",
            new_tab=True)
        return long_text.fold_rest(body, lambda letters: self.env._(
            "Show the rest (%s characters)", formatLang(self.env, letters, digits=0)))

    def _customer_answer(self, text, files=(), address=""):
        """File the current customer's words as an item of this ticket; an answer reopens what waits or is closed.

        :param files: ``[(name, bytes, mimetype)]``
        :param address: from where it is sent, as the web server knows it
        :raise UserError: where there is nothing to send, or too much, or the ticket takes no more answers
        """
        self.ensure_one()
        if not (text or "").strip() and not files:
            raise UserError(self.env._("Write a message or attach a file."))
        if self.state == "archived":
            raise UserError(self.env._("This request can no longer be changed. Please submit a new one."))
        self._check_customer_words(text)
        self.env["servicedesk.portal.use"]._take(self.env.user.partner_id, address)
        filing = self._start_customer_filing(text, files, ticket=self, department=self.department_id)
        with self.env["servicedesk.change"]._span():
            self._get_customer_rules()._choose(filing)
            self._file_customer_words(filing)
        return filing.item

    @api.model
    def _customer_request(self, department, subject, text, files=(), address=""):
        """Open a ticket for the current customer and return it (superuser mode); parameters as of an answer.

        :raise AccessError: the department is not open in the portal
        :raise UserError: subject or text is missing or too long, or too much was sent of late
        """
        user = self.env.user
        if user._is_public() or department not in self._get_customer_departments():
            raise AccessError(self.env._("Requests cannot be submitted there."))
        if not (subject or "").strip():
            raise UserError(self.env._("Give your request a subject."))
        if not (text or "").strip() and not files:
            raise UserError(self.env._("Describe what you need."))
        self._check_customer_words(text, subject)
        self.env["servicedesk.portal.use"]._take(user.partner_id, address, opens=True)
        filing = self._start_customer_filing(
            text, files, department=department, subject=" ".join(subject.split()), contact=user.partner_id,
            client=user.partner_id.commercial_partner_id)
        with self.env["servicedesk.change"]._span(channel="portal"):
            self._get_customer_rules()._choose(filing)
            filing.ticket = self.sudo().create({  # sudo: customers have no rights
                "subject": filing.subject, "department_id": filing.rules._get_department(department).id,
                "contact_id": filing.contact.id, "partner_id": filing.client.id,
                "contact_email": user.partner_id._get_servicedesk_mail_address(), "contact_name": user.name,
            })
            filing.ticket._file_customer_words(filing)
        return filing.ticket

    @api.model
    def _check_customer_words(self, text, subject=""):
        """Check how long a customer's words are; :raise UserError: where one is too long"""
        for words, most, message in (
            (" ".join((subject or "").split()), limits.PORTAL_SUBJECT, self.env._(
                "Please shorten the subject to %(most)s characters and put the rest into the text.",
                most=limits.PORTAL_SUBJECT)),
            (text or "", limits.PORTAL_TEXT, self.env._(
                "Your text has %(count)s characters, %(most)s can be sent. Please shorten it, or attach it as a file.",
                count=len(text or ""), most=limits.PORTAL_TEXT)),
        ):
            if len(words) > most:
                raise UserError(message)

    @api.model
    def _start_customer_filing(self, text, files, **known):
        """Return the filing of what the current customer writes in the portal; nothing is sent to an unproven address.
        """
        email = addresses.normalize(self.env.user.email_formatted)
        return Filing.start(
            self.env, "portal", sender=email if self.env.user.partner_id._has_servicedesk_address(email) else "",
            received_at=fields.Datetime.now(), body=mail_text.text_to_html(text),
            files=[{"name": name, "raw": content, "mimetype": mime.harmless_type(mimetype)}
                   for name, content, mimetype in files], **known)

    @api.model
    def _get_customer_rules(self):
        """Return the rules' model as they act: for the system, not in the name of the customer whose message it is."""
        lang = self.env.company.sudo().partner_id.lang or self.env.lang  # sudo: of the company, no secret
        return self.env["servicedesk.rule"].with_user(SUPERUSER_ID).with_context(lang=lang)

    def _file_customer_words(self, filing):
        """Make an item on this ticket of what the current customer wrote, and let rules follow."""
        user = self.env.user
        filing.item = self.env["servicedesk.item"].sudo().create({  # sudo: own ticket, checked by _customer_tickets
            "ticket_id": self.id, "kind": "portal", "direction": "in", "state": "received",
            "author_partner_id": user.partner_id.id, "author_name": user.name, "email_from": user.email_formatted,
            "body": filing.body, "date": filing.received_at,
            "message_id": threading.new_message_id(self.id, addresses.domain(self.department_id._get_sender())),
        })
        # sudo: files belong to the item from the first moment
        self.env["ir.attachment"].sudo()._servicedesk_store([file | {
            "res_model": filing.item._name, "res_id": filing.item.id, "company_id": self.company_id.id,
        } for file in filing.files])
        self._on_customer_answer()
        filing.rules._follow(filing)

    @api.model
    def _get_customer_departments(self):
        """Return the departments in which the current user may open requests."""
        company = self.env.user.company_id
        return self.env["servicedesk.department"].sudo().search(  # sudo: names of what is open to customers
            Domain("portal_visible", "=", True) & Domain("company_id", "=", company.id))

    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """Shut core's doors: no token, hash or signature opens a ticket, only access rights do."""
        return super()._get_thread_with_access(thread_id, mode=mode)
