import re

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

# What is still on its way cannot change its ticket: a worker may hold it at this moment.
SETTLED = {"received", "sent", "delivered", "bounced", "failed", "unknown", "done"}
# A copy of what may be sent again would be sent twice.
UNSETTLED = {"failed", "unknown"}


class ServicedeskItem(models.Model):
    """Cutting one matter into two: items move to a new ticket, or are copied there, with their files and discussions.

    Later replies follow a moved item by themselves: they are threaded by its Message-Id.
    """

    _inherit = "servicedesk.item"

    def _split(self, vals, copy=False):
        """Move or copy these items of one ticket to a new ticket and return it.

        :param dict vals: subject and department of the new ticket; whose matter it is comes from the old one
        :raise AccessError: without the right to write on the ticket, or to create one in the department
        :raise UserError: for what is a draft or on its way
        """
        source = self.ticket_id
        source.ensure_one()
        self.check_access("read")
        source.check_access("write")
        items = self._with_discussions()
        if any(item.state not in (SETTLED - UNSETTLED if copy else SETTLED) for item in items):
            raise UserError(self.env._("What is not finished or still on its way stays in its ticket."))
        with self.env["servicedesk.change"]._span():
            ticket = source.create(source._prepare_split_vals() | vals)
            # sudo: what was said never changes, only its ticket does; rights are checked above
            sudo_items = items.sudo()
            if copy:
                sudo_items._copy_to(ticket)
            else:
                sudo_items._move_to(ticket)
                source._refresh_summary()
            ticket._refresh_summary()
            # Who looks after the new ticket has not seen it yet, unless it is the one who has just made it.
            ticket.sudo().unread = ticket.department_id != source.department_id  # sudo: summary fields are the system's
            ticket._relate(source)
            Event = self.env["servicedesk.event"]
            Event._log_fact("split", [(source, ticket)])
            Event._log_fact("split_from", [(ticket, source)])
            (source | ticket)._notify_changed()
        return ticket

    def _with_discussions(self):
        """Return these items with the notes that were written under them."""
        notes = self.search([("parent_item_id", "in", self.ids), ("kind", "=", "note"), ("state", "!=", "draft")])
        return (self | notes).sorted(lambda item: (item.date, item.id))

    def _move_to(self, ticket):
        """Hang the items on another ticket; ties to what stays behind are cut, on both sides."""
        left = self.search([("parent_item_id", "in", self.ids), ("id", "not in", self.ids)])
        left.write({"parent_item_id": False})
        torn = self.filtered(lambda item: item.parent_item_id and item.parent_item_id not in self)
        torn.write({"parent_item_id": False})
        self.write({"ticket_id": ticket.id})
        self.env["servicedesk.notice"].search([("item_id", "in", self.ids)]).write({"ticket_id": ticket.id})

    def _copy_to(self, ticket):
        """Repeat the items on another ticket; answers and discussions among them stay tied to each other.

        Copies have no Message-Id: replies go on arriving where the original is.
        """
        vals_list = [vals | {"ticket_id": ticket.id, "parent_item_id": False, "state": item.state,
                             "sent_at": item.sent_at, "failure_reason": item._get_failure_reasons()}
                     for item, vals in zip(self, self.copy_data(), strict=True)]
        copies = dict(zip(self, self.create(vals_list), strict=True))
        for item, copy in copies.items():
            if item.parent_item_id in copies:
                copy.parent_item_id = copies[item.parent_item_id]
        self._copy_files_to(copies)

    def _copy_files_to(self, copies):
        """Give the copies files of their own, and let pictures in the text show those."""
        files = self.attachment_ids
        if not files:
            return
        names = {}
        for file in files:
            item = self.browse(file.res_id)
            names[file.id] = file.copy({"res_id": copies[item].id, "access_token": False}).id

        def own(match):
            return f"{match.group(1)}{names.get(int(match.group(2)), match.group(2))}"

        for copy in copies.values():
            if body := re.sub(r"(/web/(?:image|content)/)(\d+)", own, str(copy.body or "")):
                copy.body = Markup(body)  # sanitized when it was stored, and again by this
