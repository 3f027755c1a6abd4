from email import message_from_bytes, policy
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools.mail import email_split_tuples

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..common import ServicedeskCase, build_mail

JANA = "jana.novotna@stavbyvltava.example"


class TestHostileAnswer(ServicedeskCase):
    def setUp(self):
        super().setUp()
        self.arrive(build_mail(JANA, "support@severka.example", "VPN"))
        self.ticket = self.env["servicedesk.ticket"].search([("contact_email", "=", JANA)], limit=1)

    def test_blind_recipients_do_not_see_each_other(self):
        item = self.write_answer(self.ticket, self.agent, email_cc="alena.hajkova@stavbyvltava.example",
                                 email_bcc="one@archive.example, two@archive.example")
        sent = self.send_queued(item)
        reached = [address for _message, _from, recipients in sent for address in recipients]
        self.assertEqual(sorted(reached), sorted([
            JANA, "alena.hajkova@stavbyvltava.example", "one@archive.example", "two@archive.example"]))
        for message, _from, recipients in sent:
            text = message.as_string()
            for address in ("one@archive.example", "two@archive.example"):
                self.assertFalse(address in text and recipients != [address], f"{recipients} see {address}")
        self.assertEqual(item.state, "sent")

    def test_one_refused_recipient_of_several_is_seen(self):
        item = self.write_answer(self.ticket, self.agent, email_cc="nobody@stavbyvltava.example")
        gone = {"nobody@stavbyvltava.example": (550, b"5.1.1 no such user")}

        class Session:
            from_filter = False
            smtp_from = "support@severka.example"

            def send_message(self, *args):
                return gone

            def quit(self):
                pass

        item.write({"state": "sending", "claimed_by": 1})
        with patch.object(IrMail_Server, "_disable_send", lambda self: False), \
                patch.object(IrMail_Server, "_connect__", lambda self, *args, **kwargs: Session()):
            item._send_now()
        self.assertEqual((item.state, item.failure_reason), (
            "bounced", "nobody@stavbyvltava.example: The recipient's server does not know this address."))
        self.assertEqual(item.failure_detail, "nobody@stavbyvltava.example: 550 5.1.1 no such user")

    def test_a_customer_cannot_call_an_internal_picture_into_an_answer(self):
        note = self.env["servicedesk.item"].create(self.env["servicedesk.item"]._prepare_note_vals(
            self.ticket, "<p>Internal</p>", self.agent))
        secret = self.env["ir.attachment"].create({
            "name": "secret.png", "raw": b"\x89PNG secret", "mimetype": "image/png", "res_model": note._name,
            "res_id": note.id})
        shown = f'<p>See</p><img src="/web/image/{secret.id}">'
        item = self.write_answer(self.ticket, self.agent, f"<p>Hello</p><blockquote>{shown}</blockquote>")
        for message, _from, _to in self.send_queued(item):
            self.assertNotIn(b"image/png", message.as_bytes())

    def test_line_ends_in_a_subject_stop_no_answer(self):
        for subject in ("VPN\r\nBcc: eve@elsewhere.example", "VPN\u2028down", "VPN\x0bdown"):
            self.ticket.subject = subject
            item = self.write_answer(self.ticket, self.agent)
            [(message, _from, recipients)] = self.send_queued(item)
            self.assertEqual((item.state, recipients), ("sent", [JANA]), item.failure_reason)
            self.assertFalse(message["Bcc"])

    def test_name_of_a_department_with_a_comma(self):
        self.support.name = 'Faktury, pohledávky "sever"'
        item = self.write_answer(self.ticket, self.agent)
        [(message, _from, _to)] = self.send_queued(item)
        parsed = message_from_bytes(message.as_bytes(), policy=policy.default)
        [address] = parsed["Reply-To"].addresses
        self.assertEqual((address.display_name, address.addr_spec),
                         ('Faktury, pohledávky "sever"', "support@severka.example"))
        self.assertEqual(email_split_tuples(item.email_from), [(address.display_name, address.addr_spec)])

    def test_nobody_is_left_out_without_a_word(self):
        """Domains with accents go out as mail servers know them; what cannot be reached is refused before it leaves."""
        item = self.write_answer(self.ticket, self.agent, email_to=f"{JANA}, Jan <jan@háčky-čárky.example>",
                                 email_cc='"Dvořák, Jan" <dvorak@ČÁP.example>', email_bcc="eva@żółw.example")
        reached = {address for _message, _from, recipients in self.send_queued(item) for address in recipients}
        self.assertEqual(reached, {JANA, "jan@xn--hky-rky-hwad05bd.example", "dvorak@xn--p-tfa5k.example",
                                   "eva@xn--w-uga1v8h.example"})
        self.assertEqual(item.state, "sent")
        for field in ("email_to", "email_cc", "email_bcc"):
            for wrong in ("Jana", f"{JANA}, Novák", "ředitel@firma.example", "jan@-bad-.ěš",
                          "jan@" + "ě" * 70 + ".example"):
                with self.subTest(field=field, wrong=wrong), self.assertRaises(UserError):
                    self.write_answer(self.new_ticket(), self.agent, **{field: wrong})
