"""What is measured, and how a system is asked for it; each system fills in the few lines that differ."""
import abc
import time
from datetime import timedelta
from email.message import EmailMessage

import psycopg2

from odoo import fields
from odoo.fields import Domain

from . import clients, views, words

MAILBOX = "oddeleni{number}@bench.example"
DEPARTMENTS, AGENTS = 20, 10
PAGE = 80
SELECTED = 1000


class Desk(abc.ABC):
    """One system in its own database. `agent` is a user limited to two of the twenty departments."""

    model = subject = None
    kanban_groupby = None

    def __init__(self, registry):
        self.registry = registry
        self.mails = self.collisions = 0
        self.token = time.time_ns()  # tells the mails of several runs and processes apart

    # data ---------------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def create_departments(self, env, agents):
        """Twenty departments with a mailbox each; the users `agents` work two by two in them."""

    @abc.abstractmethod
    def teams(self, env):
        """`{department id: [user ids]}`."""

    @abc.abstractmethod
    def fill(self, env, first, last, people, teams):
        """Write generated tickets number `first` to `last`."""

    def agent_groups(self):
        return "base.group_user"

    def prepare(self, env):
        """People and departments, once per database."""
        groups = [env.ref(name).id for name in self.agent_groups().split(",")]
        agents = env["res.users"].with_context(no_reset_password=True, tracking_disable=True).create([{
            "name": f"Agent {number}", "login": f"agent{number}", "email": f"agent{number}@bench.example",
            "group_ids": [(6, 0, groups)]} for number in range(AGENTS)])
        self.create_departments(env, agents)

    def grow(self, env, size):
        """Add generated tickets until there are `size`; True when something was written."""
        count = env[self.model].search_count([])
        if count >= size:
            return False
        people = clients.ensure(env, size)
        self.fill(env, count + 1, size, people, self.teams(env))
        return True

    def find(self, env):
        """Look up once what the measurements need; nothing of this is timed."""
        self.admin = env.ref("base.user_admin").id
        self.agent = env["res.users"].search([("login", "=", "agent0")]).id
        self.departments = list(self.teams(env))
        people = env["res.partner"].search([("parent_id.ref", "=like", "bench-%")], order="id")
        self.people = [(person.id, person.parent_id.id, person.name, person.email) for person in people]
        self.companies = env["res.partner"].search([("ref", "=like", "bench-%")], order="id", limit=PAGE).ids
        as_admin, as_agent = env(user=self.admin), env(user=self.agent)
        self.list_fields = self.specification(as_admin, "list")
        self.form_fields = self.specification(as_agent, "form")
        self.card_fields = self.specification(as_admin, "kanban")
        self.groupby, self.bar = self.progress_bar(as_admin)
        Own = env[self.model].with_user(self.agent)
        told = Domain("create_date", "<", fields.Datetime.now() - timedelta(days=1))  # generated, with a conversation
        own = Own.search(told & Domain(self.active()), limit=100, order="id desc")
        own |= Own.search(told & Domain(self.alive()), limit=100)
        self.opened, self.answered, self.replied = own.ids[0::3], own.ids[1::3], own.ids[2::3]
        self.selection = env[self.model].search(Domain(self.active()), limit=SELECTED, order="id").ids

    def specification(self, env, kind):
        return views.specification(env, self.model, kind)

    def progress_bar(self, env):
        return views.progress_bar(env, self.model)

    # what is open -------------------------------------------------------------------------------------------------

    @abc.abstractmethod
    def active(self):
        """Domain of what is not closed."""

    def alive(self):
        """Domain of what a reply finds."""
        return []

    @abc.abstractmethod
    def word(self, text):
        """Domain of the search for a word in subjects."""

    # measurements -------------------------------------------------------------------------------------------------

    def new_mail(self, clock, number):
        """Two of three senders are known; half of the mails are HTML."""
        raw = self.write_mail("Nová žádost")
        self.receive(clock, raw)

    def reply(self, clock, number):
        self.receive(clock, self.write_mail("Re: žádost", self.sent(clock.registry, self.replied[number])))

    @abc.abstractmethod
    def receive(self, clock, raw):
        """Take a mail in, from its bytes to the commit."""

    @abc.abstractmethod
    def sent(self, registry, ticket):
        """`(Message-Id of the newest answer that was sent, address of the customer)`."""

    @abc.abstractmethod
    def answer(self, clock, number):
        """An agent's answer to the customer, until the mail is queued."""

    @abc.abstractmethod
    def ticket_vals(self, number):
        """Values of a new ticket of a client, as an agent's form would send them."""

    def create_one(self, clock, number):
        with clock.transaction(self.admin) as env:
            env[self.model].create(self.ticket_vals(number))

    def create_100(self, clock, number):
        """Rolled back after the flush, so that the tables keep their size."""
        with clock.transaction(self.admin, commit=False) as env:
            env[self.model].create([self.ticket_vals(number * 100 + index) for index in range(100)])

    def list_all(self, clock, number):
        self._list(clock, self.admin, self.active())

    def list_agent(self, clock, number):
        self._list(clock, self.agent, self.active())

    def find_rare(self, clock, number):
        self._list(clock, self.admin, self.word(words.RARE))

    def find_common(self, clock, number):
        self._list(clock, self.admin, self.word(words.COMMON))

    def _list(self, clock, uid, domain):
        with clock.transaction(uid) as env:
            found = env[self.model].with_context(bin_size=True).web_search_read(
                domain, self.list_fields, limit=PAGE, count_limit=10001)
        assert found["records"], domain

    def kanban_active(self, clock, number):
        self._kanban(clock, self.active())

    def kanban_all(self, clock, number):
        self._kanban(clock, [])

    def _kanban(self, clock, domain):
        """Columns with their first 40 cards, then the progress bars: the client's two requests."""
        with clock.transaction(self.admin) as env:
            env[self.model].with_context(read_group_expand=True).web_read_group(
                domain, [self.groupby], [], auto_unfold=True, opening_info=[],
                unfold_read_specification=self.card_fields, unfold_read_default_limit=40,
                groupby_read_specification={})
        with clock.transaction(self.admin) as env:
            env[self.model].read_progress_bar(domain, self.groupby, self.bar)

    def open(self, clock, number):
        ticket = self.opened[number]
        with clock.transaction(self.agent) as env:
            env[self.model].browse(ticket).web_read(self.form_fields)
        self.read_history(clock, ticket)

    @abc.abstractmethod
    def read_history(self, clock, ticket):
        """The conversation of an opened ticket, as the agent's screen asks for it."""

    counters = None  # names of the fields that count a client's tickets

    def count_clients(self, clock, number):
        with clock.transaction(self.admin) as env:
            env["res.partner"].browse(self.companies).read(self.counters)

    portal_path = None

    def portal(self, clock, number):
        """The whole page, from the route to its HTML."""
        with clock.request():
            page = self.customer.get(self.portal_path)
        assert page.status_code == 200 and len(page.data) > 5000, page.status

    portal_ticket_path = None  # with a place for the ticket's id
    shown = None  # id of a ticket that the customer may open

    def portal_ticket(self, clock, number):
        """A ticket with its conversation, from the route to its HTML."""
        with clock.request():
            page = self.customer.get(self.portal_ticket_path.format(self.shown))
        assert page.status_code == 200 and len(page.data) > 5000, page.status

    # a thousand at once, as an action on a selection; rolled back ---------------------------------------------------

    closing = department_field = owner_field = None
    full = None

    def close_1000(self, clock, number):
        self._change(clock, self.closing)

    def assign_1000(self, clock, number):
        self._change(clock, {self.owner_field: self.admin})

    def department_1000(self, clock, number):
        self._change(clock, {self.department_field: self.departments[number]})

    def _change(self, clock, values):
        with clock.transaction(self.admin, commit=False) as env:
            env[self.model].browse(self.selection).write(values)

    # mails --------------------------------------------------------------------------------------------------------

    def write_mail(self, subject, answered=None):
        """Bytes of a mail to a department, another sender each time (Odoo stops what looks like a loop)."""
        self.mails += 1
        number = self.mails
        _person, _client, name, address = self.people[number * 7 % len(self.people)]
        if answered:
            address = answered[1]
        elif number % 3 == 0:
            name, address = f"Nový Odesílatel {number}", f"nekdo{number}@posta{number}.example"
        message = EmailMessage()
        message["From"], message["To"] = f"{name} <{address}>", MAILBOX.format(number=number % DEPARTMENTS)
        message["Subject"] = f"{subject} {number}"
        message["Message-ID"] = f"<{number}.{self.token}@posta.example>"
        message["Date"] = "Mon, 05 Jan 2026 08:00:00 +0100"
        if answered:
            message["In-Reply-To"] = message["References"] = answered[0]
        text = "\n\n".join(("Dobrý den,", *words.FACTS, *words.WISHES, name))
        message.set_content(text)
        if number % 2:
            body = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
            message.add_alternative(f"<html><body>{body}</body></html>", subtype="html")
        return message.as_bytes()

    def take_burst(self, clock, count):
        """Take in so many new mails, as a worker does."""
        for _number in range(count):
            raw = self.write_mail("Nával")
            self.retry(lambda raw=raw: self.receive(clock, raw))

    def retry(self, work):
        """Do it again as long as another worker gets in the way (PostgreSQL then ends one of the two)."""
        while True:
            try:
                return work()
            except psycopg2.errors.SerializationFailure:
                self.collisions += 1
