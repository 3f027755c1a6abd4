from odoo.exceptions import UserError

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"


class TestTwoWindows(ServicedeskCase):
    """The same agent writes on the same ticket in two windows."""

    def setUp(self):
        super().setUp()
        self.ticket = self.arrive(build_mail(JANA, "support@severka.example", "VPN")).ticket_id
        self.Item = self.env["servicedesk.item"].with_user(self.agent)

    def open(self, name):
        values = self.Item.prepare_draft(self.ticket.id, "email")
        return {"draft_window": name, "known": {"id": values["id"], "window": values.get("draft_window")},
                "email_to": values["email_to"], "body": values["body"]}

    def save(self, window, text):
        window["body"] = f"<p>{text}</p>"
        number = self.Item.save_draft(self.ticket.id, "email", window)
        window["known"] = {"id": number, "window": window["draft_window"]}
        return self.Item.browse(number)

    def test_none_writes_over_what_it_has_not_read(self):
        one, two = self.open("one"), self.open("two")
        draft = self.save(one, "A long answer")
        with self.assertRaises(UserError):
            self.save(two, "B")
        self.assertIn("A long answer", draft.body)
        self.save(one, "A longer answer")
        two = self.open("two")
        self.save(two, "Going on elsewhere")
        with self.assertRaises(UserError):
            self.save(one, "Still here")
        self.assertIn("Going on elsewhere", draft.body)

    def test_what_was_sent_is_not_made_a_draft_again(self):
        one = self.open("one")
        draft = self.save(one, "Hello")
        two = self.open("two")
        draft.action_send()
        with self.assertRaises(UserError):
            self.save(two, "Hello")
        self.assertFalse(self.Item._find_own_draft(self.ticket, "email"))

    def test_a_save_that_came_twice_is_no_conflict(self):
        one = self.open("one")
        self.save(dict(one), "Hello")  # as the page went away; nobody heard the answer
        self.assertIn("again", self.save(one, "Hello again").body)

    def test_every_kind_of_draft(self):
        for kind in ("note", "call", "meeting"):
            with self.subTest(kind):
                start = self.Item.prepare_draft(self.ticket.id, kind)
                values = {"draft_window": "one", "known": {"id": start["id"], "window": ""}}
                number = self.Item.save_draft(self.ticket.id, kind, values)
                self.assertEqual(self.Item.prepare_draft(self.ticket.id, kind)["draft_window"], "one")
                with self.assertRaises(UserError):
                    self.Item.save_draft(self.ticket.id, kind, {**values, "draft_window": "two"})
                self.assertEqual(self.Item.save_draft(self.ticket.id, kind, values), number)
