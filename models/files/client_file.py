from mimetypes import guess_type
from pathlib import PurePath

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

FIXED = {"attachment_id", "partner_id", "source_item_id", "department_id", "company_id"}
KINDS = [("gallery", "Gallery"), ("document", "Documents")]


class ServicedeskClientFile(models.Model):
    """A picture or document kept on a client's card, beyond the life of the ticket that it came from.

    The content is an attachment of this record, so whoever sees the record sees the file and nobody else. What came
    from a ticket is seen by who sees the ticket, the rest by who works for the client; customers have no way to them.
    """

    _name = "servicedesk.client.file"
    _inherit = ["servicedesk.scope"]
    _description = "Customer document"
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(KINDS, "Stored in", required=True, default="document")
    name = fields.Char(required=True)
    date = fields.Datetime("Received", required=True, default=fields.Datetime.now)
    attachment_id = fields.Many2one("ir.attachment", "File", required=True, ondelete="restrict", index=True,
                                    readonly=True)
    mimetype = fields.Char("Type", related="attachment_id.mimetype")
    file_size = fields.Integer("Size", related="attachment_id.file_size")
    source_item_id = fields.Many2one("servicedesk.item", "Source", ondelete="set null", index="btree_not_null",
                                     readonly=True, groups="base.group_system")
    source_number = fields.Char("From ticket", compute="_compute_source_number", compute_sudo=True)
    # Of the ticket that it came from, also when that is gone.
    department_id = fields.Many2one("servicedesk.department", readonly=True, ondelete="set null",
                                    index="btree_not_null", export_string_translation=False)
    company_id = fields.Many2one("res.company", readonly=True, export_string_translation=False)
    moved_attachment_ids = fields.One2many("ir.attachment", "servicedesk_client_file_id", "Moved from",
                                           groups="base.group_system")

    @api.depends("source_item_id")
    def _compute_source_number(self):
        for file in self:
            file.source_number = file.source_item_id.ticket_id.number

    @api.model
    def _get_user_scope_domain(self):
        """Files follow their ticket; where there is none (any more) those work with them who work for the client.

        By all means the user sees the client, by the rules for contacts.
        """
        # sudo(False): rules are resolved in superuser mode, the user's own are wanted here
        rules = self.env["ir.rule"].sudo(False)._compute_domain("res.partner", "read")
        known, user = Domain("partner_id", "any!", rules), self.env.user
        tickets, companies = self._get_ticket_scope_domain(), self._get_scope_companies()
        if tickets.is_true():
            return known
        clients = user._get_servicedesk_clients()
        free = Domain("source_item_id", "=", False) & (Domain("department_id", "=", False) | Domain(
            "department_id", "in", list(user._get_servicedesk_departments())))
        if clients is not None:
            free &= Domain("partner_id", "in", list(clients))
        if companies is not None:
            free &= Domain("company_id", "in", [False, *companies])
        return known & (free | Domain(
            "source_item_id", "any!", Domain("ticket_id", "any!", tickets)))

    @api.model_create_multi
    def create(self, vals_list):
        """Take over uploads that belong to nobody yet; contents of other records are only ever copied by `_keep`.

        :raise AccessError: for an attachment that is not the user's own fresh upload
        """
        Attachment = self.env["ir.attachment"].sudo()  # sudo: uploads are looked at, then taken over
        uploads = Attachment.browse(vals.get("attachment_id") for vals in vals_list).exists()
        fresh = uploads.filtered(
            lambda upload: upload.create_uid.id == self.env.uid and not upload.res_id
            and upload.res_model in (False, self._name))
        if uploads - fresh or len(uploads) != len(vals_list):
            raise AccessError(self.env._("Only files that you have just uploaded can be saved to customer documents."))
        Partner = self.env["res.partner"]
        files = super().create([{
            **vals, "partner_id": Partner.browse(vals.get("partner_id")).commercial_partner_id.id,
        } for vals in vals_list])
        for file, upload in zip(files, uploads, strict=True):
            upload.write({"res_model": self._name, "res_id": file.id, "name": file.name})
        return files

    def write(self, vals):
        if not self.env.su and FIXED & vals.keys():
            raise AccessError(self.env._("A file stays what it is and with its customer; only name and place change."))
        result = super().write(vals)
        if "name" in vals:
            # sudo: the name under which the file is downloaded follows the one on the card
            with self.sudo().attachment_id._let_go() as files:
                files.write({"name": vals["name"]})
        return result

    def _may_change_files(self):
        return False

    @api.ondelete(at_uninstall=False)
    def _unlink_except_others_files(self):
        if not self.env.user.has_group("servicedesk.group_admin") and self.create_uid - self.env.user:
            raise AccessError(self.env._("Files can be deleted by who uploaded them, or by administrators."))

    @api.model
    def add_uploads(self, partner_id, attachment_ids, kind=None):
        """Put the user's fresh uploads on a client's card and return the new ids.

        :param kind: ``"document"`` takes everything as it is; otherwise the type of each file decides
        """
        uploads = self.env["ir.attachment"].browse(attachment_ids)
        return self.create([{
            "partner_id": partner_id, "attachment_id": upload.id, "name": upload.name,
            "kind": kind if kind == "document" else self._get_kind(upload.mimetype),
        } for upload in uploads]).ids

    @api.model
    def _get_kind(self, mimetype):
        return "gallery" if (mimetype or "").startswith("image/") else "document"

    @api.model
    def _keep(self, partner, wanted):
        """Copy files of items to a client's card; what already lies there is not put there twice.

        The filestore keeps equal contents once, so a copy takes no space. The caller has checked the items.

        :param wanted: ``[(attachment, item, name, [kinds])]``, the attachments in superuser mode
        :return: ``[file]`` in the order of ``wanted``: the (first) record on the card for each
        """
        partner = partner.commercial_partner_id
        partner.check_access("read")
        self.check_access("create")
        files_sudo = self.sudo()  # sudo: contents of items are copied by the system after the checks of the caller
        checksums = [attachment.checksum for attachment, *_rest in wanted]
        there = self.search(Domain("partner_id", "=", partner.id)).sudo()  # sudo: contents of files that the user sees
        known = {(file.kind, file.attachment_id.checksum): file for file in there.filtered_domain(
            Domain("attachment_id.checksum", "in", checksums))}
        missing = {}
        for attachment, item, name, kinds in wanted:
            for kind in kinds:
                if (kind, attachment.checksum) not in known:
                    missing.setdefault((kind, attachment.checksum), (attachment, item, name))
        known.update(zip(missing, files_sudo._copy_from(partner, missing), strict=True))
        # sudo(False): the caller goes on with the user's rights
        return [known[kinds[0], attachment.checksum].sudo(False) for attachment, _item, _name, kinds in wanted]

    def _copy_from(self, partner, wanted):
        """Create one record with a copy of the content per ``{(kind, checksum): (attachment, item, name)}``."""
        # Each as it was received: Odoo would shrink large pictures when it stores them.
        Attachment = self.env["ir.attachment"].with_context(image_no_postprocess=True)
        copies = [Attachment.create({
            "name": name, "raw": attachment.raw, "mimetype": attachment.mimetype, "res_model": self._name,
        }) for attachment, _item, name in wanted.values()]
        return self.create([{
            "partner_id": partner.id, "kind": kind, "name": name, "attachment_id": copy.id, "source_item_id": item.id,
            "department_id": item.ticket_id.department_id.id, "company_id": item.ticket_id.company_id.id,
            "date": item.date,
        } for (kind, _checksum), (_attachment, item, name), copy in zip(
            wanted, wanted.values(), copies, strict=True)])

    def action_open_source(self):
        """Open the ticket that the file came from, for those who may see it."""
        self.check_access("read")
        self.ensure_one()
        ticket = self.sudo().source_item_id.ticket_id.sudo(False)  # sudo: only the id, access is checked below
        if not ticket:
            raise UserError(self.env._("This file did not come from a ticket, or the ticket is gone."))
        ticket.check_access("read")
        return {"type": "ir.actions.act_window", "res_model": "servicedesk.ticket", "res_id": ticket.id,
                "views": [[False, "form"]]}

    @api.model
    def _complete_name(self, name, old_name):
        """Return a typed name with the extension of the old one, where it has none that programs know."""
        name = " ".join((name or "").split()) or old_name
        return name if guess_type(name)[0] else name + PurePath(old_name).suffix
