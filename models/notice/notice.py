from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.fields import Domain

# kind → the channels by which one is told of it unless one chose otherwise
KINDS = {
    "mention": "inbox mail",
    "assigned": "inbox mail",
    "dispatch": "inbox mail",
    "answer": "inbox",
    "note": "inbox",
    "watched": "inbox",
    "undelivered": "inbox mail",
    "new": "",
    "urgent": "inbox mail sms",
    "reminder": "inbox mail",
    "sla_warning": "inbox",
    "sla_breach": "inbox mail",
    "escalation": "inbox mail sms",
    "confirm": "inbox mail",
}
CHANNELS = ("inbox", "mail", "sms")
# What somebody who is told of several things at once is told of: the first of these that is among them.
RANK = ("confirm", "mention", "escalation", "urgent", "sla_breach", "undelivered", "answer", "assigned", "dispatch",
        "reminder", "sla_warning", "note", "new", "watched")
# Changes of these are told to those who follow a ticket.
WATCHED = ("state", "owner_id", "priority", "department_id", "category_id")
# Told to oneself too: it is about the clock or a mail, not about one's own click.
OWN_KINDS = ("reminder", "confirm", "undelivered", "sla_warning", "sla_breach", "escalation")


class ServicedeskNotice(models.Model):
    """What an agent is told about a ticket: shown in the desk at once, by mail and SMS as the agent wishes.

    A notice says *that* something happened, never what was written: who reads it, reads the ticket under the
    rights of that moment. It is the same for the mails, which are put together by a worker (``notice_mail.py``).
    """

    _name = "servicedesk.notice"
    _inherit = ["servicedesk.scope", "servicedesk.queue"]
    _description = "Notification"
    _order = "id desc"
    _ticket_path = "ticket_id"

    user_id = fields.Many2one("res.users", "For", required=True, ondelete="cascade", readonly=True)
    ticket_id = fields.Many2one("servicedesk.ticket", required=True, ondelete="cascade", readonly=True, index=True)
    item_id = fields.Many2one("servicedesk.item", "Message", ondelete="cascade", readonly=True, index="btree_not_null")
    author_id = fields.Many2one("res.users", "By", ondelete="set null", readonly=True)
    for_user_id = fields.Many2one("res.users", "Instead of", ondelete="set null", readonly=True,
                                  help="The absent colleague whose work the reader does.")
    kind = fields.Selection("_selection_kind", required=True, readonly=True)
    text = fields.Char(readonly=True, help="A few words more; nothing that was said in the ticket.")
    changed_fields = fields.Char(readonly=True, export_string_translation=False,
                                 help="Names of the ticket's fields that changed, put into words for the reader.")
    inbox = fields.Boolean(readonly=True, export_string_translation=False)
    read_at = fields.Datetime("Read", readonly=True)
    mail_due_at = fields.Datetime(readonly=True, export_string_translation=False,
                                  help="When the mail about it leaves; empty where there is none (any more).")
    sms_due_at = fields.Datetime(readonly=True, export_string_translation=False)

    _unread_idx = models.Index("(user_id, id DESC) WHERE read_at IS NULL AND inbox IS TRUE")
    _user_idx = models.Index("(user_id, id DESC)")
    _mail_idx = models.Index("(mail_due_at, user_id) WHERE mail_due_at IS NOT NULL")
    _sms_idx = models.Index("(sms_due_at) WHERE sms_due_at IS NOT NULL")

    @api.model
    def _selection_kind(self):
        labels = {
            "mention": self.env._("You are mentioned"),
            "assigned": self.env._("Ticket assigned to you"),
            "dispatch": self.env._("New unassigned ticket"),
            "answer": self.env._("New customer message in your ticket"),
            "note": self.env._("New internal note in your ticket"),
            "watched": self.env._("News in a ticket that you follow"),
            "undelivered": self.env._("Your message did not arrive"),
            "new": self.env._("New ticket in your department"),
            "urgent": self.env._("A ticket of the highest priority"),
            "reminder": self.env._("Reminder"),
            "sla_warning": self.env._("Deadline approaching"),
            "sla_breach": self.env._("Deadline passed"),
            "escalation": self.env._("A ticket was escalated to you"),
            "confirm": self.env._("Confirm your e-mail reply"),
        }
        return [(kind, labels[kind]) for kind in KINDS]

    @api.model
    def _get_user_scope_domain(self):
        """One's own notices, as long as one sees their tickets."""
        return Domain("user_id", "=", self.env.uid) & super()._get_user_scope_domain()

    @api.model
    def _notify(self, users, kind, tickets, item=None, text=""):
        """Tell users about tickets, each by the channels of their choice; nobody is told of one's own doing.

        :param users: ``res.users``; those who cannot see a ticket find nothing, and no mail about it leaves
        :param str kind: a key of KINDS
        :param item: the ``servicedesk.item`` to open, of the one ticket
        :return: the new notices (superuser mode); set-based, the mails are the workers' business
        """
        return self._notify_many([(ticket, users) for ticket in tickets], kind, item=item, text=text)

    @api.model
    def _notify_many(self, pairs, kind, item=None, text=""):
        """Like :meth:`_notify` with other users for each ticket: ``[(ticket, users)]``."""
        return self._create_once(self._prepare_notices(pairs, kind, item=item, text=text))

    @api.model
    def _notify_change(self, change, tickets):
        """Tell people of a change that is over, each person once for each ticket.

        Owners and groups of what they were given, dispatchers of what waits for them, those responsible of what became
        urgent, and followers of which fields changed.
        """
        if change.quiet:
            return
        new = tickets.browse(change.created & set(tickets.ids))
        given = change.changed(tickets, "owner_id") | new
        grouped = change.changed(tickets, "team_id")
        urgent = (change.changed(tickets, "priority") | new).filtered(lambda ticket: ticket.priority == "3")
        offered = (change.changed(tickets, "department_id", "category_id") | new)._await_dispatcher()
        self._create_once([
            *self._prepare_notices([(ticket, ticket.owner_id) for ticket in given], "assigned", text=change.reason),
            *self._prepare_notices([(ticket, ticket.team_id.member_ids) for ticket in grouped], "assigned"),
            *self._prepare_notices(offered, "dispatch"),
            *self._prepare_notices([(ticket, ticket._get_told_of_urgent()) for ticket in urgent], "urgent"),
            *self._prepare_watched(change, tickets - new),
        ])

    @api.model
    def _prepare_watched(self, change, tickets):
        rows = []
        for ticket in tickets.filtered("watched"):
            names = [name for name in WATCHED if change.is_said(ticket, name) and change.changed(ticket, name)]
            if names:
                rows += self._prepare_notices([(ticket, ticket.watcher_ids - ticket.owner_id)], "watched",
                                              changed_fields=",".join(names))
        return rows

    @api.model
    def _prepare_notices(self, pairs, kind, item=None, text="", **vals):
        """Return the values of notices to these people and to those who do their work now.

        Left out is who declined this kind of notice, and whoever did it.
        """
        pairs = [(ticket, users) for ticket, users in pairs if users]
        if not pairs:
            return []
        now = fields.Datetime.now()
        channels = self.env["servicedesk.notice.setting"]._get_channels(kind)
        bundle = timedelta(minutes=0 if kind == "urgent" else self._get_bundle_minutes())
        author = self.env.user if self.env.user.active and not self.env.user.share else self.env["res.users"]
        everybody = self.env["res.users"].union(*(users for _ticket, users in pairs))
        Substitution, rows = self.env["servicedesk.substitution"], []
        for ticket, users in pairs:
            department = ticket.sudo().department_id  # sudo: only which it is, to look up settings
            substitutes = Substitution._get_substitutes(set(everybody.ids), department)
            present = users.sudo().filtered(lambda user: user.active and not user.share)  # sudo: as above
            told = dict.fromkeys(present.ids, False)
            for user_id in present.ids:
                for substitute in substitutes.get(user_id, ()):
                    told.setdefault(substitute, user_id)
            for user_id, absent in told.items():
                chosen = channels(user_id, department.id)
                if not chosen or (user_id == self.env.uid and kind not in OWN_KINDS):
                    continue
                rows.append({
                    "user_id": user_id, "ticket_id": ticket.id, "item_id": item.id if item else False, "kind": kind,
                    "text": text or False, "author_id": author.id, "inbox": "inbox" in chosen, "for_user_id": absent,
                    "mail_due_at": now + bundle if "mail" in chosen else False,
                    "sms_due_at": now if "sms" in chosen else False, **vals,
                })
        return rows

    @api.model
    def _create_once(self, rows):
        """Create notices, one for each person and ticket of a change that is going on; return the new ones.

        Who is told of several things is told of the weightiest, by all the channels that were chosen for any of them.
        """
        change = self.env["servicedesk.change"]._get_open()
        told = change.told if change else {}
        fresh = {}
        for row in rows:
            key = row["user_id"], row["ticket_id"]
            if notice := self._find_told(told, key):
                notice.write(self._join(notice.read(list(row), load=None)[0], row))
            else:
                fresh[key] = self._join(fresh[key], row) if key in fresh else row
        if not fresh:
            return self.browse()
        notices = self.sudo().create(list(fresh.values()))  # sudo: notices are written by the system for others
        told.update(zip(fresh, notices.ids, strict=True))
        notices._announce()
        if mailed := notices.filtered("mail_due_at"):
            self._wake_jobs("cron_notices", at=max(mailed.mapped("mail_due_at")))
        if notices.filtered("sms_due_at"):
            self._wake_jobs("cron_notices")
        return notices

    @api.model
    def _find_told(self, told, key):
        """Return the notice that the person has of this change already; a savepoint may have taken it back."""
        # sudo: notices of others, written by the system
        return self.sudo().browse(told[key]).exists() if key in told else None

    @api.model
    def _join(self, one, other):
        """Return the values of one notice that tells what two would: the weightier one's, by the channels of both."""
        first, second = sorted((one, other), key=lambda row: RANK.index(row["kind"]))
        joined = dict(first, inbox=first["inbox"] or second["inbox"], item_id=first["item_id"] or second["item_id"])
        joined.pop("id", None)
        for name in ("mail_due_at", "sms_due_at"):
            joined[name] = min(filter(None, (first[name], second[name])), default=False)
        texts = dict.fromkeys(filter(None, (first["text"], second["text"])))
        return joined | {"text": " · ".join(texts) or False}

    def _get_changed(self):
        """Return the labels of the ticket's fields that changed, as the reader speaks."""
        fields_ = self.env["servicedesk.ticket"]._fields
        return [fields_[name]._description_string(self.env)
                for name in (self.changed_fields or "").split(",") if name in fields_]

    def _get_text(self):
        """Return the few words behind the kind of notice."""
        return ", ".join(self._get_changed()) or self.text or ""

    @api.model
    def _get_bundle_minutes(self):
        # sudo: a setting, read to act on it
        return int(self.env["ir.config_parameter"].sudo().get_param("servicedesk.notice_minutes", 3))

    def _announce(self):
        """Let the open screens of those concerned know that there is something new; they fetch it themselves."""
        for user in self.filtered("inbox").user_id:
            self.env["bus.bus"]._sendone(user.partner_id, "servicedesk.notice/new", {})

    @api.autovacuum
    def _gc_notices(self):
        """Forget what was read a quarter of a year ago, and what nobody read within a year."""
        now = fields.Datetime.now()
        old = Domain("read_at", "<", now - timedelta(days=90)) | Domain("create_date", "<", now - timedelta(days=365))
        self.search(old, limit=10_000).unlink()


