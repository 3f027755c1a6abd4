from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ServicedeskFileAttachments(models.TransientModel):
    """Put files of a ticket on its client's card, renamed on the way if wished: moved or copied, one or many."""

    _name = "servicedesk.file.attachments"
    _description = "Save to customer documents"

    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id")
    mode = fields.Selection([("copy", "Make a copy"), ("move", "Move")], "What", default="copy", required=True)
    target = fields.Selection(
        [("type", "By type"), ("gallery", "Gallery"), ("document", "Documents"), ("both", "Both")],
        "Where to", default="type", required=True)
    line_ids = fields.One2many("servicedesk.file.attachments.line", "wizard_id", "Files")

    @api.model
    def default_get(self, fields):
        """Take the files that the screen names in the context; what the user may not see is passed over."""
        result = super().default_get(fields)
        found = self.env["servicedesk.item"]._find_files(self.env.context.get("servicedesk_file_ids") or [])
        return result | {"line_ids": [Command.create({
            "attachment": attachment.id, "name": attachment.name, "mimetype": attachment.mimetype,
        }) for attachment, _item in found]}

    @api.depends("line_ids.attachment")
    def _compute_partner_id(self):
        for wizard in self:
            items = [item for _attachment, item in wizard._find()]
            wizard.partner_id = self.env["servicedesk.item"].union(*items).ticket_id._get_client()[:1]

    def _find(self):
        return self.env["servicedesk.item"]._find_files(self.line_ids.mapped("attachment"))

    def action_put(self):
        """Do it; the screen is told how many files lie on the card now, and how to open it.

        :raise UserError: where the ticket has no client
        :raise AccessError: without the right to change the ticket
        """
        self.ensure_one()
        Files = self.env["servicedesk.client.file"]
        lines = {line.attachment: line for line in self.line_ids}
        found = self._find()
        if not found:
            raise UserError(self.env._("Choose some files first."))
        if not self.partner_id:
            raise UserError(self.env._("This ticket has no customer yet. Choose the customer beside the timeline "
                                       "first."))
        files = self.env["servicedesk.item"]._put_on_client_card([
            (attachment, item, Files._complete_name(lines[attachment.id].name, attachment.name),
             lines[attachment.id]._get_kinds()) for attachment, item in found], move=self.mode == "move")
        gallery = files[:1].kind == "gallery"
        client = self.partner_id
        card = client.action_servicedesk_gallery() if gallery else client.action_servicedesk_documents()
        return {"type": "ir.actions.act_window_close", "infos": {
            "kept": len(files), "moved": self.mode == "move", "gallery": gallery, "card": card}}


class ServicedeskFileAttachmentsLine(models.TransientModel):
    """One file on its way; the attachment is a bare number, its access is checked when something is done with it."""

    _name = "servicedesk.file.attachments.line"
    _description = "Save to customer documents"

    wizard_id = fields.Many2one("servicedesk.file.attachments", required=True, ondelete="cascade")
    attachment = fields.Integer(required=True, export_string_translation=False)
    name = fields.Char("Name in customer documents", required=True)
    mimetype = fields.Char(export_string_translation=False)
    goes_to = fields.Char("Goes to", compute="_compute_goes_to")

    @api.depends("mimetype", "wizard_id.target")
    def _compute_goes_to(self):
        names = dict(self.env["servicedesk.client.file"]._fields["kind"]._description_selection(self.env))
        for line in self:
            line.goes_to = ", ".join(names[kind] for kind in line._get_kinds())

    def _get_kinds(self):
        target = self.wizard_id.target
        if target == "both":
            return ["gallery", "document"]
        return [self.env["servicedesk.client.file"]._get_kind(self.mimetype) if target == "type" else target]
