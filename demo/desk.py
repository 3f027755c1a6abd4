"""Puts on the desk what grows around tickets: a merge, a client's files, a task, mail that was stopped."""
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from odoo import fields

NOTE = "<p>Schvaluje jen paní Hájková. Do serverovny se chodí přes vrátnici, klíč má pan Pokorný.</p>"
LEDGER = 40  # so many of the newest mails have their original in the ledger
SHOWN_PICTURES = ("chyba-809.png", "skrin-vltava.jpg")
ADVERT = """Dobrý den,

vyhráli jste poukaz na 10 000 Kč. Pro výplatu potvrďte své údaje na odkazu níže do 24 hodin.
"""
ABSENT = """Dobrý den,

do pátku čerpám dovolenou a poštu nečtu. V naléhavých věcech volejte ústřednu.

Roman Fiala
"""


def settle(env):
    """Do it, once, with the records of ``plan.py``; numbers that are taken already are passed over."""
    desk = env(su=True, context=dict(env.context, tracking_disable=True, mail_create_nolog=True))
    tickets = {ticket.number: ticket for ticket in desk["servicedesk.ticket"].search([])}
    _fill_ledger(desk)
    _stop_mails(desk)
    _keep_files(desk, tickets.get("SD-10482"))
    _plan_work(desk, tickets)
    _fill_form(desk, tickets.get("SD-10471"))
    if {"SD-10488", "SD-10489"} <= tickets.keys():
        jakub = env.ref("servicedesk.user_jakub")
        desk["servicedesk.merge"].with_user(jakub)._merge(
            tickets["SD-10488"] | tickets["SD-10489"], tickets["SD-10489"], partner=tickets["SD-10489"].partner_id)
    env.ref("servicedesk.client_stavby_vltava").servicedesk_note = NOTE


def _write_mail(sender, recipient, subject, text, date, message_id, **headers):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
    mail["Date"], mail["Message-ID"] = format_datetime(date), message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def _fill_ledger(env):
    """Give the newest mails of customers their originals."""
    items = env["servicedesk.item"].search(
        [("kind", "=", "email"), ("direction", "=", "in")], limit=LEDGER).sorted("date")
    for item in items:
        department = item.ticket_id.department_id
        raw = _write_mail(item.email_from, item.email_to, item.subject or "", item.preview or "", item.date,
                          item.message_id)
        item.intake_id = env["servicedesk.intake"]._store(raw, department, received_at=item.date)
        item.intake_id.write({
            "state": "done", "outcome": "reply" if item.parent_item_id else "new", "item_id": item.id})


def _stop_mails(env):
    """Ban a sender whose mail then waits in quarantine, and let an automatic answer come that belongs to no ticket."""
    support, now = env.ref("servicedesk.department_podpora"), fields.Datetime.now()
    env["servicedesk.ban"].create([
        {"value": "vyhra-jiste.example", "reason": "Podvodné zprávy o výhrách"},
        {"value": "nabidky@levne-tonery.example", "reason": "Nevyžádaná reklama",
         "expires_at": now + timedelta(days=60)},
    ])
    Intake = env["servicedesk.intake"]
    for number, (sender, subject, text, headers) in enumerate((
            ("Výherní centrum <vyplata@mail.vyhra-jiste.example>", "Vaše výhra čeká", ADVERT, {}),
            ("Roman Fiala <roman.fiala@autodilybrno.example>", "Automatická odpověď: mimo kancelář", ABSENT,
             {"Auto_Submitted": "auto-replied"}))):
        date = now - timedelta(minutes=50 + 70 * number)
        raw = _write_mail(sender, support.email, subject, text, date, f"<demo-{number}@severka.example>", **headers)
        Intake._store(raw, support, received_at=date)._process()


def _keep_files(env, ticket):
    """Put pictures and documents of a ticket on its client's card."""
    if not ticket:
        return
    Files = env["servicedesk.client.file"]
    found = env["ir.attachment"].search(
        [("res_model", "=", "servicedesk.item"), ("res_id", "in", ticket.item_ids.ids)])
    items = {item.id: item for item in ticket.item_ids}
    Files._keep(ticket.partner_id, [
        (file, items[file.res_id], file.name, [Files._get_kind(file.mimetype)]) for file in found
        if file.name in SHOWN_PICTURES or file.mimetype == "application/pdf"])


def _plan_work(env, tickets):
    """Plan a task for a ticket, and let somebody follow another one."""
    tomas, jakub = env.ref("servicedesk.user_tomas"), env.ref("servicedesk.user_jakub")
    if ticket := tickets.get("SD-10402"):
        project = env["project.project"].create({"name": "Výjezdy a zásahy", "user_id": tomas.id})
        env["project.task"].create({
            "name": "Výměna paměťového modulu B2", "project_id": project.id, "user_ids": [(6, 0, jakub.ids)],
            "partner_id": ticket.partner_id.id, "date_deadline": fields.Datetime.now() + timedelta(days=1),
            "servicedesk_ticket_ids": [(4, ticket.id)],
        })
        ticket.write({"watcher_ids": [(4, env.ref("servicedesk.user_petr").id)], "watched": True})


def _fill_form(env, ticket):
    if ticket:
        ticket.properties = {"jmeno": "Ing. Matouš Říha", "nastup": str(fields.Date.today() + timedelta(days=12)),
                             "notebook": True, "licence": "plna"}
