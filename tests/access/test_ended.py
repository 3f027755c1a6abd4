"""What stays with somebody whose right to a ticket has ended: nothing that tells of it."""
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.bus.models.bus import channel_with_db

from ..common import ServicedeskCase, build_mail

SECRET = "Zlatokop"


@tagged("post_install", "-at_install")
class TestEndedAccess(ServicedeskCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ticket = cls.env["servicedesk.ticket"].create({
            "subject": SECRET, "department_id": cls.support.id, "partner_id": cls.client.id, "contact_id": cls.jana.id})
        cls.ticket.message_subscribe((cls.agent | cls.junior).partner_id.ids)
        cls.activity = cls.ticket.activity_schedule("mail.mail_activity_data_todo", user_id=cls.agent.id)
        cls.free = cls.env["mail.activity"].create({"user_id": cls.agent.id, "summary": "Buy milk"})

    def move_away(self):
        self.ticket.department_id = self.billing
        self.env.flush_all()
        self.env.invalidate_all()

    def test_an_activity(self):
        mine = [("user_id", "=", self.agent.id)]
        Activity = self.env["mail.activity"].with_user(self.agent)
        self.assertEqual(Activity.search(mine), self.activity | self.free)
        self.move_away()
        self.assertEqual(Activity.search(mine), self.free)
        self.assertNotIn(SECRET, str(Activity.search_read(mine, ["res_name"])))
        self.assertNotIn("servicedesk.ticket", str(self.agent.with_user(self.agent)._get_activity_groups()))
        for act in (lambda activity: activity.read(["res_name"]), lambda activity: activity.action_feedback("done"),
                    lambda activity: activity.write({"summary": "x"}), lambda activity: activity.unlink()):
            with self.assertRaises(AccessError):
                act(self.activity.with_user(self.agent))
        self.assertIn(self.activity, Activity.with_user(self.clerk).search([("res_id", "=", self.ticket.id)]))

    def test_a_follower(self):
        def told():
            message = self.ticket.message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
            return message.notification_ids.res_partner_id

        self.assertEqual(told(), (self.agent | self.junior).partner_id)
        self.move_away()
        self.assertFalse(told())

    def test_a_customer_who_follows_is_told_only_by_name(self):
        self.ticket.message_subscribe(self.jana.ids)
        message = self.ticket.message_post(body=SECRET, subtype_xmlid="mail.mt_comment")
        self.assertNotIn(self.jana, message.notification_ids.res_partner_id)
        message = self.ticket.message_post(body=SECRET, partner_ids=self.jana.ids,
                                           subtype_xmlid="mail.mt_comment")
        self.assertIn(self.jana, message.notification_ids.res_partner_id)

    def test_the_source_of_a_mail(self):
        row = self.arrive(build_mail("jana.novotna@stavbyvltava.example", "support@severka.example", "x", SECRET))
        self.assertIn(SECRET, row.with_user(self.agent).raw_text)
        row.item_id.ticket_id.department_id = self.billing
        self.env.invalidate_all()
        self.assertFalse(row.with_user(self.agent).raw_text)
        self.assertNotIn(SECRET, str(row.with_user(self.agent).read()))

    def test_odd_channels_close_no_socket(self):
        names = ["servicedesk.ticket", "servicedesk.ticket_", "servicedesk.ticket_" + "9" * 5000,
                 "servicedesk.ticket_٣", "servicedesk.ticket_1\n"]
        self.env["bus.bus"]._sendone("servicedesk.ticket", "hello", {})
        self.env.cr.precommit.run()
        channels = [channel_with_db(self.env.cr.dbname, name) for name in names]
        self.assertTrue(self.env["bus.bus"]._poll(channels))


@tagged("post_install", "-at_install")
class TestAddressesOfOthers(ServicedeskCase):
    """An address leads mail to its customer: agents change those of customers alone whom they work for."""

    def test_only_of_own_customers(self):
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_company": True})
        Address = self.env["servicedesk.address"].with_user(self.agent)
        with self.assertRaises(AccessError):
            Address.create({"partner_id": stranger.id, "value": "mallory@evil.example"})
        self.new_ticket()
        mine = Address.create({"partner_id": self.jana.id, "value": "jana@private.example"})
        with self.assertRaises(AccessError):
            mine.partner_id = stranger
        kept = self.env["servicedesk.address"].create({"partner_id": stranger.id, "value": "kept@stranger.example"})
        for act in (lambda: kept.with_user(self.agent).write({"value": "mallory@evil.example"}),
                    lambda: kept.with_user(self.agent).unlink()):
            with self.assertRaises(AccessError):
                act()
        self.agent.group_ids |= self.env.ref("base.group_partner_manager")
        self.assertTrue(Address.create({"partner_id": stranger.id, "value": "s2@stranger.example"}))
