"""What people did on a desk of the last commit before the rooms, for `test_upgrade.py`.

`dev/upgrade.py` runs `use(env)` inside an Odoo with that commit's code and demo data, so that only what it had may be
called here. What the test looks for later gets an external id of the module `__used__`.
"""
from datetime import timedelta
from email.message import EmailMessage
from unittest.mock import patch

from odoo import Command, fields

from odoo.addons.base.models.ir_mail_server import IrMail_Server

SUPPORT = "podpora@severka.example"
CUSTOMER = "jana.novotna@stavbyvltava.example"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082")


def use(env):
    env = env(context=dict(env.context, lang="en_US", tz="Europe/Prague"))
    agent = env.ref("servicedesk.user_petr")
    department = env.ref("servicedesk.department_podpora")
    department.write({"undo_seconds": 0, "reply_address_state": "works", "merge_undo_days": 3650})
    _set_up(env, agent, department)
    tickets = _receive(env, department)
    _work(env(user=agent), tickets)
    _answer(env, agent, tickets)
    _merge(env(user=agent), tickets)
    _customise(env)
    _check(env, tickets)
    env.cr.commit()


def _name(env, name, record):
    env["ir.model.data"].create({
        "module": "__used__", "name": name, "model": record._name, "res_id": record.id, "noupdate": True})
    return record


def _set_up(env, agent, department):
    template = _name(env, "template", env["servicedesk.template"].create({
        "name": "Called back", "department_id": department.id, "subject": "{{ticket.number}}",
        "body": "<p>Hello {{contact.name}}, we called you.</p>"}))
    tag = env["servicedesk.tag"].create({"name": "From the upgrade"})
    _name(env, "rule", env["servicedesk.rule"].create({
        "name": "Printers are urgent", "subject_words": "printer", "set_priority": "3", "sequence": 1,
        "tag_ids": [Command.set(tag.ids)]}))
    _name(env, "macro", env["servicedesk.macro"].create({
        "name": "Call back", "department_id": department.id, "step_ids": [
            Command.create({"type": "tag", "tag_ids": [Command.set(tag.ids)]}),
            Command.create({"type": "answer", "template_id": template.id})]}))
    _name(env, "policy", env["servicedesk.sla.policy"].create({
        "name": "Upgrade", "sequence": 0, "first_response_hours": 4, "resolution_hours": 400,
        "department_ids": [Command.set(department.ids)]}))
    env["servicedesk.ban"].create({"value": "spam@upgrade.example", "reason": "advertising"})
    env["servicedesk.substitution"].create({
        "absent_id": agent.id, "substitute_id": env.ref("servicedesk.user_tomas").id,
        "ends_at": fields.Datetime.now() + timedelta(days=3650), "reason": "sabbatical"})


def _mail(number, subject, sender=CUSTOMER, **headers):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Jana Novotná <{sender}>", SUPPORT, subject
    message["Message-ID"] = f"<upgrade.{number}@stavbyvltava.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Good day,\nmail number {number} is about: {subject}.\n")
    message.add_attachment(PICTURE, maintype="image", subtype="png", filename=f"picture-{number}.png")
    return message.as_bytes()


def _file(env, raws, department):
    rows = env["servicedesk.intake"].union(*(env["servicedesk.intake"]._store(raw, department) for raw in raws))
    for row in rows:
        row._process()
    return rows


def _receive(env, department):
    """Eight tickets by mail, a mail that is refused, and one that nobody has filed yet."""
    subjects = ["VPN", "Printer on fire", "Mailbox full", "Invoice", "Slow computer", "New colleague", "Backup",
                "Wi-Fi"]
    rows = _file(env, [_mail(number, subject) for number, subject in enumerate(subjects)], department)
    _file(env, [_mail(50, "Buy now", "spam@upgrade.example")], department)
    _name(env, "waiting_mail", env["servicedesk.intake"]._store(_mail(51, "Arrived during the upgrade"), department))
    tickets = rows.item_id.ticket_id
    assert len(tickets) == len(subjects), rows.mapped("outcome")
    for number, ticket in enumerate(rows.mapped("item_id.ticket_id")):
        _name(env, f"ticket_{number}", ticket)
    return tickets


def _work(env, tickets):
    """Change what agents change, so that there is history; write a note; start a wait."""
    vpn, printer, mailbox, invoice = tickets.with_env(env)[:4]
    vpn.write({"owner_id": env.uid, "priority": "2"})
    printer.write({"subject": "Printer on fire (2nd floor)", "priority": "0"})
    mailbox.write({"state": "waiting", "waiting_for": "customer"})
    invoice.write({"partner_id": env.ref("servicedesk.user_jana_novotna").sudo().partner_id.parent_id.id})
    invoice.write({"state": "closed"})
    vpn.write({"remind_at": fields.Datetime.now() + timedelta(days=3650), "remind_note": "Ask again"})
    note = env["servicedesk.item"].browse(env["servicedesk.item"].save_draft(
        vpn.id, "note", {"body": "<p>The router is the old one.</p>"}))
    note.action_send()


def _write(env, ticket, text):
    Item = env["servicedesk.item"]
    values = Item.prepare_draft(ticket.id, "email") | {"body": f"<p>{text}</p>"}
    return Item.browse(Item.save_draft(ticket.id, "email", values))


