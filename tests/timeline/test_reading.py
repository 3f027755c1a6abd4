from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError

from odoo.addons.bus.models.bus import BusBus

from ..common import ServicedeskCase


class TestReading(ServicedeskCase):
    """Who has read what, what is new to whom, and finding words inside one ticket."""

    def setUp(self):
        super().setUp()
        self.ticket = self.new_ticket(owner_id=self.agent.id)
        self.old = self._arrive("<p>The VPN falls every ten minutes.</p>", days=2)
        self.second = self._new_agent("second", self.support, "specialist")

    def _arrive(self, body, days=0, **vals):
        item = self.env["servicedesk.item"].create({
            "ticket_id": self.ticket.id, "kind": "email", "direction": "in", "state": "received",
            "author_partner_id": self.jana.id, "author_name": "Jana Novotná", "subject": "VPN", "body": body,
            "email_from": "jana.novotna@stavbyvltava.example", **vals})
        if days:
            self.env.flush_all()
            moment = fields.Datetime.now() - timedelta(days=days)
            self.env.cr.execute("UPDATE servicedesk_item SET create_date = %s, date = %s WHERE id = %s",
                                [moment, moment, item.id])
            item.invalidate_recordset()
        return item

    def _page(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["servicedesk.timeline"].with_user(user).get_page(self.ticket.id)

    def _entry(self, user, item):
        return next(entry for entry in self._page(user)["entries"] if entry["key"] == f"servicedesk.item-{item.id}")

    def _as(self, user):
        return self.ticket.with_user(user)

    def _shift_visits(self, **delta):
        self.env.cr.execute("UPDATE servicedesk_read SET first_at = first_at - %s, last_at = last_at - %s",
                            [timedelta(**delta)] * 2)

    def test_nothing_is_new_on_the_first_visit(self):
        page = self._page(self.agent)
        self.assertEqual(page["unread"], 0)
        self.assertFalse(any(entry.get("unread") for entry in page["entries"]))

    def test_what_came_since_the_first_visit_is_new_until_seen(self):
        self._as(self.agent).mark_read()
        self._as(self.agent).mark_shown(self.old.ids)
        self._shift_visits(hours=1)
        answer = self._arrive("<p>Still</p>")
        later = self._arrive("<p>And again</p>")
        page = self._page(self.agent)
        self.assertEqual(page["unread"], 2)
        self.assertEqual([entry["id"] for entry in page["entries"] if entry.get("unread")], [answer.id, later.id])
        self._as(self.agent).mark_read()  # opening alone is not seeing: the second stayed below the screen
        self._as(self.agent).mark_shown(answer.ids)
        self.assertEqual(self._page(self.agent)["unread"], 1)
        self.assertTrue(self._entry(self.agent, later)["unread"])
        self.assertFalse(self._entry(self.agent, answer)["unread"])
        self.assertFalse(self._entry(self.second, later)["unread"])

    def test_own_words_are_never_new(self):
        self._as(self.agent).mark_read()
        self._shift_visits(hours=1)
        item = self.write_answer(self.ticket, self.agent)
        self.assertFalse(self._entry(self.agent, item)["unread"])

    def test_readers_with_first_and_last_time(self):
        self._as(self.second).mark_read()
        self._as(self.second).mark_shown(self.old.ids)
        self._shift_visits(hours=3)
        self._as(self.second).mark_shown(self.old.ids)
        page = self._page(self.agent)
        self.assertEqual([reader["name"] for reader in page["readers"]], ["Second"])
        [reader] = self._entry(self.agent, self.old)["readers"]
        self.assertEqual(reader["id"], self.second.id)
        self.assertLess(reader["first"], reader["last"])
        self.assertFalse(self._entry(self.second, self.old)["readers"], "oneself is not listed")
        self.assertEqual(self.env["servicedesk.read"].search_count([("item_id", "=", self.old.id)]), 1)

    def test_only_items_of_the_ticket_and_no_drafts(self):
        other = self.new_ticket(subject="Other")
        stranger = self.env["servicedesk.item"].create({
            "ticket_id": other.id, "kind": "note", "direction": "internal", "state": "done", "body": "<p>x</p>"})
        Item = self.env["servicedesk.item"].with_user(self.second)
        draft = Item.browse(Item.save_draft(self.ticket.id, "note", {"body": "<p>half</p>"}))
        self._as(self.agent).mark_shown([stranger.id, draft.id])
        self.assertFalse(self.env["servicedesk.read"].search([("item_id", "!=", False)]))

    def test_marks_follow_an_item_to_its_new_ticket(self):
        self._as(self.second).mark_shown(self.old.ids)
        split = self.new_ticket(subject="Split")
        self.old.sudo().write({"ticket_id": split.id})
        mark = self.env["servicedesk.read"].search([("item_id", "=", self.old.id)])
        self.assertEqual(mark.ticket_id, split)

    def test_who_may_not_see_the_ticket_sees_no_readers(self):
        self._as(self.agent).mark_read()
        Read = self.env["servicedesk.read"]
        self.assertTrue(Read.with_user(self.second).search([("ticket_id", "=", self.ticket.id)]))
        self.assertFalse(Read.with_user(self.clerk).search([("ticket_id", "=", self.ticket.id)]))
        with self.assertRaises(AccessError):
            self._as(self.clerk).mark_shown(self.old.ids)
        with self.assertRaises(AccessError):
            Read.with_user(self.agent).create({
                "ticket_id": self.ticket.id, "user_id": self.agent.id, "first_at": fields.Datetime.now(),
                "last_at": fields.Datetime.now()})

    def _found(self, text, user=None):
        self.env.flush_all()
        Timeline = self.env["servicedesk.timeline"].with_user(user or self.agent)
        return Timeline.search_items(self.ticket.id, text)["ids"]

    def test_search_ignores_case_marks_and_markup(self):
        item = self._arrive("<p>Příliš žlu<b>ťou</b>čký&nbsp;kůň</p><p style='color: red'>běží &amp; &lt;skáče&gt;</p>")
        for text in ("PRILIS", "zlutoucky kun", "kůň příliš", "<skace>", "&", "novotná žluťoučký"):
            self.assertIn(item.id, self._found(text), text)
        self.assertEqual(self._found("vpn"), [self.old.id, item.id], "oldest first")
        for text in ("color", "span", "100%", "z_utoucky", "kočka kůň", " "):
            self.assertEqual(self._found(text), [], text)

    def test_search_finds_files_and_addresses_but_no_drafts(self):
        self.env["ir.attachment"].create({
            "name": "Smlouva 2026.pdf", "raw": b"x", "res_model": "servicedesk.item", "res_id": self.old.id})
        self.assertEqual(self._found("smlouva"), self.old.ids)
        self.assertEqual(self._found("jana.novotna@"), self.old.ids)
        self.env["servicedesk.item"].with_user(self.second).save_draft(
            self.ticket.id, "note", {"body": "<p>undecided</p>"})
        self.assertEqual(self._found("undecided", self.second), [])

    def test_search_has_the_rights_of_the_time_line(self):
        with self.assertRaises(AccessError):
            self._found("vpn", self.clerk)
        portal = self.env["res.users"].with_context(no_reset_password=True).create({
            "name": "Jana", "login": "jana", "partner_id": self.jana.id,
            "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)]})
        for method in (lambda: self._found("vpn", portal), lambda: self._page(portal),
                       lambda: self._as(portal).announce(), lambda: self._as(portal).mark_shown(self.old.ids)):
            with self.assertRaises(AccessError):
                method()

    def test_presence_goes_to_the_channel_of_the_ticket(self):
        sent = []
        with patch.object(BusBus, "_sendone", lambda _self, *message: sent.append(message)):
            self._as(self.agent).announce(writing="note", hello=True)
            self._as(self.agent).announce(writing="<b>")
        (target, kind, payload), second = sent
        self.assertEqual((target, kind), (self.ticket, "servicedesk.ticket/presence"))
        self.assertEqual((payload["user_id"], payload["writing"], payload["hello"]), (self.agent.id, "note", True))
        self.assertEqual(second[2]["writing"], "")
        with self.assertRaises(AccessError):
            self._as(self.clerk).announce()

    def test_only_agents_who_see_the_ticket_listen(self):
        Websocket = self.env["ir.websocket"]
        channel = f"servicedesk.ticket_{self.ticket.id}"

        def listens(user):
            request = SimpleNamespace(session=SimpleNamespace(uid=user.id))
            with patch("odoo.addons.bus.models.ir_websocket.wsrequest", new=request):
                channels = Websocket.with_user(user)._build_bus_channel_list([channel])
            return any(getattr(target, "_name", "") == self.ticket._name for target in channels)

        self.assertTrue(listens(self.agent))
        self.assertFalse(listens(self.clerk))

    def test_an_address_says_whose_it_is(self):
        describe = self.env["servicedesk.timeline"].with_user(self.agent).describe_address
        found = describe(self.ticket.id, "Jana.Novotna@stavbyvltava.example")
        self.assertEqual((found["kind"], found["partner_id"], found["can_ban"]), ("email", self.jana.id, False))
        self.assertFalse(describe(self.ticket.id, "nobody@stavbyvltava.example")["partner_id"])
        self.env.company.country_id = self.env.ref("base.cz")
        self.jana.phone = "+420 602 123 456"
        found = describe(self.ticket.id, "602 123 456")
        self.assertEqual((found["kind"], found["value"], found["partner_id"]), ("phone", "+420602123456", self.jana.id))
        self.assertEqual(describe(self.ticket.id, "12")["kind"], "")
        with self.assertRaises(AccessError):
            self.env["servicedesk.timeline"].with_user(self.clerk).describe_address(self.ticket.id, "602 123 456")

    def test_dates_and_the_service_are_part_of_history(self):
        self.agent.tz = "Europe/Prague"
        self._as(self.agent).write({"planned_start": "2026-11-23 08:00:00", "planned_end": "2026-11-23 09:00:00"})
        events = {entry["kind"]: entry for entry in self._page(self.agent)["entries"] if entry["type"] == "event"}
        self.assertIn("9:00", events["planned_start"]["new"])
        self.assertEqual(events["planned_start"]["user_id"], self.agent.id)

    def test_everybody_may_switch_off_the_letter_keys(self):
        me = self.agent.with_user(self.agent)
        self.assertFalse(me.servicedesk_keys_off)
        me.write({"servicedesk_keys_off": True})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(me.read(["servicedesk_keys_off"])[0]["servicedesk_keys_off"])
        settings = self.agent.sudo().res_users_settings_id._res_users_settings_format()
        self.assertTrue(settings["servicedesk_keys_off"], "what the browser gets")
        with self.assertRaises(AccessError):
            self.agent.with_user(self.second).write({"servicedesk_keys_off": False})
