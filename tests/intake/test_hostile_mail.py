from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from ..common import ServicedeskCase, build_mail

JANA = "jana.novotna@stavbyvltava.example"


class TestHostileMail(ServicedeskCase):
    def test_an_endless_message_id_does_not_stop_the_queue(self):
        """PostgreSQL keeps no index entry over 2,704 bytes; that is an error of this mail, not of the transaction."""
        numbers = "".join(f"{number * 7919 % 99991:x}" for number in range(30_000))
        raw = build_mail(JANA, "support@severka.example", "Endless").as_bytes()
        for message_id in (f"<{numbers[:20_000]}@x.example>", "<%s@x.example>" % "".join(
                chr(0x4e00 + number * 7919 % 20_000) for number in range(990))):
            row = self.arrive(raw.replace(
                raw[raw.index(b"Message-ID: ") + 12:raw.index(b"\n", raw.index(b"Message-ID: "))],
                message_id.encode()))
            self.assertEqual((row.state, row.item_id.subject), ("done", "Endless"), row.reason)

    def test_a_row_that_the_database_refuses_waits_and_others_go_on(self):
        row = self.env["servicedesk.intake"]._store(
            build_mail(JANA, "support@severka.example", "Too large").as_bytes(), self.support)

        def refuse(_row):
            _row.env.cr.execute("SELECT repeat('x', 1073741824)")

        self.patch(type(row), "_file_original", refuse)
        with mute_logger("odoo.addons.servicedesk.models.queue.queue", "odoo.sql_db"):
            self.run_job("cron_intake_1")
        self.assertEqual((row.state, row.attempts), ("new", 1))

    def test_the_same_mail_by_two_ways_is_one(self):
        """A relay that delivers again, or to two addresses of one mailbox, adds its own lines at the top."""
        raw = build_mail(JANA, "support@severka.example", "Once").as_bytes()
        first = self.arrive(b"Received: from a by b; 1\r\nDelivered-To: support@severka.example\r\n" + raw)
        again = self.arrive(b"Received: from a by b; 2\r\nX-Original-To: help@severka.example\r\n" + raw)
        self.assertEqual((first.outcome, again.outcome), ("new", "duplicate"))
        other = self.arrive(raw.replace(b"Hello", b"Good day"))
        self.assertNotEqual(other.outcome, "duplicate", "the same number with other words is another mail")

    def test_what_came_empty_is_not_taken_for_lost(self):
        row = self.env["servicedesk.intake"]._store(b"", self.support)
        row._process()
        self.assertNotIn(row.outcome, (False, "lost"))
        self.assertNotEqual(row.state, "failed")

    def test_what_is_no_longer_kept_becomes_no_empty_ticket(self):
        self.env["servicedesk.ban"].create({"value": JANA})
        row = self.arrive(build_mail(JANA, "support@severka.example", "Old"))
        self.assertEqual(row.state, "quarantined")
        self.support.keep_rejected_days = 30
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 60):
            self.env["servicedesk.intake"]._forget_originals(
                self.support, ("quarantined",), fields.Datetime.now() + timedelta(days=1))
        row.action_release()
        row._process()
        self.assertFalse(row.item_id)
        self.assertEqual(row.state, "failed")
        self.assertTrue(row.reason)

    def test_an_encrypted_mail_says_so_in_place_of_words(self):
        raw = (f"From: {JANA}\r\nTo: support@severka.example\r\nSubject: x\r\nMessage-Id: <pgp@x>\r\n\r\n"
               "-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n-----END PGP MESSAGE-----\r\n")
        self.assertIn("BEGIN PGP", str(self.arrive(raw.encode()).item_id.body), "the words are there, such as they are")
        raw = raw.replace("<pgp@x>", "<pgp2@x>").replace("\r\n\r\n-----BEGIN", (
            '\r\nContent-Type: multipart/encrypted; boundary="b"\r\n\r\n--b\r\n'
            "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n-----BEGIN"), 1)
        item = self.arrive(raw.encode()).item_id
        self.assertIn("encrypted", str(item.body))
        self.assertEqual(item.attachment_ids.mapped("name"), ["encrypted.asc"])
