"""Sixty mails and more that concern departments and other apps at once; what the other apps make of them.

Nothing here needs the add-on, nor is anything of it imported: a bare Odoo runs the same (`tests/e2e/test_beside.py`
puts the text of this file into its shell), so that results with us, without us and after us can be compared.
"""
from email.message import EmailMessage
from zlib import crc32

DOMAIN = "severka.example"
JANA = "Jana Novotná <jana@vltava.example>"
# Where the other app stands in a mail: {name: (To, Cc, further headers and `model`)}
NEIGHBOURS = {
    "alias in To": (["ukoly"], [], {}),
    "alias in Cc": ([], ["ukoly"], {}),
    "two aliases": (["ukoly"], ["lide"], {}),
    "alias delivered to": ([], [], {"Delivered-To": f"ukoly@{DOMAIN}"}),
    "alias sent on to": ([], [], {"Resent-To": f"ukoly@{DOMAIN}"}),
    "alias by its local part": (["mistni@elsewhere.example"], [], {}),
    "alias of one record": (["vlakno"], [], {}),
    "alias for followers only": (["zavrena"], [], {}),
    "catch-all address": (["catchall"], [], {}),
    "catch-all address and alias": (["catchall"], ["ukoly"], {}),
    "answer on a task": (["catchall"], [], {"In-Reply-To": f"<task@{DOMAIN}>"}),
    "answer by references": ([], [], {"References": f"<older@x.example> <task@{DOMAIN}>"}),
    "answer on a record that is gone": (["ukoly"], [], {"In-Reply-To": f"<gone@{DOMAIN}>"}),
    "answer sent to another app": (["lide"], [], {"In-Reply-To": f"<task@{DOMAIN}>"}),
    "unknown address of a mailbox": (["obchod"], [], {"model": "res.partner"}),
    "answer on a bounce": (["ukoly"], [], {"References": "<x-loop-detection-bounce-email@x.example>"}),
    "mail that came before": (["ukoly"], [], {"Message-ID": f"<task@{DOMAIN}>"}),
    "undelivered mail": (["bounce"], [], {"report": True}),
    "undelivered mail without an address of Odoo's": ([], [], {"report": True}),
    "nobody": (["nikdo"], [], {}),
    "sales lead": (["obchodni-prilezitosti"], [], {}),
    "answer on a lead": (["catchall"], [], {"In-Reply-To": f"<lead@{DOMAIN}>"}),
}
# Where departments stand in it: {name: (To, Cc, further headers, names of those that get it)}
DEPARTMENTS = {
    "no department": ([], [], {}, ()),
    "in Cc": ([], ["podpora"], {}, ("Podpora",)),
    "in To": (["podpora"], [], {}, ("Podpora",)),
    "delivered to": ([], [], {"Delivered-To": f"podpora@{DOMAIN}"}, ("Podpora",)),
    "two, one by its alias": (["pult"], ["podpora"], {}, ("Podpora", "Pult")),
}


def build_mails():
    """Yield ``(name, message, fallback model, names of departments that get it)``."""
    for neighbour, (to, cc, headers) in NEIGHBOURS.items():
        for place, (own_to, own_cc, own_headers, departments) in DEPARTMENTS.items():
            values = {**own_headers, **headers}
            if set(own_headers) & set(headers):  # both are delivered to
                values["Delivered-To"] = f"{own_headers['Delivered-To']}, {headers['Delivered-To']}"
            model, report = values.pop("model", False), values.pop("report", False)
            name = f"{neighbour}, {place}"
            message = build_report() if report else EmailMessage()
            values = {"Message-ID": f"<{crc32(name.encode())}@vltava.example>", **values}
            for header, value in {
                "From": f"MAILER-DAEMON@{DOMAIN}" if report else JANA, "To": join(to + own_to),
                "Cc": join(cc + own_cc), "Subject": name, **values,
            }.items():
                if value:
                    message[header] = value
            if not report:
                message.set_content(f"Dobrý den,\n{name}")
            yield name, message, model, departments


def join(names):
    return ", ".join(name if "@" in name else f"{name}@{DOMAIN}" for name in names)


def build_report():
    """A report (RFC 3464) that a mail of the task's did not reach Jana."""
    report = EmailMessage()
    report["Content-Type"] = "multipart/report; report-type=delivery-status; boundary=b"
    report["MIME-Version"] = "1.0"
    report.set_payload(
        "--b\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.vltava.example\r\n\r\n"
        "Final-Recipient: rfc822; jana@vltava.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <task@{DOMAIN}>\r\nSubject: Task\r\n\r\nHello\r\n"
        "--b--\r\n")
    return report


