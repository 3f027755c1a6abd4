from odoo import api, models


class ServicedeskDemo(models.AbstractModel):
    """The door through which the demo data's XML reaches the loader; databases without a demo never open it."""

    _name = "servicedesk.demo"
    _description = "Service Desk demo data"

    @api.model
    def _load(self):
        from ...demo import loader

        self._trust_contacts()
        loader.load(self.env)

    def _trust_contacts(self):
        """Take the addresses of the demo's people as entered by staff: files are loaded by the superuser."""
        mine = self.env["ir.model.data"].search([("module", "=", "servicedesk"), ("model", "=", "res.partner")])
        ours = [*mine.mapped("res_id"), *self.env.companies.partner_id.ids, *self.env.company.partner_id.ids]
        self.env["servicedesk.address.claim"].search([("partner_id", "in", ours)]).unlink()

    @api.model
    def _speak(self):
        from ...demo import languages

        languages.speak(self.env)

    @api.model
    def _start_promises(self):
        from ...demo import sla

        sla.start(self.env)

    @api.model
    def _settle_desk(self):
        from ...demo import desk

        desk.settle(self.env)

    @api.model
    def _tell_news(self):
        from ...demo import news

        news.tell(self.env)
