from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools import mentions
from ...tools.mail import html_pictures


class ServicedeskItem(models.Model):
    """Talking about one item, and calling colleagues by "@".

    A discussion note is a note whose ``parent_item_id`` is the item that it is about; discussions are flat. The
    time line shows it inside the card of that item (``entries.js``).
    """

    _inherit = "servicedesk.item"

    def add_discussion(self, body):
        """Add a finished internal note under this item and tell whom it mentions; return the note's id.

        :param str body: HTML; pictures are left out, they have their place in ordinary notes
        :raise UserError: where nothing is said
        """
        self.ensure_one()
        self.check_access("read")
        self.ticket_id.check_access("write")
        body = html_pictures.rewrite(body, lambda _id: None)
        if is_html_empty(body):
            raise UserError(self.env._("Write something first."))
        about = self.parent_item_id if self._is_discussion() else self
        if about.state == "draft":
            raise UserError(self.env._("A draft cannot be discussed before it is sent."))
        # sudo: agents create drafts only; this note is complete, and the right to write on the ticket is checked
        note = self.sudo().create(
            self._prepare_note_vals(about.ticket_id, body, self.env.user)
            | {"parent_item_id": about.id, "author_name": self.env.user.name})
        note = self.browse(note.id)
        note._notify_mentions()
        self.ticket_id._notify_changed()
        return note.id

    def _is_discussion(self):
        self.ensure_one()
        return self.kind == "note" and bool(self.parent_item_id)

    def _notify_mentions(self):
        """Tell the mentioned people, and all of the mentioned departments, who see the ticket; others never hear."""
        for note in self:
            users = note._get_mentioned()
            if users:
                self.env["servicedesk.notice"]._notify(users, "mention", note.ticket_id, item=note)

    def _get_mentioned(self):
        """Return the users whom a note calls and who see its ticket, without its author (superuser mode)."""
        self.ensure_one()
        ids = mentions.parse(self.body)
        if not any(ids.values()):
            return self.env["res.users"]
        # sudo: people and members of departments out of one's sight may be called too; access is checked next
        users = self.env["res.users"].sudo().browse(ids["res.users"]).exists()
        departments = self.env["servicedesk.department"].sudo().browse(  # sudo: as above
            ids["servicedesk.department"]).exists()
        users |= departments.member_ids | departments.manager_id
        return self.ticket_id._filter_readers(users - self.author_user_id)

    @api.model
    @api.readonly
    def get_mention_candidates(self, ticket_id):
        """Return whom a note on this ticket can call, the ticket's own department first.

        :return: ``[{model, id, name, detail, access}]``; ``access`` is False for agents who do not see the ticket
        """
        ticket = self.env["servicedesk.ticket"].browse(ticket_id)
        ticket.check_access("read")
        # sudo: names of colleagues, which employees may know
        users = self.env["res.users"].sudo().search(
            Domain("all_group_ids", "in", self.env.ref("servicedesk.group_user").ids) & Domain("share", "=", False)
            & Domain("company_ids", "in", ticket.company_id.ids), order="name", limit=500)
        readers = ticket._filter_readers(users)
        near = ticket.department_id.sudo().member_ids  # sudo: as above
        departments = self.env["servicedesk.department"].search([("company_id", "=", ticket.company_id.id)])
        people = [{
            "model": "res.users", "id": user.id, "name": user.name, "access": user in readers,
            "detail": user.job_title or "" if "job_title" in user._fields else "",
        } for user in (users - self.env.user).sorted(lambda user: (user not in readers, user not in near))]
        groups = [{"model": "servicedesk.department", "id": department.id, "name": department.name, "access": True,
                   "detail": self.env._("everyone in this department")}
                  for department in departments.sorted(lambda department: department != ticket.department_id)]
        return people + groups
