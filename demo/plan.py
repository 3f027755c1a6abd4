"""Plans the demo's tickets: who asks what and when, who answers, how far it got. Nothing is written here."""
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from odoo import fields

from ..tools.mail import addresses
from . import script, words

TICKETS, ARCHIVED, OPEN, WAITING = 300, 70, 70, 40
LAST = 10509
# Serial number → days ago, as the tickets that stand for themselves have it; before them two years, ever denser.
AGES = ((10311, 56.25), (10388, 36.2), (10402, 27.17), (10466, 4.62), (10471, 3.12), (10476, 2.17), (10478, 1.25),
        (10479, 1.12), (10480, 1.08), (10482, 0.92), (10484, 0.88), (10485, 0.17),
        (10487, 0.15), (10488, 0.13), (10489, 0.12), (10509, 0.004))
AGENTS = {
    "podpora": ("petr", "petr", "petr", "jakub", "jakub", "jakub", "martin", "martin", "adam", "adam", "ema", "tomas"),
    "servery": ("tomas", "tomas", "tomas", "tomas", "jakub", "jakub", "petr"),
    "fakturace": ("ema", "marie", "marie"),
    "obchod": ("martin", "martin", "martin", "marie"),
}
SHARES = {"podpora": 0.52, "servery": 0.25, "fakturace": 0.13, "obchod": 0.10}
SKIPPED = {"cs": 0, "sk": 0.4, "en": 0.6}  # how often a thread is passed over: few customers write these languages
MOMENT = timedelta(seconds=1)  # between an item and the change of state that it brings


@dataclass(eq=False)
class Item:
    """One item to be written."""

    kind: str
    date: datetime
    text: str
    words: list
    options: dict
    user: object
    person: tuple  # name and address of the customer's side
    author: object
    signature: str = ""
    parent: object = None
    message_id: str = ""
    references: str = ""
    subject: str = ""
    channel: str = "email"


@dataclass(eq=False)
class Plan:
    """One ticket to be written."""

    serial: int
    number: str = ""
    items: list = field(default_factory=list)
    events: list = field(default_factory=list)
    ticket: object = None
    closed_at: object = False
    resolved_at: object = False
    waiting_for: object = False
    parent: object = None  # number of the parent ticket

    @property
    def touched(self):
        return self.items[-1].date


