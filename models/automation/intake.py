from odoo import models

from ...tools.filing import Outcome
from ...tools.mail import mime
from ...tools.reasons import Reason


class ServicedeskIntake(models.Model):
    """Rules at work on what arrives by mail and SMS; in the portal see ``ticket/customer.py``."""

    _inherit = "servicedesk.intake"

    def _step_rules(self, filing):
        """Find the rules that hold, before anything is made of the message: they may ban its sender or move it."""
        joins = bool(filing.ticket)
        if joins and (filing.kind != "ordinary" or filing.third_party):
            return None
        self.env["servicedesk.rule"]._choose(filing)
        if joins or not filing.rules:
            return None
        if banning := filing.rules.filtered("ban")[:1]:
            if not self.released and filing.sender and banning._ban_sender(filing):
                return Outcome("quarantined", "banned", Reason.of("banned_by_rule", rule=banning))
            filing.rules -= filing.rules.filtered("ban")
        filing.department = filing.rules._get_department(filing.department)
        return None

    def _step_rules_follow(self, filing):
        filing.rules._follow(filing)

    def _get_parsed_headers(self):
        """Return the headers of the original, or None where it is no longer kept."""
        raw = self.sudo()._get_raw()  # sudo: headers of an item that the reader sees
        return mime.parse_headers(raw) if raw else None