class ServicedeskNoticeSetting(models.Model):
    """By which channels one is told of something: per person, else per department, else as ``KINDS`` says."""

    _name = "servicedesk.notice.setting"
    _inherit = ["servicedesk.cached.settings"]
    _description = "Notification preference"
    _order = "user_id, department_id, id"

    user_id = fields.Many2one("res.users", "Person", ondelete="cascade", index="btree_not_null",
                              domain=[("share", "=", False)], help="Leave empty for everybody in the department.")
    department_id = fields.Many2one("servicedesk.department", ondelete="cascade", index="btree_not_null",
                                    help="Leave empty for all departments.")
    kind = fields.Selection(lambda self: self.env["servicedesk.notice"]._selection_kind(), "What", required=True)
    inbox = fields.Boolean("In app")
    mail = fields.Boolean("E-mail")
    sms = fields.Boolean("SMS")

    _setting_uniq = models.UniqueIndex("(COALESCE(user_id, 0), COALESCE(department_id, 0), kind)",
                                       "There already is a setting for this.")

    @api.model
    def _get_channels(self, kind):
        """Return a function ``(user id, department id) → tuple of channels`` for one kind of notice."""
        known, default = self._get_known(), tuple(KINDS[kind].split())

        def channels(user_id, department_id):
            for key in ((user_id, department_id), (user_id, 0), (0, department_id), (0, 0)):
                if (found := known.get((*key, kind))) is not None:
                    return found
            return default
        return channels

    @tools.ormcache()
    def _get_known(self):
        """Return ``{(user id or 0, department id or 0, kind): (channel, …)}`` of everything that is set."""
        settings = self.sudo().search_fetch(Domain.TRUE)  # sudo: settings of all, read to act on them
        return {(setting.user_id.id or 0, setting.department_id.id or 0, setting.kind):
                tuple(name for name in CHANNELS if setting[name]) for setting in settings}

    @api.model
    def _get_wanting(self, kind, department):
        """Return the people of a department who chose by themselves to be told of ``kind``."""
        people = self.env["res.users"]
        if not KINDS[kind] and not any(key[2] == kind and chosen for key, chosen in self._get_known().items()):
            return people
        channels = self._get_channels(kind)
        people = department.sudo().member_ids | department.sudo().manager_id  # sudo: whose wishes are looked up
        return people.filtered(lambda user: channels(user.id, department.id))

    @api.model
    def action_my_settings(self):
        """Open one's own settings, a line for every kind, filled with what holds now."""
        known = {setting.kind for setting in self.search([("user_id", "=", self.env.uid),
                                                          ("department_id", "=", False)])}
        missing = [kind for kind in KINDS if kind not in known]
        self.create([{
            "user_id": self.env.uid, "kind": kind,
            **{name: name in self._get_channels(kind)(self.env.uid, 0) for name in CHANNELS},
        } for kind in missing])
        return self.env["ir.actions.act_window"]._for_xml_id("servicedesk.servicedesk_notice_setting_action_mine")
