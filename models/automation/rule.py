import logging
from contextlib import contextmanager, nullcontext

import psycopg2

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import limits, rules
from ...tools.mail import mail_text
from ...tools.reasons import Reason
from ...tools.storable import reason_of
from ..ticket.lifecycle import UNATTENDED

_logger = logging.getLogger(__name__)

CONDITIONS = ("event", "channel", "senders", "subject_words", "text_words", "header_name", "header_words", "files",
              "moment")
TRIED = 100
LOOKED_AT = limits.RULE_TEXT  # of a message's own words


class ServicedeskRule(models.Model):
    """What happens by itself to an incoming message: typed conditions, typed consequences, nothing evaluated.

    Whatever the channel, a message is shown to its rules twice: :meth:`_choose` finds those that hold, before it
    opens or joins a ticket, and :meth:`_follow` lets them act on the item that has come of it. *Ban* is for senders
    of mail and SMS, whose message then waits in the ledger. In the portal people are known by their account, and there
    is nowhere to wait: nobody is banned there, and what else the rule says is done.
    """

    _name = "servicedesk.rule"
    _inherit = ["servicedesk.cached.settings"]
    _description = "Rule on incoming messages"
    _order = "sequence, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    stop = fields.Boolean("Stop processing", help="Rules below this one are not looked at when it holds.")

    event = fields.Selection([("new", "Opens a ticket"), ("answer", "Answers a ticket"), ("any", "Either")],
                             "The message", default="new", required=True)
    channel = fields.Selection(
        [("any", "Any channel"), ("email", "E-mail"), ("sms", "SMS"), ("portal", "Portal")], default="any",
        required=True)
    department_ids = fields.Many2many("servicedesk.department", "servicedesk_rule_department_rel",
                                      string="Arrived in", help="Leave empty for any department.")
    client_ids = fields.Many2many("res.partner", "servicedesk_rule_client_rel", string="Of customers",
                                  domain=[("parent_id", "=", False)])
    senders = fields.Char("From", help="Addresses, domains or beginnings of numbers, separated by commas.")
    subject_words = fields.Char("Subject contains",
                                help="One of these, separated by commas; case and accents do not count.")
    text_words = fields.Char("Text contains", help="One of these, separated by commas; case and accents do not count.")
    header_name = fields.Char("Header", help="Such as X-Priority; only e-mails have headers.")
    header_words = fields.Char("Header contains")
    files = fields.Selection(
        [("any", "With or without attachments"), ("none", "None"), ("picture", "A picture"), ("pdf", "A PDF"),
         ("document", "A document"), ("archive", "An archive")], default="any", required=True)
    moment = fields.Selection(
        [("any", "At any time"), ("working", "In working hours"), ("off", "Outside working hours")],
        "Arrived", default="any", required=True)

    set_department_id = fields.Many2one("servicedesk.department", "Move to", ondelete="restrict")
    set_category_id = fields.Many2one("servicedesk.category", "Category", ondelete="restrict")
    set_priority = fields.Selection([("0", "Low"), ("1", "Normal"), ("2", "High"), ("3", "Urgent")], "Priority")
    set_owner_id = fields.Many2one("res.users", "Owner", domain=[("share", "=", False)], ondelete="set null")
    set_team_id = fields.Many2one("servicedesk.team", "Team", ondelete="restrict")
    tag_ids = fields.Many2many("servicedesk.tag", "servicedesk_rule_tag_rel", string="Add tags")
    template_id = fields.Many2one("servicedesk.template", "Reply with", ondelete="restrict",
                                  help="Sent automatically, never to machines, within the limits of auto-replies.")
    close = fields.Boolean("Close ticket")
    ban = fields.Boolean("Block sender", help="The message waits in quarantine, and so do all that follow.")

    hit_ids = fields.One2many("servicedesk.rule.hit", "rule_id", string="Match")
    hits = fields.Integer("Matches", compute="_compute_hits")
    last_hit_at = fields.Datetime("Last match", compute="_compute_hits")

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
                    "“%s” would block or close everything. Say first whose or which messages.", rule.name))
            if rule.ban and not rule.senders and not rule.header_name and not rule.subject_words \
                    and not rule.text_words:
                raise ValidationError(self.env._(
                    "“%s” would block a customer. Use a narrower condition.", rule.name))

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
    def _choose(self, filing):
        """Put the rules that hold for a message on its filing, in their order, up to the first that says stop.

        One that cannot be looked at is no reason to lose a message: it is filed as if there were no rules.
        """
        filing.arrived_in = filing.ticket.department_id or filing.department
        conditions = self._get_conditions(filing.arrived_in.company_id.id)
        if not conditions:
            return
        found = []
        with self._without_failing(filing, undo=False):
            facts = self._get_facts(filing, any(condition["moment"] != "any" for _id, _stop, condition in conditions))
            for rule_id, stop, condition in conditions:
                if rules.holds(condition, facts):
                    found.append(rule_id)
                    if stop:
                        break
        filing.rules = self.sudo().browse(found)  # sudo: their consequences are the system's

    @api.model
    def _get_facts(self, filing, ask_hours):
        """Return what rules ask about a message: of one that is being filed, or filed long ago (the preview).

        :param ask_hours: look up whether the department was at work, which is not for nothing
        """
        ticket, Attachment = filing.ticket, self.env["ir.attachment"]
        return rules.Facts(
            channel=filing.channel, answer=bool(ticket), department_id=filing.arrived_in.id,
            client_id=(ticket.partner_id if ticket else filing.client.commercial_partner_id).id,
            sender=filing.sender, subject=filing.subject or ticket.subject or "",
            text=mail_text.preview(filing.body, LOOKED_AT), headers=filing.headers,
            files=[Attachment._compute_mimetype(file) for file in filing.files],
            working=filing.arrived_in._is_at_work(filing.received_at) if ask_hours else None)

    def _get_department(self, department):
        """Return the department in which a message opens its ticket where these rules hold; the last one decides."""
        return next((rule.set_department_id for rule in reversed(self) if rule.set_department_id), department)

    def _ban_sender(self, filing):
        """Ban who wrote a message, as this rule says; tell whether it could be done."""
        Ban, company = self.env["servicedesk.ban"], filing.department.company_id
        with self._without_failing(filing):
            if not Ban._find(filing.sender, company):
                value = filing.sender if filing.channel == "email" else Ban._normalize_sms_sender(filing.sender)
                Ban.create({"value": value, "company_id": company.id, "reason": self.env._("Rule “%s”", self.name)})
            self.env["servicedesk.rule.hit"].create({"rule_id": self.id})
            return True
        return False

    def _follow(self, filing):
        """Let these rules act on a message that has become an item: change its ticket, answer it.

        They stand between nobody and the desk: what fails is undone, and agents read in the history that it did.
        """
        item = filing.item.with_env(self.env)
        if self:
            with self._without_failing(filing):
                self._apply(item, filing.arrived_in)
                self._answer(item, filing.correspondent)
        if filing.remarks:
            self.env["servicedesk.event"]._log_fact("rule", [
                (item.ticket_id, self._describe_failure(remark)) for remark in filing.remarks])

    @contextmanager
    def _without_failing(self, filing, undo=True):
        """Undo what fails in the block and note why on the filing; only the database may send all of it back.

        :param undo: False for what only looks
        """
        try:
            with self.env.cr.savepoint() if undo else nullcontext():
                yield
        except psycopg2.OperationalError:
            raise  # not the rule's fault: the whole message is filed again
        except Exception as error:
            _logger.warning("Rules %s failed on a message by %s", self.ids, filing.channel, exc_info=True)
            filing.remarks.append(Reason.of(
                "rule_failed" if self else "rules_failed", rules=self, detail=reason_of(error)))

    def _describe_failure(self, remark):
        """Return in no language which rules failed, and why."""
        _model, ids = remark.values.get("rules", {}).get("record", ("", ()))  # none where their looking itself failed
        return ": ".join(filter(None, ("⚠", ", ".join(self.browse(ids).mapped("name")), remark.detail)))

    def _answer(self, item, recipient):
        """Send the last rule's template, as carefully as an acknowledgement: to people only, and capped."""
        template = self.template_id[-1:]
        if template and recipient:
            item._send_automatic(template, recipient)

    def _apply(self, item, arrived_in):
        """Let these rules change the ticket of an incoming item; later rules win where they say the same."""
        ticket, vals, tags = item.ticket_id, {}, self.tag_ids
        for rule in self:
            for name in ("category_id", "priority", "owner_id", "team_id"):
                value = rule[f"set_{name}"]
                if value and (name != "owner_id" or value.active):
                    vals[name] = value if name == "priority" else value.id
            if rule.close:
                vals["state"] = "closed"
        if tags - ticket.tag_ids:
            vals["tag_ids"] = [(4, tag.id) for tag in tags]
        department = self._get_department(ticket.department_id)
        if department != ticket.department_id:  # what opens a ticket opened it there
            vals["department_id"] = department.id
        with self.env["servicedesk.change"]._span(cause=self[:1]):
            self.env["servicedesk.event"]._log_fact("rule", [(ticket, ", ".join(self.mapped("name")))])
            self.env["servicedesk.rule.hit"].create([
                {"rule_id": rule.id, "item_id": item.id, "department_id": arrived_in.id} for rule in self])
            closes = vals.pop("state", None)
            if vals:
                ticket.write(vals)
            # Nobody can be asked, and what stands in the way of closing does not keep the message from being filed.
            unattended = ticket.with_context(servicedesk_unattended=UNATTENDED)
            if closes and not unattended._get_state_refusal({"state": closes}):
                unattended.write({"state": closes})

    def action_try(self):
        """Show which of the last messages that arrived this rule would have caught; nothing is changed."""
        self.ensure_one()
        items = self.env["servicedesk.item"].search(
            Domain("direction", "=", "in") & Domain("ticket_id.company_id", "=", self.company_id.id),
            order="id desc", limit=TRIED)
        conditions, ask_hours = self._prepare_conditions(), self.moment != "any"
        caught = items.filtered(lambda item: rules.holds(conditions, self._get_facts(item._get_filing(), ask_hours)))
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_rule_action_tried")
        return action | {
            "display_name": self.env._("“%(rule)s” matches %(caught)s of the last %(tried)s messages",
                                       rule=self.name, caught=len(caught), tried=len(items)),
            "domain": [("id", "in", caught.ids)],
        }

    def action_show_hits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_rule_action_tried")
        return action | {"display_name": self.env._("Matched by “%s”", self.name),
                         "domain": [("rule_hit_ids.rule_id", "=", self.id)]}


class ServicedeskRuleHit(models.Model):
    """One message that a rule caught. Only inserted: a counter would let workers wait for each other."""

    _name = "servicedesk.rule.hit"
    _description = "Message matched by a rule"
    _order = "id desc"

    rule_id = fields.Many2one("servicedesk.rule", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("servicedesk.item", "Message", ondelete="cascade", index="btree_not_null")
    department_id = fields.Many2one("servicedesk.department", ondelete="set null", export_string_translation=False,
                                    help="Where it arrived, before rules moved it.")
    date = fields.Datetime(default=fields.Datetime.now, required=True)
