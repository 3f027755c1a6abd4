from odoo import models


class ServicedeskIntake(models.Model):
    _inherit = "servicedesk.intake"

    def _stop_early(self, mail, department, sender):
        """Know the test mail of the first steps: it is no request."""
        test = (department.first_steps or {}).get("test", {})
        if mail.message_id and mail.message_id == test.get("message_id"):
            self._finish("done", "own", self.env._("The test mail of the first steps came back."))
            return True
        return super()._stop_early(mail, department, sender)
