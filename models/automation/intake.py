from odoo import models

from ...tools import addresses, inbound, mail_text, mime, rules
from .rule import LOOKED_AT


class ServicedeskIntake(models.Model):
    """Rules at work: looked at before a message becomes a ticket, and after it has joined one."""

    _inherit = "servicedesk.intake"

    def _file_as_new(self, mail, department, found, sender, client):
        Rule = self.env["servicedesk.rule"]
        if not Rule._get_conditions(department.company_id.id):
            return super()._file_as_new(mail, department, found, sender, client)
        matching = Rule._match(self._get_facts(mail, department, sender, client), department.company_id)
        if banning := matching.filtered("ban")[:1]:
            if not self.released and sender:
                return self._ban_by_rule(banning, department, sender)
            matching -= matching.filtered("ban")
        for rule in matching:
            department = rule.set_department_id or department
        result = super()._file_as_new(mail, department, found, sender, client)
        if matching and self.item_id:
            matching._apply(self.item_id)
            self._answer_by_rule(matching, mail)
        return result

    def _file_on_ticket(self, mail, found, sender, kind):
        result = super()._file_on_ticket(mail, found, sender, kind)
        item = self.item_id
        if item and kind == "ordinary" and not item.third_party:
            self._follow_rules(item, mail)
        return result

    def _file_sms(self, inbound_sms):
        result = super()._file_sms(inbound_sms)
        if self.item_id and self.state == "done" and self.outcome in ("new", "reply"):
            self._follow_rules(self.item_id)
        return result

    def _follow_rules(self, item, mail=None):
        Rule = self.env["servicedesk.rule"]
        company = item.ticket_id.company_id
        if Rule._get_conditions(company.id):
            matching = Rule._match(item._get_rule_facts(mail), company)
            matching._apply(item)
            if mail:
                self._answer_by_rule(matching, mail)

    def _get_facts(self, mail, department, sender, client):
        return rules.Facts(
            channel="email", department_id=department.id, client_id=client.commercial_partner_id.id, sender=sender,
            subject=mail.subject, text=mail.text[:LOOKED_AT] or mail_text.preview(mail.html, LOOKED_AT),
            files=[file.mimetype for file in mail.files],
            headers={name.lower(): value for name, value in mail.headers.items()})

    def _ban_by_rule(self, rule, department, sender):
        """Ban the sender as the rule says; the message waits in quarantine, where it can be released."""
        Ban = self.env["servicedesk.ban"]
        if not Ban._find(sender, department.company_id):
            Ban.create({"value": sender, "company_id": department.company_id.id,
                        "reason": self.env._("Rule “%s”", rule.name)})
        self.env["servicedesk.rule.hit"].create({"rule_id": rule.id})
        return self._finish("quarantined", "banned", self.env._("Rule “%s”", rule.name))

    def _answer_by_rule(self, matching, mail):
        """Send the last rule's template, as carefully as an acknowledgement: to people only, and capped."""
        template, item = matching.template_id[-1:], self.item_id
        recipient = addresses.normalize(mail.reply_to or mail.sender)
        if not template or not recipient or inbound.classify(mail) != "ordinary" \
                or inbound.failed_authentication(mail):
            return
        item._send_automatic(template, recipient)

    def _get_parsed_headers(self):
        """Return the headers of the original, or None where it is no longer kept."""
        raw = self.sudo()._get_raw()  # sudo: headers of an item that the reader sees
        return mime.parse_headers(raw) if raw else None

