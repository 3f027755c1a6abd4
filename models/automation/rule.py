from datetime import timedelta

import pytz

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import addresses, mail_text, rules

CONDITIONS = ("event", "channel", "senders", "subject_words", "text_words", "header_name", "header_words", "files",
              "moment")
TRIED = 100
LOOKED_AT = 20_000  # characters of a message's own words


class ServicedeskRule(models.Model):
    """What happens by itself to an incoming message: typed conditions, typed consequences, nothing evaluated."""

    _name = "servicedesk.rule"
    _inherit = ["servicedesk.cached.settings"]
    _description = "Rule on incoming messages"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    stop = fields.Boolean("No further rules", help="Rules below this one are not looked at when it holds.")

    event = fields.Selection([("new", "Opens a ticket"), ("answer", "Answers a ticket"), ("any", "Either")],
                             "The message", default="new", required=True)
    channel = fields.Selection(
        [("any", "Any channel"), ("email", "E-mail"), ("sms", "SMS"), ("portal", "Portal")], default="any",
        required=True)
    department_ids = fields.Many2many("servicedesk.department", "servicedesk_rule_department_rel",
                                      string="Arrived in", help="Left empty: in any department.")
    client_ids = fields.Many2many("res.partner", "servicedesk_rule_client_rel", string="Of clients",
                                  domain=[("parent_id", "=", False)])
    senders = fields.Char("From", help="Addresses, domains or beginnings of numbers, separated by commas.")
    subject_words = fields.Char("Subject has", help="One of these, separated by commas; case and accents do not count.")
    text_words = fields.Char("Text has", help="One of these, separated by commas; case and accents do not count.")
    header_name = fields.Char("Header", help="Such as X-Priority; only mails have headers.")
    header_words = fields.Char("Header has")
    files = fields.Selection(
        [("any", "Does not matter"), ("none", "None"), ("picture", "A picture"), ("pdf", "A PDF"),
         ("document", "A document"), ("archive", "An archive")], default="any", required=True)
    moment = fields.Selection(
        [("any", "At any time"), ("working", "In working hours"), ("off", "Outside working hours")],
        "Arrived", default="any", required=True)

    set_department_id = fields.Many2one("servicedesk.department", "Move to", ondelete="restrict")
    set_category_id = fields.Many2one("servicedesk.category", "Category", ondelete="restrict")
    set_priority = fields.Selection([("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")], "Priority")
    set_owner_id = fields.Many2one("res.users", "Owner", domain=[("share", "=", False)], ondelete="set null")
    set_team_id = fields.Many2one("servicedesk.team", "Group", ondelete="restrict")
    tag_ids = fields.Many2many("servicedesk.tag", "servicedesk_rule_tag_rel", string="Add tags")
    template_id = fields.Many2one("servicedesk.template", "Answer with", ondelete="restrict",
                                  help="Sent by itself, never to machines, with the caps of acknowledgements.")
    close = fields.Boolean("Close the ticket")
    ban = fields.Boolean("Ban the sender", help="The message waits in quarantine, and so do all that follow.")

    hit_ids = fields.One2many("servicedesk.rule.hit", "rule_id")
    hits = fields.Integer(compute="_compute_hits")
    last_hit_at = fields.Datetime("Last hit", compute="_compute_hits")

    def _compute_hits(self):
        found = {rule: (count, last) for rule, count, last in self.env["servicedesk.rule.hit"]._read_group(
            Domain("rule_id", "in", self.ids), ["rule_id"], ["__count", "date:max"])}
        for rule in self:
            rule.hits, rule.last_hit_at = found.get(rule, (0, False))

    @api.constrains(*CONDITIONS, "department_ids", "client_ids", "ban", "close", "event")
    def _check_conditions(self):
        for rule in self:
            narrow = any((rule.senders, rule.subject_words, rule.text_words, rule.header_name, rule.client_ids))
            if (rule.ban or rule.close) and not narrow:
                raise ValidationError(self.env._(
                    "“%s” would ban or close everything. Say first whose or which messages.", rule.name))
            if rule.ban and not rule.senders and not rule.header_name and not rule.subject_words \
                    and not rule.text_words:
                raise ValidationError(self.env._("“%s” would ban a client. Use a narrower condition.", rule.name))

    @api.model
    @tools.ormcache("company_id")
    def _get_conditions(self, company_id):
        """Return the conditions of a company's rules in their order: ``[(id, stop, dict for tools.rules)]``."""
        # sudo: rules count for whoever lets a message in
        found = self.sudo().search(Domain("company_id", "=", company_id))
        return [(rule.id, rule.stop, rule._prepare_conditions()) for rule in found]

    def _prepare_conditions(self):
        self.ensure_one()
        return {name: self[name] for name in CONDITIONS} | {
            "department_ids": self.department_ids.ids, "client_ids": self.client_ids.ids}

    @api.model
    def _match(self, facts, company):
        """Return the rules that hold for a message, in their order, up to the first that says stop (superuser mode)."""
        found = []
        for rule_id, stop, conditions in self._get_conditions(company.id):
            if conditions["moment"] != "any" and facts.working is None:
                department = self.env["servicedesk.department"].sudo().browse(facts.department_id)  # sudo: its hours
                facts.working = department._is_at_work()
            if rules.holds(conditions, facts):
                found.append(rule_id)
                if stop:
                    break
        return self.sudo().browse(found)  # sudo: their consequences are the system's

    def _apply(self, item):
        """Let these rules change the ticket of an incoming item; later rules win where they say the same."""
        ticket, vals, tags = item.ticket_id, {}, self.tag_ids
        for rule in self:
            for name in ("category_id", "priority", "owner_id", "team_id"):
                value = rule[f"set_{name}"]
                if value and (name != "owner_id" or value.active):
                    vals[name] = value if name == "priority" else value.id
            if rule.set_department_id and rule.event != "new":
                vals["department_id"] = rule.set_department_id.id
            if rule.close:
                vals["state"] = "closed"
        if tags - ticket.tag_ids:
            vals["tag_ids"] = [(4, tag.id) for tag in tags]
        if not self:
            return
        with self.env["servicedesk.change"]._span(cause=self[:1]):
            self.env["servicedesk.event"]._log_fact("rule", [(ticket, ", ".join(self.mapped("name")))])
            self.env["servicedesk.rule.hit"].create([{"rule_id": rule.id, "item_id": item.id} for rule in self])
            closes = vals.pop("state", None)
            if vals:
                ticket.write(vals)
            # Nobody can be asked, and what stands in the way of closing does not keep the message from being filed.
            unattended = ticket.with_context(servicedesk_unattended=True)
            if closes and not unattended._get_state_refusal({"state": closes}):
                unattended.write({"state": closes})

    def action_try(self):
        """Show which of the last messages that arrived this rule would have caught; nothing is changed."""
        self.ensure_one()
        items = self.env["servicedesk.item"].search(
            Domain("direction", "=", "in") & Domain("ticket_id.company_id", "=", self.company_id.id),
            order="id desc", limit=TRIED)
        conditions = self._prepare_conditions()
        caught = items.filtered(lambda item: rules.holds(conditions, item._get_rule_facts()))
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_rule_action_tried")
        return action | {
            "display_name": self.env._("“%(rule)s” holds for %(caught)s of the last %(tried)s messages",
                                       rule=self.name, caught=len(caught), tried=len(items)),
            "domain": [("id", "in", caught.ids)],
        }

    def action_show_hits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_rule_action_tried")
        return action | {"display_name": self.env._("Caught by “%s”", self.name),
                         "domain": [("rule_hit_ids.rule_id", "=", self.id)]}