class Planner:
    """Takes the same turns for the same records: only the dates move with the day of loading."""

    def __init__(self, env, now):
        self.env, self.now, self.rng = env, now, random.Random(10482)
        threads = script.read()
        self.pinned = {int(thread.header["number"]): thread for thread in threads if "number" in thread.header}
        self.threads = [thread for thread in threads if "number" not in thread.header]
        # Emptied shuffled decks: every thread is used before one comes again.
        self.decks, self.used = {}, set()
        self.contacts = {}
        for contact in env["res.partner"].search([("parent_id.id", "in", self._imported("client_"))], order="id"):
            lang = {"SK": "sk", "CZ": "cs"}.get(contact.country_id.code, "en")
            self.contacts.setdefault(lang, []).append(contact)
        agents = {login for logins in AGENTS.values() for login in logins}
        self.users = {login: self._ref(f"user_{login}") for login in agents}
        services = env["servicedesk.service"].search([("partner_id", "in", self._imported("client_"))])
        self.services = {service.partner_id: service for service in services}

    def local(self, date):
        """Return a date of the database as clocks in Prague showed it."""
        return fields.Datetime.context_timestamp(self.env["res.users"].with_context(tz="Europe/Prague"), date)

    def _ref(self, name):
        return self.env.ref(f"servicedesk.{name}")

    def _imported(self, prefix):
        """Return the ids of our own demo clients."""
        return self.env["ir.model.data"].search([
            ("module", "=", "servicedesk"), ("model", "=", "res.partner"), ("name", "=like", f"{prefix}%"),
        ]).mapped("res_id")

    def plan(self):
        """Return the plans of all tickets, the oldest first."""
        serials = range(LAST - TICKETS + 1, LAST + 1)
        states = self._deal_states(serials)
        return [self._plan_pinned(serial) if serial in self.pinned else self._plan_one(serial, states[serial])
                for serial in serials]

    def _deal_states(self, serials):
        """Return a state for each serial: the oldest are archived, the newer the likelier still open."""
        free = [serial for serial in serials if serial not in self.pinned]
        taken = [thread.header["state"] for thread in self.pinned.values()]
        left_open, left_waiting = OPEN - taken.count("open"), WAITING - taken.count("waiting")
        states = dict.fromkeys(free, "closed")
        states.update(dict.fromkeys(self.rng.sample(free[:ARCHIVED + 5], ARCHIVED), "archived"))
        rest = [serial for serial in free if states[serial] == "closed"]
        rest.sort(key=lambda serial: serial + self.rng.uniform(0, 110) + 50 * (serial > 10482), reverse=True)
        active = rest[:left_open + left_waiting]
        self.rng.shuffle(active)
        states.update(dict.fromkeys(active[:left_open], "open"))
        states.update(dict.fromkeys(active[left_open:], "waiting"))
        return states

    def _age(self, serial):
        first, start = AGES[0]
        if serial < first:
            return timedelta(days=start + (725 - start) * ((first - serial) / (first - LAST + TICKETS - 1)) ** 1.5)
        for (low, older), (high, newer) in zip(AGES, AGES[1:], strict=False):
            if serial <= high:
                return timedelta(days=older + (newer - older) * (serial - low) / (high - low))
        return timedelta(days=AGES[-1][1])

    # tickets of many kinds

    def _plan_one(self, serial, state):
        thread = self._draw_thread()
        header = thread.header
        contact = self._draw_contact(thread)
        plan = self._start(serial, thread, header, contact)
        plan.state = state
        owner = self.users[self.rng.choice(AGENTS[header["department"]])]
        created = self._working(self.now - self._age(serial))
        lines = self._cut(plan, thread, created)
        dates = self._dates(plan, lines, created)
        plan.created = dates[0]
        filler = self._filler(plan, thread, owner)
        plan.subject = filler.fill(thread.subject, plan.created)
        for line, date in zip(lines, dates, strict=True):
            user = owner if line.kind == ">" or self.rng.random() < 0.6 else self._colleague(header, owner)
            self._say(plan, line, date, filler, user, contact)
        touched = any(item.kind != "<" for item in plan.items)
        free = not touched and state == "open" and self.rng.random() < 0.7
        plan.owner = owner.browse() if free else owner
        last_in = plan.items[-1].kind == "<"
        plan.unread = state == "open" and last_in and (free or self.rng.random() < 0.4)
        self._tell_history(plan)
        return plan

    def _draw_thread(self):
        department = self.rng.choices(list(SHARES), SHARES.values())[0]
        while True:
            deck = self.decks.setdefault(department, [])
            if not deck:
                deck.extend(thread for thread in self.threads if thread.header["department"] == department)
                self.rng.shuffle(deck)
            thread = deck.pop()
            if self.rng.random() >= SKIPPED[thread.header["lang"]]:
                return thread

    def _draw_contact(self, thread):
        """Return a contact in the thread's language, at a client who has not had the same matter yet."""
        contacts = self.contacts[thread.header["lang"]]
        if client := thread.header.get("client"):
            contacts = self._ref(f"client_{client}").child_ids
        for _attempt in range(30):
            contact = self.rng.choice(contacts)
            if (thread.subject, contact.parent_id) not in self.used:
                break
        self.used.add((thread.subject, contact.parent_id))
        return contact

    def _start(self, serial, thread, header, contact):
        plan = Plan(serial, number=f"SD-{serial}")
        plan.lang, plan.local = header["lang"], self.local
        plan.agent_names = sorted(user.name for user in self.users.values())
        plan.department = self._ref(f"department_{header['department']}")
        plan.category = self._ref(f"category_{header['category']}")
        plan.tags = self._tags(header)
        plan.priority = header.get("priority") or self.rng.choices("012", (10, 80, 10))[0]
        plan.client, plan.contact = contact.parent_id, contact
        plan.asker = (contact.name, contact.email_normalized)
        luck = self.rng.random()
        if sender := header.get("sender"):
            name, local = sender.split()
            plan.contact, plan.asker = contact.browse(), (name, f"{local}@{contact.parent_id.servicedesk_domain}")
        elif header.get("stranger") or (luck < 0.08 and plan.lang == "cs"):
            plan.client = plan.contact = contact.browse()
            plan.asker = self.rng.choice(words.STRANGERS)
        elif luck > 0.95 and plan.lang == "cs":
            name = self.rng.choice(words.NEWCOMERS)
            plan.contact, plan.asker = contact.browse(), (name, f"info@{contact.parent_id.servicedesk_domain}")
        service = self.services.get(plan.client)
        suits = service and service.department_id == plan.department and self.rng.random() < 0.7
        plan.service = service if suits else self.env["servicedesk.service"]
        return plan

    def _tags(self, header):
        names = [name.strip() for name in header.get("tags", "").split(",") if name.strip()]
        if "number" not in header and self.rng.random() < 0.07:
            names.append(self.rng.choice(("VIP", "Výjezd", "Směna odpoledne", "Čeká na díl")))
        return self.env["servicedesk.tag"].search([("name", "in", names)])

    def _cut(self, plan, thread, created):
        """Return the lines of the thread that have been said by now, as the ticket's state wants it."""
        lines, rng = list(thread.lines), self.rng
        if plan.state in ("closed", "archived"):
            if plan.lang == "cs" and rng.random() < 0.12:
                lines += [script.Line(kind, text=text, when=timedelta(hours=rng.randint(2, 30)))
                          for kind, text in words.MORE[:12 - len(lines)]]
            return lines
        places = [index for index, line in enumerate(lines) if line.kind in ("<~" if plan.state == "open" else ">")]
        # The last words of a thread settle the matter: what is still on the desk has not come so far.
        places = [index for index in places if index < len(lines) - 2] or places[:1]
        if plan.state == "waiting":
            plan.waiting_for = "customer"
            if waiting := [index for index, line in enumerate(lines) if "waiting" in line.options]:
                places, plan.waiting_for = waiting, lines[waiting[0]].options["waiting"]
        age = self.now - created
        if plan.priority == "3":
            places = [index for index in places if index] or places  # never left without an answer
        elif plan.state == "open" and age < timedelta(hours=8) and rng.random() < 0.75:
            places = places[:1]
        elif plan.state == "open" and age > timedelta(days=2) and len(places) > 1:
            places = places[1:]
        lines = lines[:rng.choice(places) + 1]
        if len(lines) == 1 and (age > timedelta(hours=3) or rng.random() < 0.4):
            lines.append(script.Line("<", text=rng.choice(self._reminders(thread))))
        return lines

    def _reminders(self, thread):
        """Return what one writes who has had no answer: faults get details, wishes are only asked after."""
        header = thread.header
        if "sender" in header:
            return words.REPEATED
        fault = header["category"] in ("sit_vpn", "hardware_tiskarny", "hardware_telefony", "servery_vypadky")
        return words.IMPATIENT[header["lang"]] + words.IMPATIENT_TECHNICAL[header["lang"]] * fault

    def _dates(self, plan, lines, created):
        """Return when each line was said: the thread's own pace, stretched for what is open for long."""
        steps = [(line.when or timedelta(minutes=self.rng.randint(20, 200))) * self.rng.uniform(0.6, 1.6)
                 for line in lines[1:]]
        total, room = sum(steps, timedelta()), self.now - created - timedelta(minutes=3)
        if plan.state in ("open", "waiting"):
            quiet = timedelta(days=min(self.rng.expovariate(0.9), 9)) + timedelta(minutes=self.rng.randint(2, 300))
            room = max(room - quiet, room * 0.3)
            pace = room / total if total and (total > room or room > timedelta(days=2)) else 1
        else:
            pace = min(1, room / total * 0.9) if total else 1
        dates, raw, latest = [created], created, self.now - timedelta(minutes=1)
        for step in steps:
            raw += step * pace
            dates.append(max(dates[-1] + timedelta(seconds=50), min(self._working(raw), latest)))
        return [date.replace(microsecond=0) for date in dates]

    def _working(self, date):
        """Move a date of the past into working hours (in UTC, Prague is one or two hours ahead)."""
        if self.now - date < timedelta(hours=30):
            return date
        moved = date
        if moved.hour < 6 or moved.hour > 15:
            moved = moved.replace(hour=6 + (moved.minute + moved.day) % 10) + timedelta(days=moved.hour > 15)
        while moved.weekday() > 4:
            moved += timedelta(days=1)
        return moved if moved < self.now - timedelta(hours=1) else date

    def _filler(self, plan, thread, owner):
        rng = self.rng
        year = (self.now - self._age(plan.serial)).year
        amount, price = (f"{amount:,}".replace(",", "\N{NO-BREAK SPACE}")
                         for amount in (rng.randint(60, 440) * 50, rng.randint(480, 1_900) * 100))
        return script.Filler(rng, {
            "kolega": rng.choice(words.COLLEAGUES[plan.lang]), "pc": rng.choice(words.COMPUTERS),
            "server": rng.choice(words.SERVERS), "ulice": rng.choice(words.STREETS), "mesto": rng.choice(words.TOWNS),
            "castka": amount, "cena": price, "linka": rng.randint(101, 480),
            "faktura": f"{year}-{rng.randint(1001, 1299)}",
            "domena": plan.client.servicedesk_domain or "firma.example",
        }, words.MONTHS, self.local)

    def _colleague(self, header, owner):
        others = [login for login in AGENTS[header["department"]] if self.users[login] != owner]
        return self.users[self.rng.choice(others)]

    # one item

    def _say(self, plan, line, date, filler, user, contact):
        text = filler.fill(line.text, date)
        hello = words.HELLO[plan.lang]
        if line.kind == ">" and line.channel == "email" and not text.startswith(hello):
            text = f"{hello}\n\n{text}"
        incoming = line.kind == "<"
        stands_in = plan.asker[1] != contact.email_normalized and (
            line.options.get("sender") == "contact" or (plan.client and not incoming and not plan.contact
                                                        and plan.asker[1].startswith("monitoring")))
        person, author = (plan.asker, plan.contact) if not stands_in else (
            (contact.name, contact.email_normalized), contact)
        if stands_in and plan.client != contact.parent_id:
            person, author = plan.asker, plan.contact
        if "from" in line.options:
            person, author = addresses.split(line.options["from"])[0], contact.browse()
        heard = incoming and line.channel in ("email", "sms")  # calls are written down by an agent whoever calls
        item = Item(line.kind, date, text, line.words, line.options, self.env["res.users"] if heard else user,
                    person, author, channel=line.channel)
        if item.channel == "email":
            wanted = ">" if incoming else "<"
            item.parent = next((old for old in reversed(plan.items)
                                if old.kind == wanted and old.channel == "email"), None)
        if incoming and item.channel == "email" and person[0] != "Monitoring" and person[0] not in text:
            item.signature = self._signature(plan, person, bool(item.parent))
        plan.items.append(item)

    def _signature(self, plan, person, short):
        style = sum(map(ord, person[1])) % 4
        if short or style == 0:
            return "" if style == 3 else f"<p>{escape(person[0])}</p>"
        rows = [words.REGARDS[plan.lang]] if style > 1 else []
        rows += [person[0], *filter(None, (plan.contact.function, plan.client.name))]
        if style == 2 and plan.contact.phone:
            rows.append(plan.contact.phone)
        return "<p>%s</p>" % "<br/>".join(map(escape, rows))

    # history

    def _tell_history(self, plan):
        """Write down what happened to the ticket between its items."""
        add = plan.events.append
        if plan.owner:
            taken = next((item.date for item in plan.items if item.kind != "<"), plan.items[-1].date)
            start = plan.created + (taken - plan.created) * 0.6
            by = plan.owner.id
            add({"date": start, "kind": "owner_id", "user_id": by, "new_ids": plan.owner.ids})
            add({"date": start, "kind": "category_id", "user_id": by, "new_ids": plan.category.ids})
            if plan.tags:
                add({"date": start, "kind": "tag_ids", "user_id": by,
                     "new_ids": plan.tags.ids})
            if plan.priority in "23":
                add({"date": start, "kind": "priority", "user_id": by, "old_value": "1", "new_value": plan.priority})
        state = "open"
        for item in plan.items:
            after = {"<": "open", ">": "waiting"}.get(item.kind, state)
            if item is plan.items[-1] and plan.state in ("open", "waiting"):
                after = plan.state
            if after != state:
                add({"date": item.date + MOMENT, "kind": "state", "user_id": item.user.id,
                     "old_value": state, "new_value": after})
            state = after
        if plan.state in ("closed", "archived"):
            self._close(plan, state)

    def _close(self, plan, state):
        pause = timedelta(minutes=self.rng.randint(2, 90))
        plan.closed_at = min(plan.touched + pause, self.now).replace(microsecond=0)
        add, by = plan.events.append, plan.owner.id
        if state != "closed":
            add({"date": plan.closed_at, "kind": "state", "user_id": by, "old_value": state, "new_value": "closed"})
        if plan.state == "archived":
            filed = plan.closed_at + timedelta(days=self.rng.randint(20, 45))
            add({"date": filed, "kind": "state", "user_id": by, "old_value": "closed", "new_value": "archived"})

    # tickets that stand for themselves

    def _plan_pinned(self, serial):
        thread = self.pinned[serial]
        header = thread.header
        if "contact" in header:
            contact = self._ref(f"contact_{header['contact']}")
        else:
            contact = self._ref(f"client_{header['client']}").child_ids[:1]
        plan = self._start(serial, thread, {"priority": "1", **header}, contact)
        if "contact" in header:
            plan.client, plan.contact = contact.parent_id, contact
            plan.asker = (contact.name, contact.email_normalized)
        service = header.get("service")
        plan.service = self._ref(f"service_{service}") if service else self.env["servicedesk.service"]
        plan.state, plan.unread = header["state"], header["unread"] == "yes"
        plan.waiting_for = header.get("waiting", "customer") if plan.state == "waiting" else False
        plan.parent = header.get("parent")
        plan.owner = self.users[header["owner"]] if "owner" in header else self.env["res.users"]
        plan.created = self.now + thread.lines[0].when
        filler = self._filler(plan, thread, plan.owner)
        plan.subject = filler.fill(thread.subject, plan.created)
        for line in thread.lines:
            date = self.now + line.when if line.when else self.now
            if line.kind == "!":
                self._tell_event(plan, line, date)
                continue
            login = line.options.get("by") or (line.words[0] if line.kind == "?" else None)
            user = self.users[login] if login else self.env["res.users"]
            self._say(plan, line, date, filler, user, contact)
        if plan.state == "closed":
            plan.closed_at = max(event["date"] for event in plan.events)
        if plan.waiting_for == "acceptance":
            plan.resolved_at = max(event["date"] for event in plan.events)
        return plan

    def _tell_event(self, plan, line, date):
        login, kind, *values = line.words
        old, new = " ".join(values).split(">")
        plan.events.append({
            "date": date + MOMENT, "kind": kind, "user_id": self.users[login].id if login != "-" else False,
            "old_value": old.strip() or False, "new_value": new.strip(),
        })
