from odoo.tests import BaseCase

from ...tools.mail import failure as mail_failure
from ...tools.sms import failure as sms_failure

MAIL = {
    "recipient_unknown": (
        "550 5.1.1 <jana@severka.example>: Recipient address rejected: User unknown in virtual mailbox table",
        "550 No such user here", "550 requested action not taken: mailbox unavailable", "address not found",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "Der Empfänger ist unbekannt", "E-Mail-Adresse existiert nicht",
        "Uživatel neexistuje"),
    "mailbox_full": (
        "552 5.2.2 Mailbox size limit exceeded", "452 4.2.2 The email account that you tried to reach is over quota",
        "452-4.2.2 out of storage space", "550 mailbox is full", "Das Postfach des Empfängers ist voll",
        "Schránka příjemce je plná"),
    "too_large": (
        "552 5.3.4 Message size exceeds fixed limit", "552 Message size exceeds maximum permitted",
        "Die Nachricht ist zu groß", "zpráva je příliš velká"),
    "refused": (
        "554 5.7.1 Message rejected as spam by Content Filtering.", "550 5.0.0 relay not permitted",
        "550 5.7.26 unauthenticated email is not accepted due to DMARC policy", "554 5.7.1 Relay access denied",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.example", "554 no",
        "Zpráva byla odmítnuta jako spam"),
    "temporary": (
        "450 4.7.1 Greylisted, please try again later", "450 4.1.1 unverified address", "421 too many connections",
        "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred", "451 no"),
    "sign_in": (
        "(535, b'5.7.8 Error: authentication failed')", "SMTPSenderRefused: (530, b'Authentication required')",
        "SMTPAuthenticationError: (535, b'5.7.139 Authentication unsuccessful')"),
    "tls": (
        "530 5.7.0 Must issue a STARTTLS command first", "538 no",
        "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self signed certificate"),
    "not_reached": (
        "[Errno 111] Connection refused", "[Errno -2] Name or service not known", "550 5.4.4 Host not found",
        "4.4.1 connect to mx.severka.example[192.0.2.1]:25: Connection timed out"),
    "address_invalid": ("553 5.1.3 bad recipient address syntax", "Invalid email address: 'x'", "553 no"),
    "": ("", "Undelivered", "something 5000 went", "192.5.1.1.2",
         "AttributeError: 'NoneType' object has no attribute 'x'"),
}
SMS = {
    "number_invalid": ("Missing receiver", "Invalid To (21211)", "0x0000000b/Invalid Destination Address",
                       "wrong_number_format"),
    "no_credit": ("insufficient_credit", "402 Payment needed", "Nedostatečný kredit"),
    "down": ("ConnectionError: NewConnectionError", "ReadTimeout", "HTTP 503", "HTTP (503)",
             "Too many requests (20429)"),
    "sign_in": ("401 nope", "Authorization failed for sendsms", "Authenticate (20003)"),
    "expired": ("expired", "EXPIRED (0b1)"),
    "not_reached": ("undelivered: 30003", "absent subscriber"),
    "blacklisted": ("number is barred", "sms_blacklist", "failed: blocked: 30004", "unsubscribed recipient (21610)"),
    "refused": ("rejected", "REJECTD", "Message filtered (30007)"),
    "": ("", "?", "not_delivered", "Unknown error", "HTTP 500"),
}


class TestFailureClasses(BaseCase):
    def test_mail(self):
        for expected, texts in MAIL.items():
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(mail_failure.classify(text), expected)

    def test_a_status_that_is_known_apart_goes_first(self):
        self.assertEqual(mail_failure.classify("no such user", "5.2.2"), "mailbox_full")
        self.assertEqual(mail_failure.classify("no such user", "5.0.0"), "recipient_unknown")

    def test_sms(self):
        for expected, texts in SMS.items():
            for text in texts:
                with self.subTest(text):
                    self.assertEqual(sms_failure.classify(text), expected)

    def test_endless_text_costs_nothing(self):
        for hostile in ("mailbox " * 50_000, "a" * 500_000, "(" * 500_000, "message a " * 50_000):
            self.assertEqual(mail_failure.classify(hostile), "")
            sms_failure.classify(hostile)
