"""Makes a desk that has been alive for two years: tickets with their items, files and history.

Everything is written in a few batches, nothing is sent and no job is called: items are created in the state in
which they ended. The plan of the tickets is in ``plan.py``; here it becomes records.
"""
import mimetypes
import secrets
from datetime import timedelta, timezone
from html import escape
from pathlib import Path

from odoo import fields
from odoo.tools import SQL

from ..tools.mail import addresses, mail_text, threading
from . import channels, words
from .plan import Planner

FILES = Path(__file__).parent / "files"
QUOTES = ("gmail", "cite", "plain")


def load(env):
    """Write the demo's tickets, once; numbers and dates count back from now."""
    desk = env(su=True, context=dict(env.context, tracking_disable=True, mail_create_nosubscribe=True,
                                     mail_create_nolog=True))
    plans = Planner(desk, fields.Datetime.now()).plan()
    _number(desk, plans)
    with desk["servicedesk.change"]._span(channel="email", quiet=True):
        tickets = desk["servicedesk.ticket"].create([_prepare_ticket_vals(plan) for plan in plans])
    for plan, ticket in zip(plans, tickets, strict=True):
        plan.ticket = ticket
    _set_families(plans)
    said = [(plan, item) for plan in plans for item in plan.items]
    vals_list = [_prepare_item_vals(desk, plan, item) for plan, item in said]
    items = desk["servicedesk.item"].create(vals_list)
    _attach(desk, said, items)
    desk["servicedesk.event"].create([
        vals | {"ticket_id": plan.ticket.id} for plan in plans for vals in plan.events])
    env.flush_all()
    _set_parents(env, said, items)
    _set_dates(env, plans)
    env.invalidate_all()


def _number(env, plans):
    """Use the numbers of the plan where the desk is new, so that the texts may quote them."""
    sequence = env.ref("servicedesk.sequence_ticket")
    if sequence.number_next_actual > 10001 or env["servicedesk.ticket"].search_count([], limit=1):
        for plan in plans:
            plan.number = ""
        return
    sequence.number_next = max(plan.serial for plan in plans) + 1


def _set_families(plans):
    tickets = {str(plan.serial): plan.ticket for plan in plans}
    for plan in plans:
        if plan.parent:
            plan.ticket.parent_id = tickets[plan.parent]


def _prepare_ticket_vals(plan):
    return {
        "number": plan.number, "subject": plan.subject, "department_id": plan.department.id,
        "category_id": plan.category.id, "tag_ids": [(6, 0, plan.tags.ids)], "priority": plan.priority,
        "state": plan.state, "waiting_for": plan.waiting_for, "closed_at": plan.closed_at,
        "reopen_at": plan.waiting_for == "date" and fields.Datetime.now() + timedelta(days=3),
        "owner_id": plan.owner.id, "partner_id": plan.client.id, "contact_id": plan.contact.id,
        "contact_name": plan.asker[0], "contact_email": plan.asker[1], "service_id": plan.service.id,
        "last_item_at": plan.created, "resolved_at": plan.resolved_at or plan.closed_at,
    }


def _prepare_item_vals(env, plan, item):
    """Return an item's values; message ids are made here, so that answers can refer to them."""
    sender = plan.department.email_normalized
    item.subject = plan.subject if item is plan.items[0] else threading.reply_subject(plan.subject)
    vals = {
        "ticket_id": plan.ticket.id, "kind": item.channel, "date": item.date, "body": _body(plan, item),
        "important": "important" in item.words,
        "author_user_id": item.user.id, "author_partner_id": (item.user.partner_id or item.author).id,
        "author_name": item.user.name or item.person[0],
    }
    if item.kind == "~":
        return vals | {"direction": "internal", "state": "done"}
    if item.channel != "email":
        return vals | channels.prepare_vals(env, plan, item)
    recipient = addresses.display(*item.person)
    vals |= {"subject": item.subject, "email_cc": item.options.get("cc")}
    if item.kind == "?":
        return vals | {"direction": "out", "state": "draft", "email_to": recipient}
    parent = item.parent
    item.references = threading.references_for(parent.message_id, parent.references) if parent else ""
    vals["references"] = item.references or False
    numbered = threading.subject_with_number(item.subject, plan.ticket.number)
    if item.kind == "<":
        item.message_id = f"<{secrets.token_hex(12)}@{addresses.domain(item.person[1])}>"
        return vals | {
            "direction": "in", "state": "received", "message_id": item.message_id, "email_from": recipient,
            "email_to": sender, "subject": f"{numbered}" if parent else item.subject,
            "thread_reason": "in-reply-to" if parent else False, "third_party": "third" in item.words,
        }
    item.message_id = threading.new_message_id(plan.ticket.id, addresses.domain(sender))
    state = item.options.get("state", "sent")
    return vals | {
        "direction": "out", "state": state, "message_id": item.message_id, "subject": numbered,
        "email_from": addresses.display(plan.department.name, sender),
        "email_to": item.options.get("to") or recipient,
        "queued_at": item.date, "sent_at": item.date if state == "sent" else False,
        "sent_envelopes": "to" if state == "sent" else False, "failure_reason": item.options.get("reason"),
        "third_party": "third" in item.words, "send_at": _next_morning(plan) if state == "scheduled" else False,
    }