class ServicedeskRuleHit(models.Model):
    """One message that a rule caught. Only inserted: a counter would let workers wait for each other."""

    _name = "servicedesk.rule.hit"
    _description = "Message caught by a rule"
    _order = "id desc"

    rule_id = fields.Many2one("servicedesk.rule", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("servicedesk.item", ondelete="cascade", index="btree_not_null")
    date = fields.Datetime(default=fields.Datetime.now, required=True)


class ServicedeskDepartment(models.Model):
    _inherit = "servicedesk.department"

    def _is_at_work(self):
        """Tell whether the department works at this moment; without working hours it always does."""
        self.ensure_one()
        calendar = self._get_calendar()
        if not calendar:
            return True
        start = pytz.utc.localize(fields.Datetime.now())
        return bool(calendar._work_intervals_batch(start, start + timedelta(minutes=1))[False])


class ServicedeskItem(models.Model):
    _inherit = "servicedesk.item"

    rule_hit_ids = fields.One2many("servicedesk.rule.hit", "item_id", groups="servicedesk.group_admin")

    def _get_rule_facts(self, mail=None):
        """Return what rules ask about this incoming item.

        :param mail: the parsed mail, where it is at hand; else the original is read for its headers, if it is kept
        """
        self.ensure_one()
        ticket = self.ticket_id
        headers = {}
        if mail is None and self.intake_id.channel == "email":
            mail = self.intake_id._get_parsed_headers()
        if mail is not None:
            headers = {name.lower(): value for name, value in mail.headers.items()}
        first = not self.search_count(
            Domain("ticket_id", "=", ticket.id) & Domain("direction", "=", "in") & Domain("id", "<", self.id), limit=1)
        return rules.Facts(
            channel=self.kind, answer=not first, department_id=ticket.department_id.id, client_id=ticket.partner_id.id,
            sender=addresses.normalize(self.email_from) or self.phone_from or "",
            subject=self.subject or ticket.subject or "", text=mail_text.preview(self.body, LOOKED_AT),
            files=self.attachment_ids.mapped("mimetype"), headers=headers,
            working=None)