def prepare(env):
    """Set up the other apps, and the departments where there are some; return the environment to run mails in."""
    env = env(user=1, su=True, context={"lang": "en_US"})
    domain = env["mail.alias.domain"].create({"name": DOMAIN, "bounce_alias": "bounce", "catchall_alias": "catchall"})
    env["res.company"].search([]).alias_domain_id = domain
    jana = env["res.partner"].create({"name": "Jana Novotná", "email": "jana@vltava.example"})
    thread = env["res.partner"].create({"name": "Thread"})
    project = env["project.project"].create({"name": "Project", "alias_name": "ukoly", "privacy_visibility": "portal"})
    task = env["project.task"].create({"name": "Task", "project_id": project.id, "partner_id": jana.id})
    gone = env["project.task"].create({"name": "Gone", "project_id": project.id})
    records = [(task, "task"), (gone, "gone")]
    make_alias(env, domain, "lide", "res.partner")
    make_alias(env, domain, "mistni", "project.task", alias_incoming_local=True,
               alias_defaults={"project_id": project.id})
    make_alias(env, domain, "vlakno", "res.partner", alias_force_thread_id=thread.id)
    make_alias(env, domain, "zavrena", "project.task", alias_contact="followers",
               alias_defaults={"project_id": project.id})
    if "crm.lead" in env:
        make_alias(env, domain, "obchodni-prilezitosti", "crm.lead")
        records.append((env["crm.lead"].create({"name": "Lead", "email_from": "jana@vltava.example"}), "lead"))
    for record, name in records:
        body = "Hello"
        record.message_post(body=body, subtype_xmlid="mail.mt_comment").message_id = f"<{name}@{DOMAIN}>"
    env.flush_all()
    env.cr.execute("DELETE FROM project_task WHERE id = %s", [gone.id])  # its message stays, as in an old database
    env.invalidate_all()
    if "servicedesk.department" in env:
        env["servicedesk.department"].create([
            {"name": "Podpora", "email": f"podpora@{DOMAIN}"},
            {"name": "Pult", "alias_name": "pult", "alias_domain_id": domain.id}])
    env.flush_all()
    return env


def make_alias(env, domain, name, model, **values):
    env["mail.alias"].create({"alias_name": name, "alias_domain_id": domain.id,
                              "alias_model_id": env["ir.model"]._get_id(model), **values})


def give_all(env):
    """Give each mail to Odoo's gateway, by itself, and return ``{name: what the other apps made of it}``.

    The departments whose ledger has it are under ``"departments"``, apart from what the others made.
    """
    return {name: give(env, message, model) for name, message, model, _departments in build_mails()}


def give(env, message, model=False):
    """Give one mail to Odoo's gateway and undo what came of it, which is returned."""
    before = newest(env)
    savepoint = env.cr.savepoint()
    try:
        failed = ""
        try:
            with env.cr.savepoint():  # as a transaction of its own, of which nothing is left when it fails
                env["mail.thread"].message_process(model, message.as_bytes())
        except Exception as error:
            failed = type(error).__name__
        env.flush_all()
        return {"failed": failed, **describe(env, before)}
    finally:
        savepoint.close(rollback=True)
        env.invalidate_all()


def newest(env):
    return {model: env[model].with_context(active_test=False).search([], order="id desc", limit=1).id or 0
            for model in get_models(env)}


def get_models(env):
    models = ("project.task", "res.partner", "crm.lead", "mail.message", "mail.mail", "servicedesk.intake")
    return [model for model in models if model in env]


def describe(env, before):
    new = {model: env[model].with_context(active_test=False).search([("id", ">", number)], order="id")
           for model, number in before.items()}
    departments = new.pop("servicedesk.intake", ()) and new_departments(env, before)
    messages = new.pop("mail.message").filtered(lambda one: not (one.model or "").startswith("servicedesk"))
    mails = new.pop("mail.mail")
    return {
        "departments": departments or [],
        "records": [[model, record.display_name] for model, records in new.items() for record in records],
        "messages": [[one.model, one.record_name or "", one.subject or "", one.email_from or "", one.message_type,
                      str(one.body)] for one in messages - mails.mail_message_id],
        "mails": [[one.subject or "", one.email_to or ""] for one in mails],
        "bounces": env["res.partner"].search([("email", "=", "jana@vltava.example")]).mapped("message_bounce"),
        "aliases": sorted([alias.alias_name or "", alias.alias_status or ""] for alias in env["mail.alias"].search(
            [("alias_domain_id.name", "=", DOMAIN), ("alias_name", "not in", (False, "pult"))])),
    }


def new_departments(env, before):
    rows = env["servicedesk.intake"].search([("id", ">", before["servicedesk.intake"])])
    return sorted(row.department_id.name or "" for row in rows)
