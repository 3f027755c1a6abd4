from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ...tools.filing import Filing, Outcome
from ...tools.mail import addresses, threading
from ...tools.reasons import Reason

# Kinds of mail that never open a ticket; they are shown on the ticket that they belong to, or wait in quarantine.
QUIET = ("auto_reply", "receipt")
MAX_POSTPONED = 6
# The way of a mail. Each step is a method of the ledger row that takes the filing, and returns an Outcome where the
# way ends there or None to go on; a new one is a line here, at its place, and a method in the file of its subject.
MAIL_STEPS = (
    # what needs no look at its text
    "_step_department",
    "_step_first_steps_test",  # setup/intake.py
    "_step_reply_address_test",
    "_step_known",
    "_step_own_mail",
    "_step_banned",
    "_step_flood",
    # what it is, and where it belongs
    "_step_read",
    "_step_report",  # policy.py: bounces and complaints
    "_step_own_answer",  # own_answer.py: an agent answers a notice
    "_step_ticket",  # evidence.py
    "_step_claimed",  # own_answer.py: an agent writes, but not as an answer to a notice
    # may it open one
    "_step_earlier_mail",
    "_step_quiet",
    "_step_client",
    "_step_policy",  # policy.py
    "_step_rules",  # automation/intake.py: look, ban, choose the department
    # the ticket, the item on it, and what follows
    "_step_new_ticket",  # onto_ticket.py
    "_step_item",  # onto_ticket.py
    "_step_acknowledgement",
    "_step_customer_answer",
    "_step_third_party_answer",  # item_menu/forward.py
    "_step_rules_follow",  # automation/intake.py
    "_step_filed",
)


class ServicedeskIntake(models.Model):
    """From a ledger row to an item on a ticket, step by step: each way out is an outcome with its reason."""

    _inherit = "servicedesk.intake"

    def _file(self, mail):
        """File a parsed mail: through ``MAIL_STEPS``, in their order, to the first that ends it."""
        self.ensure_one()
        return self._take_steps(MAIL_STEPS, Filing.start(
            self.env, "email", mail=mail, sender=addresses.normalize(mail.sender), received_at=self.received_at,
            department=self.department_id))

    def _take_steps(self, steps, filing):
        """Take a message through ``steps`` and note how it ended; return the :class:`Outcome`."""
        outcome = next(filter(None, (getattr(self, step)(filing) for step in steps)))
        self._finish(outcome.state, outcome.outcome, outcome.reason, outcome.item, outcome.until)
        return outcome

    def _step_department(self, filing):
        """Find out for which department it is, where the mailbox does not tell."""
        filing.department = filing.department or self._get_department(filing.mail)
        if not filing.department:
            return Outcome("failed", False, Reason.of("no_department"))
        if not self.department_id:
            self.department_id = filing.department
        return None

    def _step_reply_address_test(self, filing):
        if not filing.department._take_test_mail(*filing.mail.recipients):
            return None
        return Outcome("done", "own", Reason.of("reply_addresses_tested"))

    def _step_known(self, filing):
        """Know what has been filed in the same department by its Message-Id and its bytes."""
        known = self.search(
            Domain("sha256", "=", self.sha256) & Domain("message_id", "=", self.message_id)
            & Domain("department_id", "=", filing.department.id) & Domain("id", "!=", self.id)
            & Domain("state", "=", "done"), limit=1) if self.message_id else None
        if not known:
            return None
        return Outcome("done", "duplicate", Reason.of("known"), known.item_id)

    def _step_own_mail(self, filing):
        own = (filing.department.email_normalized, filing.department.alias_email)
        if not filing.sender or filing.sender not in own:
            return None
        return Outcome("refused", "own", Reason.of("own"))

    def _step_banned(self, filing):
        """Let what a banned sender writes wait, unless somebody released it."""
        ban = not self.released and self.env["servicedesk.ban"]._find(filing.sender, filing.department.company_id)
        if not ban:
            return None
        return Outcome("quarantined", "banned", Reason.of("banned", value=ban.value, reason=ban.reason or "-"))

    def _step_flood(self, filing):
        """Let what comes in floods wait, unless somebody released it."""
        if self.released or not self._is_flood(filing.department):
            return None
        return Outcome("quarantined", "flood", Reason.of("flood", limit=filing.department.flood_limit))

    def _step_read(self, filing):
        filing.take_mail(filing.mail)

    def _step_earlier_mail(self, filing):
        """Wait for an earlier mail that this one answers, while that is perhaps in the other worker's hands."""
        ids = threading.nearest_first(filing.mail.in_reply_to, filing.mail.references)
        if filing.ticket or not ids or self.attempts >= MAX_POSTPONED or not self.search_count(
                Domain("message_id", "in", ids) & Domain("state", "=", "new") & Domain("id", "<", self.id), limit=1):
            return None
        at = fields.Datetime.now() + timedelta(seconds=10)
        self.attempts += 1
        self._wake_jobs("cron_intake_1", at=at)
        return Outcome("new", False, until=at)

    def _step_quiet(self, filing):
        """Let what a machine wrote and belongs to no ticket wait, unless somebody released it as a request."""
        if filing.ticket or self.released or filing.kind not in QUIET:
            return None
        return Outcome("quarantined", filing.kind, Reason.of("quiet"))

    def _step_client(self, filing):
        """Find out who writes; a person whose own address it is not is known as one of the client's only."""
        filing.client = self.env["res.partner"]._find_servicedesk_client(filing.sender, filing.department.company_id)
        if filing.client._has_servicedesk_address(filing.sender):
            filing.contact = filing.client

    def _step_acknowledgement(self, filing):
        if filing.opened:
            filing.item._acknowledge(filing.item, filing.mail)

    def _step_customer_answer(self, filing):
        """Let a person's words reopen the ticket; a robot's and a stranger's do not."""
        if not filing.opened and filing.kind not in QUIET and not filing.third_party:
            filing.ticket._on_customer_answer()

    def _step_filed(self, filing):
        joined = filing.kind if filing.kind in QUIET else "reply"
        return Outcome("done", "new" if filing.opened else joined, self._describe_filing(filing), filing.item)

    def _describe_filing(self, filing):
        """Return what of a message had to be repaired or left out, and what did not go well with it, as reasons."""
        problems = [Reason(code) for code in filing.mail.problems] if filing.mail else []
        return [*([Reason.of("repaired", problems=problems)] if problems else []), *filing.remarks]
