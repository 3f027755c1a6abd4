from pathlib import Path

from odoo.tests import BaseCase

from ...tools.mail import bounce, inbound, mime

MESSAGES = Path(__file__).parent / "messages"


def read(name):
    raw = (MESSAGES / f"{name}.eml").read_bytes()
    return mime.parse(raw), raw


class TestKinds(BaseCase):
    def test_one_fixture_for_each_kind(self):
        """The name of a fixture starts with its kind; those of broken mails are ordinary."""
        kinds = {"auto-reply": "auto_reply", **{kind: kind for kind in (
            "bounce", "complaint", "receipt", "automatic", "list", "ordinary")}}
        seen = set()
        for path in sorted(MESSAGES.glob("*.eml")):
            kind = next((kind for name, kind in kinds.items() if path.stem.startswith(name)), "ordinary")
            seen.add(kind)
            self.assertEqual(inbound.classify(mime.parse(path.read_bytes())), kind, path.stem)
        self.assertEqual(seen, {*inbound.AUTOMATIC, "ordinary"})

    def test_every_rule_decides_a_fixture(self):
        decided = set()
        for path in MESSAGES.glob("*.eml"):
            mail = mime.parse(path.read_bytes())
            decided.add(next((number for number, (_kind, holds) in enumerate(inbound.RULES) if holds(mail)), None))
        self.assertEqual(decided, {None, *range(len(inbound.RULES))})

    def test_people_write_about_bounces(self):
        for subject, sender, text in (
            ("Undelivered mail", "Jana <jana@stavby.example>", "My mail was returned: 550 5.1.1 user unknown"),
            ("Re: Undelivered Mail Returned to Sender", "postmaster@stavby.example",
             "550 5.1.1 user unknown, please help"),
            ("Delivery failed", "eva@stavby.example", "The parcel could not be delivered."),
        ):
            mail = mime.Mail(subject=subject, sender=sender, text=text)
            self.assertNotIn(inbound.classify(mail), ("bounce", "complaint"), subject)

    def test_forged_by_the_receiving_server_s_word(self):
        mail = mime.parse(b"Authentication-Results: mx; spf=pass; dmarc=fail (p=none)\nFrom: a@b.cz\n\nx")
        self.assertTrue(inbound.failed_authentication(mail))


class TestBounces(BaseCase):
    def test_what_they_say(self):
        for name, permanent, status, reason in (
            ("bounce-report", True, "5.1.1",
             "550 5.1.1 <jana@stavby.example>: Recipient address rejected: User unknown"),
            ("bounce-delayed", False, "4.4.1", "connect to mx.stavby.example: Connection timed out"),
            ("bounce-exim", True, "5.2.2", "550 5.2.2 mailbox is over its quota"),
            ("bounce-qmail", True, "5.1.1", "Sorry, no mailbox here by that name. (#5.1.1)"),
            ("bounce-exchange", True, "5.1.10", "Vzdálený server vrátil: 550 5.1.10 RESOLVER.ADR.RecipientNotFound"),
            ("bounce-robot", True, "",
             "Your mail could not be delivered to <jana@stavby.example> as the mailbox is full."),
            ("bounce-cloud", True, "5.1.1", "550 5.1.1 user unknown"),
            ("complaint-report", None, "", "This is an abuse report."),
        ):
            found = bounce.parse(*read(name))
            self.assertEqual(found, bounce.Bounce(
                permanent, ["jana@stavby.example"], ["<sd.7.aa@severka.example>"], status, reason), name)

    def test_nothing_to_read(self):
        self.assertEqual(bounce.parse(mime.Mail(), b""), bounce.Bounce())
        for path in MESSAGES.glob("*.eml"):
            self.assertIsInstance(bounce.parse(*read(path.stem)), bounce.Bounce)
