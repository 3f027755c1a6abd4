from odoo import api, models


class ServicedeskInstall(models.AbstractModel):
    """What the installation does between its steps (``hooks.py`` has what comes before them)."""

    _name = "servicedesk.install"
    _description = "Installation"

    @api.model
    def _release_tables(self):
        """Let go of Odoo's tables, which are locked against writing since ours refer to them, before data is loaded.

        An installation that breaks off after this can be started again: tables that are there are kept.
        """
        cursor = self.env.cr
        cursor.commit()
