import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from ..common import ServicedeskCase, build_mail

JANA = "Jana Novotná <jana.novotna@stavbyvltava.example>"
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=")


class TestSplit(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.first = self.arrive(build_mail(JANA, "support@severka.example", "VPN", "VPN falls")).item_id
        self.ticket = self.first.ticket_id
        mail = build_mail(JANA, "support@severka.example", "Printer", "It prints nothing.",
                          In_Reply_To=self.first.message_id)
        mail.add_attachment(PIXEL, "image", "png", filename="printer.png")
        self.second = self.arrive(mail).item_id
        self.assertEqual(self.second.ticket_id, self.ticket)
        self.note = self.first.browse(self.second.with_user(self.agent).add_discussion("<p>Out of toner</p>"))

    def split(self, items, user=None, **values):
        wizard = Form(self.env["servicedesk.split.items"].with_user(user or self.agent).with_context(
            default_chosen_ids=items.ids))
        for name, value in values.items():
            wizard[name] = value
        return self.env["servicedesk.ticket"].browse(wizard.save().action_split()["res_id"])

    def test_moved_items_take_files_discussion_and_later_replies_along(self):
        new = self.split(self.second, subject="Printer is dead")
        self.assertRecordValues(new, [{
            "subject": "Printer is dead", "partner_id": self.client.id, "contact_id": self.jana.id,
            "last_item_preview": "Out of toner", "related_ids": self.ticket.ids}])
        self.assertEqual(new.item_ids, self.second | self.note)
        self.assertEqual((self.note.parent_item_id, self.second.parent_item_id.id), (self.second, False))
        self.assertEqual(self.second.attachment_ids.mapped("name"), ["printer.png"])
        self.assertRecordValues(self.ticket, [{
            "related_ids": new.ids, "last_item_preview": "VPN falls", "last_item_direction": "in",
            "last_item_at": self.first.date}])
        for ticket, kind, other in ((self.ticket, "split", new), (new, "split_from", self.ticket)):
            event = ticket.event_ids.filtered(lambda event, kind=kind: event.kind == kind)
            self.assertEqual((event.new_ids, event.user_id), (other.ids, self.agent))
        reply = build_mail(JANA, "support@severka.example", "Re: Printer", "Any news?",
                           In_Reply_To=self.second.message_id, References=self.first.message_id)
        self.assertEqual(self.arrive(reply.as_bytes()).item_id.ticket_id, new)
        reply = build_mail(JANA, "support@severka.example", "Re: VPN", "And this?", In_Reply_To=self.first.message_id)
        self.assertEqual(self.arrive(reply.as_bytes()).item_id.ticket_id, self.ticket)

    def test_copies_have_files_of_their_own_and_replies_stay(self):
        picture = self.second.attachment_ids
        picture.description = "inline"
        self.second.body = f'<p>See <img src="/web/image/{picture.id}"/></p>'
        new = self.split(self.second, mode="copy")
        copy = new.item_ids.filtered(lambda item: item.kind == "email")
        self.assertEqual(new.subject, "Printer")
        self.assertEqual(self.ticket.item_ids, self.first | self.second | self.note)
        self.assertEqual((copy.date, copy.author_partner_id, copy.message_id), (self.second.date, self.jana, False))
        self.assertEqual(new.item_ids - copy, new.item_ids.filtered(lambda item: item.parent_item_id == copy))
        self.assertNotEqual(copy.attachment_ids, picture)
        self.assertIn(f"/web/image/{copy.attachment_ids.id}", str(copy.body))
        self.assertIn(f"/web/image/{picture.id}", str(self.second.body))
        reply = build_mail(JANA, "support@severka.example", "Re: Printer", "Any?", In_Reply_To=self.second.message_id)
        self.assertEqual(self.arrive(reply.as_bytes()).item_id.ticket_id, self.ticket)

    def test_everything_may_go(self):
        new = self.split(self.first | self.second)
        self.assertEqual(new.subject, "VPN")
        self.assertEqual(self.second.parent_item_id, self.first)
        self.assertFalse(self.ticket.item_ids)
        self.assertRecordValues(self.ticket, [{"last_item_preview": False, "last_item_at": self.ticket.create_date}])

    def test_rights_and_what_stays(self):
        with self.assertRaises(AccessError):
            self.second.with_user(self.clerk)._split({"subject": "x", "department_id": self.billing.id})
        with self.assertRaises(AccessError):
            self.second.with_user(self.agent)._split({"subject": "x", "department_id": self.billing.id})
        draft = self.write_answer(self.ticket, self.agent)
        with self.assertRaises(UserError):
            draft.with_user(self.agent)._split({"subject": "x", "department_id": self.support.id})
        self.env["servicedesk.membership"].create({"user_id": self.agent.id, "department_id": self.billing.id})
        new = self.split(self.second, department_id=self.billing)
        self.assertTrue(new.unread)
        self.assertEqual(new.with_user(self.clerk).item_ids, self.second | self.note)
        with self.assertRaises(AccessError):
            self.second.with_user(self.junior).read(["body"])