def _next_morning(plan):
    """Return eight o'clock of the next working day in Prague, in UTC."""
    now = fields.Datetime.now()
    local = plan.local(now)
    days = 1 if local.weekday() < 4 or local.weekday() == 6 else 7 - local.weekday()
    morning = local.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return morning.astimezone(timezone.utc).replace(tzinfo=None)


def _body(plan, item):
    """Return an item's HTML: what was written, who signed it, and the quoted mail before."""
    body = mail_text.text_to_html(item.text)
    if item.channel not in ("email", "note"):
        return body
    if item.kind == "~":
        for name in plan.agent_names:
            body = body.replace(f"@{name}", f"<b>@{name}</b>")
        return body
    if item.kind in ">?":
        regards = "" if item.kind == "?" else f"<p>{words.REGARDS[plan.lang]}<br/>{escape(item.user.name)}</p>"
        return f'{body}{regards}<div class="o_sd_signature">{plan.department.signature or ""}</div>'
    body += item.signature
    if "quote" in item.words and item.parent:
        body += _quote(plan, item.parent)
    return body


def _quote(plan, earlier):
    """Return an earlier item as mail programs quote it: two with markup of their own, one with plain ``>``."""
    name = earlier.user.name or earlier.person[0]
    local = plan.local(earlier.date)
    day = f"{local:%d/%m/%Y}" if plan.lang == "en" else f"{local.day}. {local.month}. {local.year}"
    wrote = words.WROTE[plan.lang].format(date=day, time=f"{local:%H:%M}", name=name)
    style = QUOTES[plan.serial % len(QUOTES)]
    if style == "plain":
        quoted = "\n".join(f"> {row}" for row in earlier.text.split("\n"))
        return mail_text.text_to_html(f"{wrote}\n{quoted}")
    inner = mail_text.text_to_html(earlier.text)
    if style == "cite":
        return f'<div class="moz-cite-prefix">{escape(wrote)}</div><blockquote type="cite">{inner}</blockquote>'
    return (f'<div class="gmail_quote"><div class="gmail_attr">{escape(wrote)}</div>'
            f'<blockquote class="gmail_quote">{inner}</blockquote></div>')


def _attach(env, said, items):
    vals_list = []
    for (plan, item), record in zip(said, items, strict=True):
        for entry in filter(None, item.options.get("file", "").split(",")):
            stored, _sep, shown = entry.partition(":")
            vals_list.append({
                "name": shown or stored, "raw": (FILES / stored).read_bytes(), "res_model": record._name,
                "res_id": record.id, "company_id": plan.department.company_id.id,
                "mimetype": mimetypes.guess_type(stored)[0],
            })
    env["ir.attachment"].create(vals_list)


def _set_parents(env, said, items):
    records = {id(item): record.id for (_plan, item), record in zip(said, items, strict=True)}
    pairs = [(records[id(item)], records[id(item.parent)]) for _plan, item in said if item.parent]
    env.cr.execute(SQL(
        """UPDATE servicedesk_item item SET parent_item_id = pair.parent
             FROM unnest(%s::int[], %s::int[]) AS pair(child, parent) WHERE item.id = pair.child""",
        *map(list, zip(*pairs, strict=True))))


def _set_dates(env, plans):
    """Put the past where the ORM writes now; the owner has read what the plan says he has."""
    columns = list(zip(*[(plan.ticket.id, plan.created, plan.touched, plan.unread) for plan in plans], strict=True))
    env.cr.execute(SQL(
        """UPDATE servicedesk_ticket ticket
              SET create_date = plan.created, write_date = plan.touched, unread = plan.unread
             FROM unnest(%s::int[], %s::timestamp[], %s::timestamp[], %s::bool[])
                  AS plan(id, created, touched, unread) WHERE ticket.id = plan.id""", *map(list, columns)))
    ids = [plan.ticket.id for plan in plans]
    env.cr.execute(SQL(
        """UPDATE servicedesk_event event SET date = ticket.create_date FROM servicedesk_ticket ticket
            WHERE event.ticket_id = ticket.id AND event.kind = 'created' AND ticket.id = ANY(%s)""", ids))
    env.cr.execute(SQL(
        "UPDATE servicedesk_item SET create_date = date, write_date = date WHERE ticket_id = ANY(%s)", ids))
    env.cr.execute(SQL(
        """UPDATE ir_attachment file SET create_date = item.date FROM servicedesk_item item
            WHERE file.res_model = 'servicedesk.item' AND file.res_id = item.id AND item.ticket_id = ANY(%s)""", ids))
