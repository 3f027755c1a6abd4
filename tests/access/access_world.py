"""The people and records on which the access matrix is tried: every kind of user, a sample of every model."""
import itertools
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from ..common import ServicedeskCase

SECRET = "Zlatokop"


class AccessWorld(ServicedeskCase):
    """Two companies, three departments, all kinds of users; sample records are made by ``vals_<model>`` methods."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.numbers = itertools.count(1)
        cls.company = cls.env.company
        cls.other_company = cls.env["res.company"].create({"name": "Jiná s.r.o."})
        cls.env["servicedesk.membership"].search([("department_id", "=", cls.support.id)]).unlink()
        cls.abroad = cls.env["servicedesk.department"].create(
            {"name": "Abroad", "email": "abroad@jina.example", "company_id": cls.other_company.id})
        cls.other_client = cls.env["res.partner"].create({"name": "Mlýn Kačina", "email": "mlyn@kacina.example"})
        cls.users = cls._make_users()
        cls.strangers = cls._make_strangers()
        cls.tickets = cls.make("servicedesk.ticket", ("mine", "free", "foreign"))
        cls.ones = {"servicedesk.item": cls.make("servicedesk.item", cls.tickets)}
        for model in ("servicedesk.sms.gateway", "servicedesk.escalation.step", "servicedesk.macro",
                      "servicedesk.rule"):
            places = ("ours", "theirs", "shared") if model == "servicedesk.macro" else ("ours", "theirs")
            cls.ones[model] = cls.make(model, places)

    @classmethod
    def _make_users(cls):
        def member(user, department, level, **rights):
            cls.env["servicedesk.membership"].create(
                {"user_id": user.id, "department_id": department.id, "level": level, **rights})
            return user

        def agent(login, group="servicedesk.group_user", company=None):
            company = company or cls.company
            return new_test_user(cls.env, login, group, email=f"{login}@severka.example", company_id=company.id,
                                 company_ids=[(6, 0, company.ids)])

        users = {
            "own": member(cls.junior, cls.support, "own"),
            "specialist": member(cls.agent, cls.support, "specialist"),
            "supervisor": member(agent("chief"), cls.support, "supervisor", can_delete=True, can_ban=True,
                                 can_export=True),
            "administrator": agent("deskadmin", "servicedesk.group_admin"),
            "other department": cls.clerk,
            "other company": member(agent("foreigner", company=cls.other_company), cls.abroad, "specialist"),
            "chosen clients": member(agent("picker"), cls.support, "specialist",
                                     client_ids=[(6, 0, cls.client.ids)]),
        }
        now = fields.Datetime.now()
        for name, start, end in (("before", 1, 2), ("during", -1, 1), ("after", -2, -1)):
            user = users[f"substitute {name}"] = member(agent(f"sub{name}"), cls.billing, "specialist")
            cls.env["servicedesk.substitution"].create({
                "absent_id": cls.agent.id, "substitute_id": user.id, "starts_at": now + timedelta(days=start),
                "ends_at": now + timedelta(days=end)})
        return users

    @classmethod
    def _make_strangers(cls):
        return {
            "employee": new_test_user(cls.env, "employee", "base.group_user"),
            "customer": new_test_user(cls.env, "jana", "base.group_portal", partner_id=cls.jana.id,
                                      name=cls.jana.name, email=cls.jana.email),
            "colleague of the customer": new_test_user(
                cls.env, "alena", "base.group_portal", partner_id=cls.alena.id, name=cls.alena.name,
                email=cls.alena.email),
            "removed": cls._new_removed(),
            "other customer": new_test_user(cls.env, "eve", "base.group_portal", email="eve@elsewhere.example"),
            "public": cls.env.ref("base.public_user"),
        }

    @classmethod
    def _new_removed(cls):
        """Return somebody who was a supervisor of ours and is an employee now."""
        user = cls._new_agent("removed", cls.support, "supervisor")
        user.servicedesk_membership_ids.unlink()
        user.group_ids = cls.env.ref("base.group_user")
        return user

    @classmethod
    def make(cls, model, places):
        """Return ``{place: a new record}`` made by the system."""
        return {place: cls.env[model].create(cls.vals(model, place)) for place in places}

    @classmethod
    def vals(cls, model, place, user=None):
        """Return values for a record of ``model`` at ``place``; ``user`` is who will create it, None the system."""
        return getattr(cls, "vals_" + model.removeprefix("servicedesk.").replace(".", "_"))(place, user)

    @classmethod
    def one(cls, model, place):
        """Return a record of ``model`` at ``place`` for other samples to hang on, always the same one."""
        return cls.ones[model][place]

    @classmethod
    def name(cls):
        return f"{SECRET} {next(cls.numbers)}"

    @classmethod
    def company_at(cls, place):
        return cls.env["res.company"] if place == "shared" else (
            cls.other_company if place in ("theirs", "foreign") else cls.company)

    @classmethod
    def department_at(cls, place):
        return cls.abroad if place in ("theirs", "foreign") else cls.support

    @classmethod
    def person_at(cls, place):
        """Return a new colleague of the place's company."""
        company = cls.company_at(place) or cls.company
        return new_test_user(cls.env, f"person{next(cls.numbers)}", "servicedesk.group_user", company_id=company.id,
                             company_ids=[(6, 0, company.ids)])

    @classmethod
    def partner_at(cls, place):
        return cls.env["res.partner"].create({"name": cls.name(), "company_id": cls.company_at(place).id})

    # One method per model, named after it.

    @classmethod
    def vals_ticket(cls, place, user):
        return {"subject": cls.name(), "department_id": cls.department_at(place).id,
                "partner_id": (cls.client if place == "mine" else cls.other_client).id,
                "owner_id": cls.agent.id if place == "mine" else False}

    @classmethod
    def vals_item(cls, place, user):
        ticket = cls.tickets[place]
        if user:
            return {"ticket_id": ticket.id, "kind": "note", "body": cls.name()}
        return cls.env["servicedesk.item"]._prepare_note_vals(ticket, f"<p>{cls.name()}</p>", cls.agent)

    @classmethod
    def vals_event(cls, place, user):
        return {"ticket_id": cls.tickets[place].id, "kind": "split", "new_value": cls.name()}

    @classmethod
    def vals_change(cls, place, user):
        return {"values": {str(cls.tickets[place].id): {"subject": [cls.name(), cls.name()]}}}

    @classmethod
    def vals_intake(cls, place, user):
        return {"department_id": cls.department_at(place).id, "sha256": cls.name(), "subject": cls.name(),
                "state": "done"}

    @classmethod
    def vals_notice(cls, place, user):
        who = {"mine": "specialist", "free": "own", "foreign": "other company"}[place]
        return {"user_id": cls.users[who].id, "ticket_id": cls.tickets[place].id, "kind": "mention",
                "text": cls.name()}

    @classmethod
    def vals_read(cls, place, user):
        now = fields.Datetime.now()
        return {"ticket_id": cls.tickets[place].id, "user_id": cls.person_at("ours").id, "first_at": now,
                "last_at": now}

    @classmethod
    def vals_sla_clock(cls, place, user):
        ticket = cls.env["servicedesk.ticket"].create(cls.vals("servicedesk.ticket", place))
        return {"ticket_id": ticket.id, "promise": "resolution", "started_at": fields.Datetime.now()}

    @classmethod
    def vals_escalation(cls, place, user):
        clock = cls.env["servicedesk.sla.clock"].create(cls.vals("servicedesk.sla.clock", place))
        return {"clock_id": clock.id, "told": cls.name(), "step_id": cls.one(
            "servicedesk.escalation.step", "theirs" if place == "foreign" else "ours").id}

    @classmethod
    def vals_merge(cls, place, user):
        source = cls.env["servicedesk.ticket"].create(cls.vals("servicedesk.ticket", place))
        return {"survivor_id": cls.tickets[place].id, "source_ids": [(6, 0, source.ids)], "lines": []}

    @classmethod
    def vals_sms(cls, place, user):
        item = cls.one("servicedesk.item", place)
        gateway = cls.one("servicedesk.sms.gateway", "theirs" if place == "foreign" else "ours")
        return {"item_id": item.id, "gateway_id": gateway.id, "number": "+420602123456", "text": cls.name()}

    @classmethod
    def vals_address(cls, place, user):
        return {"partner_id": cls.partner_at(place).id, "value": f"zlatokop{next(cls.numbers)}@elsewhere.example"}

    @classmethod
    def vals_address_claim(cls, place, user):
        return {"partner_id": cls.partner_at(place).id, "value": f"zlatokop{next(cls.numbers)}@elsewhere.example"}

    @classmethod
    def vals_access_link(cls, place, user):
        return {"partner_id": cls.partner_at(place).id, "purpose": "confirm", "token_hash": cls.name(),
                "expires_at": fields.Datetime.now() + timedelta(days=1)}

    @classmethod
    def vals_ban(cls, place, user):
        return {"value": f"spam{next(cls.numbers)}@elsewhere.example", "company_id": cls.company_at(place).id}

    @classmethod
    def vals_client_file(cls, place, user):
        upload = cls.env["ir.attachment"].with_user(user or cls.env.user).create(
            {"name": cls.name(), "raw": b"x", "res_model": "servicedesk.client.file" if not user else False})
        return {"partner_id": cls.partner_at(place).id, "name": cls.name(), "attachment_id": upload.id}

    @classmethod
    def vals_named(cls, place, user):
        return {"name": cls.name(), "company_id": cls.company_at(place).id}

    vals_category = vals_department = vals_macro = vals_sla_policy = vals_sms_gateway = vals_status = (
        vals_named)

    @classmethod
    def vals_rule(cls, place, user):
        return cls.vals_named(place, user) | {"senders": "zlatokop.example", "set_priority": "2"}

    @classmethod
    def vals_escalation_step(cls, place, user):
        return {"department_id": cls.department_at(place).id}

    @classmethod
    def vals_membership(cls, place, user):
        return {"department_id": cls.department_at(place).id, "user_id": cls.person_at(place).id}

    @classmethod
    def vals_notice_setting(cls, place, user):
        whose = {"user_id": cls.agent.id} if place == "mine" else {"department_id": cls.department_at(place).id}
        return whose | {"kind": "assigned" if user else "mention", "mail": True}

    @classmethod
    def vals_portal_use(cls, place, user):
        return {"partner_id": cls.client.id, "client_id": cls.client.id, "address": cls.name()}

    @classmethod
    def vals_queue_mark(cls, place, user):
        return {"queue": "intake", "res_model": "servicedesk.intake", "res_id": next(cls.numbers),
                "reason": cls.name()}

    @classmethod
    def vals_requester_message(cls, place, user):
        department = cls.env["servicedesk.department"].create(cls.vals("servicedesk.department", place))
        return {"department_id": department.id, "event": "closed"}

    @classmethod
    def vals_rule_hit(cls, place, user):
        return {"rule_id": cls.one("servicedesk.rule", place).id}

    @classmethod
    def vals_service(cls, place, user):
        return cls.vals_named(place, user) | {"partner_id": cls.client.id}

    @classmethod
    def vals_sms_refusal(cls, place, user):
        return {"gateway_id": cls.one("servicedesk.sms.gateway", place).id, "kind": "in", "reason": cls.name()}

    @classmethod
    def vals_sms_report(cls, place, user):
        return {"gateway_id": cls.one("servicedesk.sms.gateway", place).id, "reason": cls.name()}

    @classmethod
    def vals_step(cls, place, user):
        return {"macro_id": cls.one("servicedesk.macro", place).id, "type": "take"}

    @classmethod
    def vals_substitution(cls, place, user):
        absent = cls.users["other company"] if place == "theirs" else cls.agent
        now = fields.Datetime.now() + timedelta(days=100)
        return {"absent_id": absent.id, "substitute_id": cls.person_at(place).id, "starts_at": now,
                "ends_at": now + timedelta(days=1)}

    @classmethod
    def vals_tag(cls, place, user):
        return {"name": cls.name()}

    @classmethod
    def vals_team(cls, place, user):
        return {"name": cls.name(), "department_id": cls.department_at(place).id}

    @classmethod
    def vals_template(cls, place, user):
        return {"name": cls.name(), "body": "<p>x</p>",
                "department_id": False if place == "shared" else cls.department_at(place).id}

    # Dialogs

    @classmethod
    def vals_ban_senders(cls, place, user):
        return {"reason": cls.name()}

    @classmethod
    def vals_change_tickets(cls, place, user):
        return {"priority": "1"}

    @classmethod
    def vals_file_attachments(cls, place, user):
        return {"mode": "copy"}

    @classmethod
    def vals_file_attachments_line(cls, place, user):
        dialog = cls.env["servicedesk.file.attachments"].with_user(user or cls.env.user).create({})
        return {"wizard_id": dialog.id, "attachment": 1, "name": cls.name()}

    @classmethod
    def vals_hand_over(cls, place, user):
        return {"reason": cls.name(), "department_id": (user or cls.agent).company_id == cls.company
                and cls.support.id or cls.abroad.id, "ticket_ids": [(6, 0, [])]}

    @classmethod
    def vals_merge_tickets(cls, place, user):
        return {}

    @classmethod
    def vals_run_macro(cls, place, user):
        ours = (user or cls.agent).company_id == cls.company
        return {"macro_id": cls.one("servicedesk.macro", "ours" if ours else "theirs").id, "ticket_ids": [(6, 0, [])]}

    @classmethod
    def vals_sms_test(cls, place, user):
        return {"gateway_id": cls.one("servicedesk.sms.gateway", "ours").id, "number": "+420602123456", "text": "x"}

    @classmethod
    def vals_split_items(cls, place, user):
        ours = (user or cls.agent).company_id == cls.company
        return {"subject": cls.name(), "department_id": (cls.support if ours else cls.abroad).id,
                "chosen_ids": [(6, 0, [])]}