def _answer(env, agent, tickets):
    """One answer has left and is answered, one is queued, one scheduled, one a draft, one failed."""
    mine = env(user=agent)
    sent, draft, scheduled, queued, failed = (
        _write(mine, tickets[number], f"Answer {number}") for number in (0, 1, 2, 4, 5))
    left = []

    class Session:
        from_filter, smtp_from = False, SUPPORT

        def quit(self):
            pass

    def send_email(server, message, *args, **options):
        if failed.sudo().ticket_id.number in message["Subject"]:
            raise AssertionError("552 mailbox is full")
        left.append(message["Message-Id"])
        return message["Message-Id"]

    with patch.object(IrMail_Server, "_disable_send", lambda self: False), \
            patch.object(IrMail_Server, "_connect__", lambda self, *args, **options: Session()), \
            patch.object(IrMail_Server, "send_email", send_email):
        for item in (sent, failed):
            item.action_send()
            item.sudo().write({"state": "sending", "claimed_by": 1})
            item.sudo()._send_now()
    queued.action_send()
    queued.sudo().send_at = fields.Datetime.now() + timedelta(days=3650)  # stays what it is while the test looks
    scheduled.action_schedule(fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=300)))
    for name, item in (("sent", sent), ("draft", draft), ("scheduled", scheduled), ("queued", queued),
                       ("failed", failed)):
        _name(env, name, item.sudo())
    assert left, "no answer left"
    _file(env, [_mail(60, "Re: VPN", In_Reply_To=sent.sudo().message_id)], tickets[0].department_id)


def _merge(env, tickets):
    _name(env(user=1), "merge", env["servicedesk.merge"]._merge(tickets[6:8], tickets[6]).sudo())
    undone = env["servicedesk.merge"]._merge(tickets[4:6], tickets[4])
    undone.action_undo()


def _customise(env):
    """What an administrator makes in the database alone."""
    ticket = env["ir.model"]._get("servicedesk.ticket")
    env["ir.model.fields"].create({
        "name": "x_machine", "model_id": ticket.id, "ttype": "char", "field_description": "Machine"})
    env.ref("__used__.ticket_0").write({"x_machine": "Router 17"})
    view = {"type": "form", "model": "servicedesk.ticket"}
    own_views = {
        "view_form": view | {
            "inherit_id": env.ref("servicedesk.servicedesk_ticket_view_form").id,
            "arch": """<data>
                <xpath expr="//field[@name='subject']" position="after"><i class="o_own_plain" /></xpath>
                <xpath expr="//section[hasclass('o_sd_plan')]//field[@name='planned_end']" position="after">
                    <field name="x_machine" class="o_own_field" />
                </xpath>
                <xpath expr="//field[@name='sla_deadline']" position="attributes">
                    <attribute name="class" separator=" " add="o_own_badge" />
                </xpath></data>"""},
        "view_form_of_extension": view | {
            "inherit_id": env.ref("servicedesk.servicedesk_ticket_view_form_sla").id,
            "arch": """<xpath expr="//field[@name='manual_deadline']" position="after">
                <i class="o_own_deadline" /></xpath>"""},
        "view_list": {
            "type": "list", "model": "servicedesk.ticket",
            "inherit_id": env.ref("servicedesk.servicedesk_ticket_view_list").id,
            "arch": """<field name="subject" position="after"><field name="x_machine" optional="show" /></field>"""},
        "view_department": {
            "type": "form", "model": "servicedesk.department",
            "inherit_id": env.ref("servicedesk.servicedesk_department_view_form").id,
            "arch": """<field name="undo_seconds" position="after">
                <field name="color" class="o_own_color" /></field>"""},
    }
    for name, values in own_views.items():
        _name(env, name, env["ir.ui.view"].create(values | {"name": f"own {name}", "priority": 99}))
    _name(env, "menu", env["ir.ui.menu"].create({
        "name": "Our own list", "parent_id": env.ref("servicedesk.menu_tickets").id,
        "action": f"ir.actions.act_window,{env.ref('servicedesk.servicedesk_ticket_action').id}"}))
    # words of the language in which they work: an update sets only what the sources say, which is English
    czech = env(context=dict(env.context, lang="cs_CZ"))
    czech.ref("servicedesk.menu_tickets").name = "Naše tikety"
    czech.ref("servicedesk.group_user").name = "Naši technici"
    czech["ir.model.fields"]._get("servicedesk.ticket", "owner_id").field_description = "Naše pole"
    czech.ref("servicedesk.macro_heslo").name = "Naše makro"
    _name(env, "filter", env["ir.filters"].create({
        "name": "My waiting ones", "model_id": "servicedesk.ticket", "user_ids": False,
        "domain": "[('state', '=', 'waiting'), ('sla_state', '!=', False), ('department_id.name', 'ilike', 'pod')]",
        "context": "{'group_by': ['owner_id', 'category_id']}"}))
    env.ref("servicedesk.cron_forget_originals").write({"interval_number": 3})
    env["ir.config_parameter"].set_param("servicedesk.notice_minutes", "7")


def _check(env, tickets):
    """The desk has what the test is about."""
    env.flush_all()
    assert env["servicedesk.sla.clock"].search_count([("state", "=", "running"), ("ticket_id", "in", tickets.ids)])
    assert env["servicedesk.event"].search_count([("ticket_id", "in", tickets.ids)]) > len(tickets)
    assert env["servicedesk.rule.hit"].search_count([("rule_id", "=", env.ref("__used__.rule").id)])
    states = {name: env.ref(f"__used__.{name}").state for name in ("sent", "draft", "scheduled", "queued", "failed")}
    assert states == {name: name for name in states}, states
    assert env.ref("__used__.waiting_mail").state == "new"
    assert env.ref("__used__.merge").can_undo
    assert env["servicedesk.notice"].search_count([("ticket_id", "in", tickets.ids)])
