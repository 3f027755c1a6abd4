from odoo import models

from ...tools.filing import Outcome
from ...tools.reasons import Reason


class ServicedeskIntake(models.Model):
    _inherit = "servicedesk.intake"

    def _step_first_steps_test(self, filing):
        """Know the test mail of the first steps: it is no request."""
        test = (filing.department.first_steps or {}).get("test", {})
        if not filing.mail.message_id or filing.mail.message_id != test.get("message_id"):
            return None
        return Outcome("done", "own", Reason.of("first_steps_tested"))
