import time

from odoo.tests import BaseCase

from ...tools.mail import addresses, bounce, inbound, mime, own_answer, threading

LONG = 300_000
SECONDS = 5  # of the processor's time; each of these took minutes or hours where a pattern took the square of it


def report(text, subject="undeliverable"):
    """Return a mail that a mail system seems to have sent."""
    return (f"From: MAILER-DAEMON@relay.example\r\nTo: support@severka.example\r\nMessage-ID: <1@relay.example>\r\n"
            f"Subject: {subject}\r\n\r\n{text}").encode()


class TestHostileText(BaseCase):
    """One mail must not keep a worker busy: the row would be the first one again after every restart."""

    def read_all(self, raw):
        mail = mime.parse(raw)
        for _again in range(3):  # as often as filing asks
            inbound.classify(mail)
        bounce.parse(mail, raw)
        threading.numbers_in(mail.subject)
        threading.subject_with_number(threading.reply_subject(mail.subject), "SD-00001")

    def test_every_reader_ends_in_time(self):
        intro = "could not be delivered\n"
        cases = {
            "a word without end": report(intro + "a" * LONG),
            "blank lines": report(intro + "\n" * LONG),
            "blank lines and dashes": report(intro + "\n" * LONG + "-" * LONG),
            "quoted blank lines": report(intro + ">\n" * LONG),
            "a word again and again": report("deliver" * 40_000),
            "mail in the subject": report("x", "mail " * 25_000),
            "delivery in the subject": report("x", "delivery " * 14_000),
            "spaces in the subject": report("x", "a" + " " * 120_000 + "b"),
        }
        for name, raw in cases.items():
            with self.subTest(name):
                start = time.process_time()
                self.read_all(raw)
                self.assertLess(time.process_time() - start, SECONDS)

    def test_addresses_written_by_hand(self):
        for text in ("a" * 60_000, "a@" * 30_000, "a@b.example" + " " * 60_000):
            start = time.process_time()
            addresses.named_by_hand(text)
            self.assertLess(time.process_time() - start, SECONDS)
        self.assertEqual(addresses.named_by_hand("jan@acme.example (Jan Novák)"), [("Jan Novák", "jan@acme.example")])

    def test_a_notice_without_its_first_line_is_nobodys_own_words(self):
        link = "https://desk.example/odoo/servicedesk.ticket/7?item=9"
        self.assertIsNone(own_answer.own_words(
            f'<p>Restart it.</p><div><b>From:</b> Support</div><p><a href="{link}">SD-1</a></p><div>Secret</div>'))
        self.assertIsNone(own_answer.own_words("", f"Restart it.\n\nSupport wrote:\nSD-1 ({link})\nSecret\n"))
        self.assertIn("Restart it", own_answer.own_words("<p>Restart it.</p>"))
        self.assertIn("Restart it", own_answer.own_words("", "Restart it.\n"))

    def test_a_bounce_still_names_whom_it_is_about(self):
        found = bounce.parse(mime.parse(report("<jana.novotna@stavby-vltava.co.example>: 550 5.1.1 user unknown\n")))
        self.assertEqual(found.recipients, ["jana.novotna@stavby-vltava.co.example"])
