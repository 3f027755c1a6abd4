from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import email_normalize, html2plaintext, plaintext2html

STEPS = ("department", "incoming", "outgoing", "sms", "team", "messages", "test")
FINISHED = "servicedesk.first_steps_finished"


class ServicedeskFirstSteps(models.AbstractModel):
    """From an installed add-on to the first answered mail; for administrators of the Service Desk only.

    Nothing of it is stored beside the records themselves, so one may stop and go on at any time. All methods
    return the state of :meth:`get_state` after what they did, unless they say otherwise.
    """

    _name = "servicedesk.first.steps"
    _description = "Setup assistant"

    @api.model
    def _check_admin(self, department_id=False):
        """Return the department, if the user may set it up; AccessError otherwise."""
        if not self.env.user.has_group("servicedesk.group_admin"):
            raise AccessError(self.env._("Only administrators of the Service Desk set it up."))
        department = self.env["servicedesk.department"].browse(department_id or ()).exists()
        if department:
            department.check_access("write")
        elif department_id:
            raise UserError(self.env._("This department no longer exists."))
        return department

    @api.model
    def is_needed(self):
        """Tell whether to invite the user to the first steps: an administrator of a desk that has answered nobody."""
        if not self.env.user.has_group("servicedesk.group_admin"):
            return False
        # sudo: a mark that only this model reads and writes; whether anything was ever answered, not what
        desk = self.sudo()
        if desk.env["ir.config_parameter"].get_param(FINISHED):
            return False
        return not desk.env["servicedesk.item"].search_count(
            [("kind", "=", "email"), ("direction", "=", "out"), ("automatic", "=", False),
             ("state", "in", ("sent", "delivered"))], limit=1)

    @api.model
    def get_state(self, department_id=False):
        """Return all that the screen shows, without any password; of the first department unless one is given."""
        department = self._check_admin(department_id)
        departments = self.env["servicedesk.department"].search([], limit=200)
        department = department or departments[:1]
        return {
            "departments": [{"id": one.id, "name": one.name} for one in departments],
            "department": {"id": department.id, "name": department.name or "", "email": department.email or ""},
            **self._get_mail_state(department),
            "sms": self._get_sms_state(department),
            "team": self._get_team_state(department),
            "messages": self._get_messages_state(department),
            "done": self._get_done(department),
            "needed": self.is_needed(),
            "doubtful": self.env["servicedesk.address.claim"].search_count([("state", "=", "doubtful")]),
        }

    def _get_done(self, department):
        """Return the steps that are done or were passed over, in their order."""
        passed = (department.first_steps or {}).get("passed", [])
        done = {
            "department": department.email, "incoming": self._get_mailbox(department).state == "done",
            "outgoing": department.mail_server_id, "sms": department.sms_enabled and department.sms_gateway_id,
            "team": department.membership_ids, "messages": department.acknowledge,
        }
        return [step for step in STEPS if done.get(step) or step in passed] if department else []

    @api.model
    def pass_step(self, department_id, step):
        """Go on without doing a step, or because it was looked at."""
        self._pass(self._check_admin(department_id), step)
        return self.get_state(department_id)

    def _pass(self, department, step):
        state = department.first_steps or {}
        if step in STEPS and step not in state.get("passed", []):
            department.first_steps = state | {"passed": [*state.get("passed", []), step]}

    @api.model
    def finish(self):
        """Do not invite to the first steps any more; they stay in the menu."""
        self._check_admin()
        # sudo: a mark of our own, set by those for whom it is
        self.env["ir.config_parameter"].sudo().set_param(FINISHED, "1")
        return True

    # ------------------------------------------------------------------ department

    @api.model
    def save_department(self, department_id, name, email):
        """Make or change the department."""
        department = self._check_admin(department_id)
        name, email = (name or "").strip(), (email or "").strip()
        if not name or not email_normalize(email):
            raise ValidationError(self.env._("A department needs a name and an e-mail address."))
        if department:
            department.write({"name": name, "email": email})
        else:
            department = self.env["servicedesk.department"].create({"name": name, "email": email})
        return self.get_state(department.id)

    # ------------------------------------------------------------------ SMS

    def _get_sms_state(self, department):
        gateways = self.env["servicedesk.sms.gateway"].search([], limit=100)
        return {
            "enabled": department.sms_enabled, "number": department.sms_number or "",
            "gateway_id": department.sms_gateway_id.id,
            "gateways": [{"id": gateway.id, "name": gateway.display_name} for gateway in gateways],
        }

    @api.model
    def save_sms(self, department_id, gateway_id, number):
        """Let a department use a gateway, with its own number; without a gateway SMS are switched off."""
        department = self._check_admin(department_id)
        gateway = self.env["servicedesk.sms.gateway"].browse(gateway_id or ()).exists()
        gateway.check_access("read")
        department.write({"sms_enabled": bool(gateway), "sms_gateway_id": gateway.id,
                          "sms_number": (number or "").strip() or False})
        self._pass(department, "sms")
        return self.get_state(department_id)

    # ------------------------------------------------------------------ team

    def _get_team_state(self, department):
        Membership = self.env["servicedesk.membership"]
        members = department.membership_ids
        people = self.env["res.users"].search([("share", "=", False), ("id", "not in", members.user_id.ids)], limit=200)
        return {
            "members": [{"user_id": member.user_id.id, "name": member.user_id.name, "email": member.user_id.email or "",
                         "level": member.level} for member in members],
            "people": [{"id": user.id, "name": user.name} for user in people],
            "levels": [{"id": level, "name": name}
                       for level, name in Membership._fields["level"]._description_selection(self.env)],
            "may_invite": all(self.env[model].has_access("create") for model in ("res.users", "res.partner")),
            "me": self.env.uid,
        }

    @api.model
    def save_member(self, department_id, user_id, level):
        """Take somebody who has an account into the department, change the level, or (level ``False``) let go."""
        department = self._check_admin(department_id)
        user = self.env["res.users"].browse(user_id).exists()
        member = department.membership_ids.filtered(lambda one: one.user_id == user)
        if not level:
            member.unlink()
        elif member:
            member.level = level
        elif user and not user.share:
            self.env["servicedesk.membership"].create(
                {"department_id": department.id, "user_id": user.id, "level": level})
            if not user.has_group("servicedesk.group_user"):
                # sudo: who administers the desk makes agents of employees, and of nobody else
                user.sudo().group_ids = [Command.link(self.env.ref("servicedesk.group_user").id)]
        return self.get_state(department_id)

    @api.model
    def invite(self, department_id, name, email, level):
        """Make an account for a colleague, who gets Odoo's invitation by mail; only for those who may make accounts."""
        department = self._check_admin(department_id)
        login = email_normalize(email or "")
        if not (name or "").strip() or not login:
            raise ValidationError(self.env._("Enter the name and the e-mail address of your colleague."))
        self.env["res.users"].check_access("create")
        user = self.env["res.users"].create({
            "name": name.strip(), "login": login, "email": login, "lang": self.env.lang,
            "group_ids": [Command.link(self.env.ref("servicedesk.group_user").id)]})
        return self.save_member(department.id, user.id, level)

    # ------------------------------------------------------------------ texts

    def _get_messages_state(self, department):
        templates = {template.lang: template for template in department.acknowledgement_ids}
        return {
            "acknowledge": department.acknowledge,
            "texts": [{"lang": code, "language": name, "subject": templates[code].subject if code in templates else "",
                       "body": html2plaintext(templates[code].body) if code in templates else ""}
                      for code, name in self.env["res.lang"].get_installed()],
            "signature": html2plaintext(department.signature or ""),
            "variables": ["{{%s}}" % name for name in ("ticket.number", "ticket.subject", "contact.name")],
        }

    @api.model
    def save_messages(self, department_id, acknowledge, texts, signature):
        """Store the acknowledgement and the signature; what was not changed keeps its layout.

        :param texts: list of ``{lang, subject, body}`` in plain text; an empty body means the standard text
        """
        department = self._check_admin(department_id)
        shown = self._get_messages_state(department)
        department.acknowledge = bool(acknowledge)
        if signature != shown["signature"]:
            department.signature = plaintext2html(signature) if signature.strip() else False
        before = {text["lang"]: text for text in shown["texts"]}
        for text in texts:
            if any(text[key] != before[text["lang"]][key] for key in ("subject", "body")):
                self._save_acknowledgement(department, text["lang"], text["subject"].strip(), text["body"].strip())
        self._pass(department, "messages")
        return self.get_state(department_id)

    def _save_acknowledgement(self, department, lang, subject, body):
        template = department.acknowledgement_ids.filtered(lambda one: one.lang == lang)[:1]
        if not body:
            department.acknowledgement_ids -= template
            return
        values = {"subject": subject, "body": plaintext2html(body)}
        if template and template.department_id == department:
            template.write(values)
        else:  # a text that several departments share is not changed from here
            department.acknowledgement_ids = [Command.unlink(template.id)] * bool(template) + [Command.create({
                "name": self.env._("Auto-reply: %s", department.name), "department_id": department.id,
                "lang": lang, **values})]
